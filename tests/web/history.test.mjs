// Long conversations: opening where unread begins, scrolling both ways, jumping, links to messages, and a bounded page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { House, isClean, line, link, log, openChat, talkTo } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

/** Two people with so many messages between them, all by the other one. */
async function told(count) {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  const chat = new URL(ann.url()).pathname.split("/")[3];
  await speak(ann, chat, 1, count);
  return { ann, bob, chat };
}

/** By the API, since typing takes long. */
async function speak(page, chat, from, to) {
  const { email, password } = page.account;
  const { io } = await import(new URL("../interop/node_modules/socket.io-client/build/esm-debug/index.js", import.meta.url));
  const { body } = await house.server.post("/login", { email, password, source: "app" });
  const socket = io(house.server.url, { auth: { accessToken: body.accessToken, refreshToken: body.refreshToken }, forceNew: true });
  await new Promise((ready) => socket.once("group-chat-list", ready));
  const texts = Array.from({ length: to - from + 1 }, (_, index) => `text number ${from + index}.`);
  await Promise.all(texts.map((Content) => socket.emitWithAck("send-personal-message", { ChatId: chat, Content })));
  socket.disconnect();
}

const texts = (page) => log(page).getByRole("article").locator(".line-text").allTextContents();
const isInView = (page, text) =>
  line(page, text).evaluate((one) => {
    const frame = one.closest(".log-scroll").getBoundingClientRect();
    const { top, bottom } = one.getBoundingClientRect();
    return top >= frame.top - 1 && bottom <= frame.bottom + 1;
  });

/** Scrolls up until the beginning is there. */
async function toTheTop(page) {
  while ((await line(page, "text number 1.").count()) === 0) {
    const before = await page.locator("[data-line]").first().getAttribute("id");
    await page.locator(".log-scroll").evaluate((frame) => { frame.scrollTop = 0; });
    await page.waitForFunction((id) => document.querySelector("[data-line]")?.id !== id, before);
  }
}

test("a chat opens where unread begins, and what is seen is read", async () => {
  const { ann, bob } = await told(120);
  await link(bob, `${ann.account.name}, 120 unread`).click();
  await log(bob).getByRole("separator", { name: "New messages" }).waitFor();
  await line(bob, "text number 1.").waitFor();
  assert.equal(await isInView(bob, "text number 1."), true);
  await bob.getByRole("button", { name: /^Jump to newest, \d+ new$/ }).click();
  await line(bob, "text number 120.").waitFor();
  await link(bob, new RegExp(`^${ann.account.name}$`)).waitFor();
  assert.equal(await isInView(bob, "text number 120."), true);
  await bob.getByRole("button", { name: "Jump to first unread" }).click();
  await line(bob, "text number 1.").waitFor();
  isClean(bob);
});

test("history comes as one scrolls, what one looks at stays, and the page is bounded", async () => {
  const { ann, bob } = await told(520);
  await bob.goto(ann.url());
  await log(bob).waitFor();
  await ann.reload();
  await line(ann, "text number 520.").waitFor();
  await toTheTop(ann);
  const lines = await log(ann).getByRole("article").count();
  assert.ok(lines <= 400, `${lines} lines`);
  const shown = await texts(ann);
  const first = Number(/\d+/.exec(shown[0])[0]);
  assert.deepEqual(shown, Array.from({ length: shown.length }, (_, index) => `text number ${first + index}.`));
  await ann.getByRole("button", { name: "Jump to newest", exact: true }).click();
  await line(ann, "text number 520.").waitFor();
  assert.equal(await isInView(ann, "text number 520."), true);
  isClean(ann);
});

test("a link to a message leads to it, cold too, and marks it for a while", async () => {
  const { ann, chat } = await told(300);
  await ann.goto(`/app/chat/${chat}/42`);
  const wanted = ann.locator("#m-42");
  await wanted.waitFor();
  assert.equal(await wanted.getAttribute("aria-current"), "true");
  assert.equal(await isInView(ann, "text number 42."), true);
  await ann.waitForFunction(() => document.querySelector("#m-42")?.getAttribute("aria-current") === null);
  isClean(ann);
});

test("while one reads above, what comes is counted and not added under one's eyes", async () => {
  const { ann, bob, chat } = await told(200);
  await bob.goto("/app/");
  await openChat(bob, ann.account.name);
  await bob.getByRole("button", { name: /^Jump to newest/ }).click();
  await line(bob, "text number 200.").waitFor();
  await link(bob, new RegExp(`^${ann.account.name}$`)).waitFor();
  await bob.locator(".log-scroll").evaluate((frame) => { frame.scrollTop -= 1500; });
  const before = await bob.evaluate(() => [...document.querySelectorAll("[data-line]")].find((one) => one.getBoundingClientRect().top > 100)?.getBoundingClientRect().top);
  await speak(ann, chat, 201, 203);
  await bob.getByRole("button", { name: "Jump to newest, 3 new" }).waitFor();
  const now = await bob.evaluate(() => [...document.querySelectorAll("[data-line]")].find((one) => one.getBoundingClientRect().top > 100)?.getBoundingClientRect().top);
  assert.ok(Math.abs(now - before) <= 1, `moved by ${now - before}`);
  await link(bob, `${ann.account.name}, 3 unread`).waitFor();
  isClean(bob);
});
