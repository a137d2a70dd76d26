// A page that stays open: chats with thousands of messages are opened, read back and left again and again, and the page does not grow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, House, isClean, isLong, line, link, log, openChat, say, talkTo } from "./browser.mjs";

const { messages: MESSAGES, rounds: ROUNDS } = isLong ? { messages: 5_000, rounds: 250 } : { messages: 200, rounds: 5 };
/** By then all parts are loaded, and what is kept of each chat is there. */
const WARM = 2;
const MOST = { lines: 400, nodes: 12_000, heap: 10, listeners: 1_000 };

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

/** The API, since typing takes long. */
async function socketOf({ account: { email, password } }) {
  const { io } = await import(new URL("../interop/node_modules/socket.io-client/build/esm-debug/index.js", import.meta.url));
  const { body } = await house.server.post("/login", { email, password, source: "app" });
  const socket = io(house.server.url, { auth: { accessToken: body.accessToken, refreshToken: body.refreshToken }, forceNew: true });
  await new Promise((ready) => socket.once("group-chat-list", ready));
  return socket;
}

const chatOf = (page) => new URL(page.url()).pathname.split("/")[3];

/** What the page holds once all garbage is gone: MiB, and pieces. */
async function weight(page) {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("Performance.enable");
  await inspector.send("HeapProfiler.collectGarbage");
  const { usedSize } = await inspector.send("Runtime.getHeapUsage");
  const { metrics } = await inspector.send("Performance.getMetrics");
  await inspector.detach();
  const named = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  return { heap: usedSize / 1024 / 1024, nodes: named.Nodes, listeners: named.JSEventListeners };
}

/** Two pages back, and to the end again. */
async function readBack(page) {
  for (let pages = 0; pages < 2; pages += 1) {
    const first = await page.locator("[data-line]").first().getAttribute("id");
    if (first === "m-1") break;
    await page.locator(".log-scroll").evaluate((frame) => { frame.scrollTop = 0; });
    await page.waitForFunction((id) => document.querySelector("[data-line]")?.id !== id, first);
  }
  const { lines, nodes } = await log(page).evaluate((element) => ({
    lines: element.querySelectorAll("[data-line]").length,
    nodes: element.querySelectorAll("*").length,
  }));
  assert.ok(lines <= MOST.lines && nodes <= MOST.nodes, `${lines} lines, ${nodes} nodes`);
}

/** What opens over a chat, opened and closed. */
async function look(page) {
  await log(page).locator('[tabindex="0"]').first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu", { name: "Message actions" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.getByRole("dialog", { name: "Emoji" }).getByRole("button", { name: "grinning face", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Details" }).click();
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await page.goBack();
  await page.getByRole("complementary").waitFor({ state: "detached" });
}

test(`${ROUNDS} rounds through chats of ${MESSAGES} messages leave the page as small as it was`, async (soak) => {
  const ann = await house.guest("Ann");
  const others = [await house.guest("Bob"), await house.guest("Cid")];
  const sockets = [];
  const chats = [];
  for (const other of others) {
    await talkTo(ann, other.account.name);
    await say(ann, "begin");
    chats.push(chatOf(ann));
    const socket = await socketOf(other);
    sockets.push(socket);
    await other.context().close();
    for (let hundred = 0; hundred < MESSAGES / 100; hundred += 1) {
      const texts = Array.from({ length: 100 }, (_, n) => `text ${hundred * 100 + n + 1}, see https://example.org/${n} and *so on*`);
      await Promise.all(texts.map((Content) => socket.emitWithAck("send-personal-message", { ChatId: chats.at(-1), Content })));
    }
  }
  let first;
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const [index, other] of others.entries()) {
      await sockets[index].emitWithAck("send-personal-message", { ChatId: chats[index], Content: `round ${round}.` });
      await link(ann, new RegExp(`^${other.account.name}`)).click();
      await ann.getByRole("main", { name: other.account.name }).waitFor();
      const newest = ann.getByRole("button", { name: /^Jump to newest/ });
      await line(ann, `round ${round}.`).or(newest).first().waitFor();
      if (await newest.isVisible()) await newest.click();
      await line(ann, `round ${round}.`).waitFor();
      await readBack(ann);
      await look(ann);
    }
    await openChat(ann, "Notes");
    await composer(ann).waitFor();
    if (round === WARM) first = await weight(ann);
  }
  const last = await weight(ann);
  const more = (name) => last[name] - first[name];
  const told = JSON.stringify({ first, last });
  soak.diagnostic(told);
  assert.ok(more("heap") <= MOST.heap, told);
  assert.ok(more("nodes") <= MOST.nodes, told);
  assert.ok(more("listeners") <= MOST.listeners, told);
  for (const socket of sockets) socket.disconnect();
  isClean(ann);
});
