// Without a network: what is kept is read, what is written waits, and nothing is lost or doubled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, House, isClean, isLong, line, link, log, logIn, marked, openChat, say, talkTo } from "./browser.mjs";
import { attach, png } from "./files-of.mjs";

const LONG = { timeout: 60_000 };
const FLAPS = isLong ? 50 : 10;

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

/** The picture of a line is drawn, wherever it comes from. */
const isDrawn = (page, file) =>
  page.waitForFunction((name) => [...document.querySelectorAll("[data-line] img")].some((one) => one.alt === name && one.complete && one.naturalWidth > 0), file);

test("pictures that were seen are there offline, go with their message, and are nobody else's", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  for (const name of ["first.png", "second.png"]) {
    await attach(ann, png(600, 400, name));
    await ann.getByRole("button", { name: "Send", exact: true }).click();
  }
  await openChat(bob, ann.account.name);
  await isDrawn(bob, "second.png");
  await bob.getByRole("link", { name: "Image first.png" }).click();
  await bob.waitForFunction(() => document.querySelector("dialog img")?.naturalWidth === 600);
  await bob.keyboard.press("Escape");
  const kept = () => bob.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    const all = await Promise.all(names.map((name) => new Promise((told) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const asked = opening.result.transaction("pictures").objectStore("pictures").getAllKeys();
        asked.onsuccess = () => {
          opening.result.close();
          told(asked.result);
        };
      };
    })));
    return all.flat().length;
  });
  while ((await kept()) < 3) await bob.evaluate(() => new Promise(requestAnimationFrame));
  await bob.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await bob.context().setOffline(true);
  await bob.reload();
  for (const name of ["first.png", "second.png"]) await isDrawn(bob, name);
  await bob.getByRole("link", { name: "Image first.png" }).click();
  await bob.waitForFunction(() => document.querySelector("dialog img")?.naturalWidth === 600);
  await bob.keyboard.press("Escape");
  await log(ann).getByRole("article").first().hover();
  await log(ann).getByRole("article").first().getByRole("button", { name: "Message actions" }).click();
  await ann.getByRole("menuitem", { name: "Delete for everyone" }).click();
  await ann.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await log(ann).getByText("This message was deleted.").waitFor();
  await bob.context().setOffline(false);
  await log(bob).getByText("This message was deleted.").waitFor(LONG);
  while ((await kept()) > 1) await bob.evaluate(() => new Promise(requestAnimationFrame));
  await bob.goto("/app/settings");
  await bob.getByRole("button", { name: "Log out", exact: true }).click();
  await bob.getByRole("main", { name: "Log in" }).waitFor();
  const carl = await house.guest("Carl");
  bob.account = carl.account;
  await logIn(bob);
  assert.equal(await kept(), 0);
  isClean(bob);
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

test(`${FLAPS} flaps with reloads and crashes of the tab between: nothing lost, nothing doubled`, async () => {
  const bob = await house.guest("Bob");
  let ann = await house.guest("Ann");
  await talkTo(ann, bob.account.name);
  await say(ann, "text 0");
  await openChat(bob, ann.account.name);
  await ann.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const expected = ["text 0"];
  for (let flap = 1; flap <= FLAPS; flap += 1) {
    await ann.context().setOffline(true);
    await say(ann, `text ${flap} a.`);
    if (flap % 3 === 0) await ann.reload();
    if (flap % 5 === 0) ann = await crash(ann);
    await composer(ann).waitFor();
    await ann.context().setOffline(false);
    await say(ann, `text ${flap} b.`);
    expected.push(`text ${flap} a.`, `text ${flap} b.`);
  }
  await marked(ann, `text ${FLAPS} b.`, /Sent|Read/);
  await line(bob, `text ${FLAPS} b.`).waitFor(LONG);
  assert.deepEqual(await texts(bob), expected);
  await ann.reload();
  await line(ann, `text ${FLAPS} b.`).waitFor();
  const kept = await texts(ann);
  assert.deepEqual(kept, expected.slice(-kept.length));
  isClean(ann);
});

/** The browser takes the tab away in the middle of whatever it does, and one opens the same address anew. */
async function crash(page) {
  const gone = page.waitForEvent("crash");
  const address = page.url();
  void page.goto("chrome://crash").catch(() => undefined);
  await gone;
  const next = await house.tab(page);
  await page.close();
  await next.goto(address);
  return next;
}
