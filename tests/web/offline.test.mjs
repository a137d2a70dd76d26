// Without a network: what is kept is read, what is written waits, and nothing is lost or doubled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, House, isClean, line, link, log, marked, openChat, say, talkTo } from "./browser.mjs";

const LONG = { timeout: 60_000 };

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

const texts = (page) => log(page).getByRole("article").locator(".line-text").allTextContents();

test("what is written offline waits, survives a reload, and is sent once", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "before");
  await marked(ann, "before", "Sent");
  await ann.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ann.context().setOffline(true);
  for (const text of ["one", "two", "three"]) await say(ann, text);
  await marked(ann, "three", "Waiting to be sent");
  await ann.getByRole("status", { name: "Connection" }).getByText("You are offline. 3 messages wait to be sent.").waitFor(LONG);

  await ann.reload();
  await marked(ann, "two", "Waiting to be sent");
  await line(ann, "before").waitFor();
  await ann.context().setOffline(false);
  await marked(ann, "three", "Sent");
  await openChat(bob, ann.account.name);
  await line(bob, "three").waitFor();
  assert.deepEqual(await texts(bob), ["before", "one", "two", "three"]);
  assert.deepEqual(await texts(ann), ["before", "one", "two", "three"]);
  isClean(ann);
});

test("what others say meanwhile is caught up with, and counted", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "hello");
  await openChat(bob, ann.account.name);
  await bob.context().setOffline(true);
  for (const text of ["a", "b", "c"]) await say(ann, `missed ${text}`);
  await marked(ann, "missed c", "Sent");
  await bob.context().setOffline(false);
  await line(bob, "missed c").waitFor(LONG);
  await marked(ann, "missed c", "Read");
  assert.deepEqual(await texts(bob), ["hello", "missed a", "missed b", "missed c"]);
  isClean(bob);
});

test("a server that restarts is found again by itself", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "first");
  await marked(ann, "first", "Sent");
  const { port } = new URL(house.server.url);
  await house.server.restart({ settings: { ...house.server.settings, "server.listen": `127.0.0.1:${port}` } });
  await say(ann, "second");
  await marked(ann, "second", "Sent");
  await link(bob, `${ann.account.name}, 2 unread`).waitFor(LONG);
  isClean(ann);
});

test("ten flaps with reloads between: nothing lost, nothing doubled", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "text 0");
  await openChat(bob, ann.account.name);
  await ann.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  for (let flap = 1; flap <= 10; flap += 1) {
    await ann.context().setOffline(true);
    await say(ann, `text ${flap} a`);
    if (flap % 3 === 0) await ann.reload();
    await composer(ann).waitFor();
    await ann.context().setOffline(false);
    await say(ann, `text ${flap} b`);
  }
  await marked(ann, "text 10 b", /Sent|Read/);
  const expected = ["text 0", ...Array.from({ length: 10 }, (_, index) => [`text ${index + 1} a`, `text ${index + 1} b`]).flat()];
  await line(bob, "text 10 b").waitFor(LONG);
  assert.deepEqual(await texts(bob), expected);
  assert.deepEqual(await texts(ann), expected);
  isClean(ann);
});
