// What one decides of a chat for oneself: silence, order, marks, the archive, and what is cleared or hidden.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, House, isAccessible, isClean, line, link, log, openChat, say, talkTo } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

/** Two people who have talked; the second looks at the notes. */
async function talking() {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "are you there?");
  await openChat(bob, ann.account.name);
  await line(bob, "are you there?").waitFor();
  await openChat(bob, "Notes");
  return { ann, bob, name: ann.account.name };
}

const exactly = (page, name) => chats(page).getByRole("link", { name, exact: true });

/** Chooses from the actions of a chat. */
async function choose(page, name, ...items) {
  await link(page, name).hover();
  await chats(page).getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menu", { name: `Actions for ${name}` }).waitFor();
  for (const item of items) await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** A second tab of the same person, at the chats. */
async function beside(page) {
  const tab = await house.tab(page);
  await tab.goto("/app/");
  await chats(tab).waitFor();
  // A page behind another draws no frames.
  await page.bringToFront();
  return tab;
}

test("what is pinned stands first, on every device", async () => {
  const { ann, bob, name } = await talking();
  const carla = await house.guest("Carla");
  await talkTo(carla, bob.account.name);
  await say(carla, "and I am here too");
  await link(bob, carla.account.name).waitFor();
  const names = async (page) => await chats(page).getByRole("list", { name: "Chats" }).getByRole("link").evaluateAll((all) => all.map((one) => one.textContent));
  assert.deepEqual(await names(bob), ["Notes", carla.account.name, name]);
  const tab = await beside(bob);
  await choose(bob, name, "Pin");
  for (const page of [bob, tab]) {
    await chats(page).getByRole("listitem").filter({ hasText: name }).getByRole("img", { name: "Pinned" }).waitFor();
    assert.deepEqual(await names(page), ["Notes", name, carla.account.name]);
  }
  await bob.waitForFunction(() => document.activeElement?.ariaLabel?.startsWith("Actions for"));
  await tab.bringToFront();
  await choose(tab, name, "Unpin");
  await chats(bob).getByRole("img", { name: "Pinned" }).waitFor({ state: "detached" });
  for (const page of [ann, bob, carla]) isClean(page);
});

test("a marked chat says so and counts in the title, until it is opened", async () => {
  const { bob, name } = await talking();
  await choose(bob, name, "Mark as unread");
  await exactly(bob, `${name}, marked unread`).waitFor();
  await bob.waitForFunction(() => document.title.startsWith("(1)"));
  await isAccessible(bob, "a marked chat");
  await bob.reload();
  await exactly(bob, `${name}, marked unread`).click();
  await exactly(bob, name).waitFor();
  await bob.waitForFunction(() => !document.title.startsWith("("));
  await bob.reload();
  await exactly(bob, name).waitFor();
  isClean(bob);
});

test("a muted chat counts, and calls nobody in the title", async () => {
  const { ann, bob, name } = await talking();
  await choose(bob, name, "Mute", "1 hour");
  const row = chats(bob).getByRole("listitem").filter({ hasText: name });
  await row.getByRole("img", { name: "Muted" }).waitFor();
  await say(ann, "hello?");
  await exactly(bob, `${name}, 1 unread`).waitFor();
  assert.doesNotMatch(await bob.title(), /^\(/);
  await choose(bob, name, "Unmute");
  await bob.waitForFunction(() => document.title.startsWith("(1)"));
  await choose(bob, name, "Mark as read");
  await exactly(bob, name).waitFor();
  isClean(bob);
});

test("the archive is folded, keeps what it was given, and gives it back", async () => {
  const { ann, bob, name } = await talking();
  const archive = chats(bob).getByRole("button", { name: "Archived" });
  assert.equal(await archive.count(), 0);
  await choose(bob, name, "Archive");
  await link(bob, name).waitFor({ state: "detached" });
  assert.equal(await archive.getAttribute("aria-expanded"), "false");
  await say(ann, "hello?");
  await archive.click();
  await exactly(bob, `${name}, 1 unread`).waitFor();
  await isAccessible(bob, "the archive");
  await chats(bob).getByRole("searchbox", { name: "Search" }).fill(name);
  await link(bob, name).waitFor();
  await bob.keyboard.press("Escape");
  await exactly(bob, `${name}, 1 unread`).hover();
  await chats(bob).getByRole("button", { name: `Actions for ${name}` }).click();
  await bob.getByRole("menuitem", { name: "Unarchive" }).click();
  await link(bob, name).waitFor();
  await archive.waitFor({ state: "detached" });
  isClean(bob);
});

test("what is cleared is gone for oneself alone, here and everywhere", async () => {
  const { ann, bob, name } = await talking();
  await openChat(bob, name);
  const tab = await beside(bob);
  await openChat(tab, name);
  await line(tab, "are you there?").waitFor();
  await bob.bringToFront();
  await choose(bob, name, "Clear");
  const asked = bob.getByRole("alertdialog", { name: `Clear ${name}?` });
  await asked.getByRole("button", { name: "Cancel" }).click();
  await line(bob, "are you there?").waitFor();
  await choose(bob, name, "Clear");
  await asked.getByRole("button", { name: "Clear" }).click();
  for (const page of [bob, tab]) await log(page).getByText("Nothing said yet.").waitFor();
  await say(ann, "still here");
  for (const page of [bob, tab]) await line(page, "still here").waitFor();
  await bob.reload();
  await line(bob, "still here").waitFor();
  assert.equal(await line(bob, "are you there?").count(), 0);
  await line(ann, "are you there?").waitFor();
  isClean(bob);
});

test("a hidden chat comes back with the next message", async () => {
  const { ann, bob, name } = await talking();
  await openChat(bob, name);
  await choose(bob, name, "Hide");
  await bob.getByRole("alertdialog", { name: `Hide ${name}?` }).getByRole("button", { name: "Hide" }).click();
  await link(bob, name).waitFor({ state: "detached" });
  await bob.getByRole("main", { name: "Greenroom" }).waitFor();
  await bob.reload();
  await link(bob, "Notes").waitFor();
  assert.equal(await link(bob, name).count(), 0);
  await say(ann, "hello?");
  await exactly(bob, `${name}, 1 unread`).click();
  await line(bob, "are you there?").waitFor();
  isClean(bob);
});

test("all of it goes by keys, and on a phone", async () => {
  const { bob, name } = await talking();
  await bob.setViewportSize({ width: 320, height: 640 });
  await bob.getByRole("link", { name: "Back to chats" }).click();
  await link(bob, name).focus();
  await bob.keyboard.press("Tab");
  await bob.keyboard.press("Enter");
  await bob.getByRole("menu", { name: `Actions for ${name}` }).waitFor();
  await bob.keyboard.press("Enter");
  await bob.getByRole("menu", { name: "Mute for" }).getByRole("menuitem", { name: "1 hour" }).waitFor();
  await bob.keyboard.press("End");
  await bob.keyboard.press("Enter");
  await chats(bob).getByRole("img", { name: "Muted" }).waitFor();
  await bob.waitForFunction((label) => document.activeElement?.ariaLabel === label, `Actions for ${name}`);
  assert.ok(await bob.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  isClean(bob);
});

test("a notification tells of a chat that nobody looks at, by the page or, as on phones, by the worker", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await bob.context().grantPermissions(["notifications"]);
  await talkTo(ann, bob.account.name);
  await say(ann, "hello");
  await bob.goto("/app/settings");
  await bob.getByRole("switch", { name: "Notify me" }).check();
  await bob.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const shown = () => bob.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, data }) => ({ title, body, data })));
  await bob.evaluate(() => {
    window.Notification = class extends Notification {
      constructor() {
        super();
        throw new TypeError("Illegal constructor");
      }
    };
  });
  await say(ann, "are you there?");
  const path = new URL(ann.url()).pathname;
  while ((await shown()).length === 0) await bob.evaluate(() => new Promise(requestAnimationFrame));
  assert.deepEqual(await shown(), [{ title: ann.account.name, body: "are you there?", data: path }]);
  isClean(bob);
});
