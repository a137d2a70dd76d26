// What the client may cost: a cold load, the size of the page after many messages, and what its policy reports.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { House, isClean, isLong, line, log, openChat } from "./browser.mjs";

const KIB = 90;
const REQUESTS = 8;
/** By hundreds. */
const MESSAGES = isLong ? 100_000 : 2_000;
const HEAP_MIB = 10;

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

test("a cold first load is small and asks seldom", async () => {
  const page = await house.visitor({ serviceWorkers: "block" });
  const sizes = [];
  page.on("requestfinished", async (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/(app\/|assets\/|icons\/|manifest)/.test(pathname)) sizes.push((await request.sizes()).responseBodySize);
  });
  await page.goto("/app/login");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const total = sizes.reduce((sum, size) => sum + size, 0) / 1024;
  assert.ok(total <= KIB, `${total.toFixed(1)} KiB`);
  assert.ok(sizes.length <= REQUESTS, `${sizes.length} requests`);
  isClean(page);
});

test("a login and a chat move nothing that stands already", async () => {
  const page = await house.guest("Tom");
  await openChat(page, "Notes");
  await page.reload();
  await log(page).waitFor();
  const shift = await page.evaluate(
    () => new Promise((told) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => told(sum)));
    }),
  );
  assert.ok(shift <= 0.02, `layout shift ${shift}`);
  isClean(page);
});

/** What the page holds once all garbage is gone, in MiB. */
async function heap(page) {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("HeapProfiler.collectGarbage");
  const { usedSize } = await inspector.send("Runtime.getHeapUsage");
  await inspector.detach();
  return usedSize / 1024 / 1024;
}

test(`after ${MESSAGES} messages the page holds four hundred lines`, async () => {
  const page = await house.guest("Max");
  await openChat(page, "Notes");
  const { email, password } = page.account;
  const { io } = await import(new URL("../interop/node_modules/socket.io-client/build/esm-debug/index.js", import.meta.url));
  const { body } = await house.server.post("/login", { email, password, source: "app" });
  const socket = io(house.server.url, { auth: { accessToken: body.accessToken, refreshToken: body.refreshToken }, forceNew: true });
  await new Promise((ready) => socket.once("group-chat-list", ready));
  const before = await heap(page);
  for (let hundred = 0; hundred < MESSAGES / 100; hundred += 1) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => socket.emitWithAck("send-self-message", { Content: `note ${hundred * 100 + n + 1}.` })));
  }
  socket.disconnect();
  const jump = page.getByRole("button", { name: /^Jump to newest/ });
  const last = `note ${MESSAGES}.`;
  await line(page, last).or(jump).first().waitFor();
  if (await jump.isVisible()) await jump.click();
  await line(page, last).waitFor();
  const { lines, nodes } = await page.evaluate(() => ({
    lines: document.querySelectorAll("[data-line]").length,
    nodes: document.querySelector("[role=log]").querySelectorAll("*").length,
  }));
  assert.ok(lines <= 400 && nodes <= 12_000, `${lines} lines, ${nodes} nodes`);
  const more = (await heap(page)) - before;
  assert.ok(more <= HEAP_MIB, `${more.toFixed(1)} MiB more`);
  isClean(page);
});
