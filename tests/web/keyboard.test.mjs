// By the keyboard alone, and what screen readers hear.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, composer, House, isAccessible, isClean, line, log, openChat, say, talkTo } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);

test("the log is one tab stop; arrows move, Enter opens the actions, Esc gives the focus back", async () => {
  const page = await house.guest("Kim");
  await openChat(page, "Notes");
  for (const text of ["first", "second", "third"]) await say(page, text);
  await page.locator("#m-3").waitFor();
  assert.equal(await log(page).locator('[tabindex="0"]').count(), 1);
  await page.locator("#m-3").focus();
  await page.keyboard.press("ArrowUp");
  assert.match(await focused(page), /^You, /);
  assert.equal(await page.evaluate(() => document.activeElement.id), "m-2");
  await page.keyboard.press("Home");
  assert.equal(await page.evaluate(() => document.activeElement.id), "m-1");
  await page.keyboard.press("Enter");
  const menu = page.getByRole("menu", { name: "Message actions" });
  await menu.getByRole("menuitem", { name: "Copy text" }).waitFor();
  assert.deepEqual((await menu.getByRole("menuitem").allTextContents()).slice(0, 2), ["Copy text", "Copy link"]);
  await isAccessible(page, "menu");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "Copy link");
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  assert.equal(await focused(page), "Message actions");
  isClean(page);
});

test("keys: search, other chats, shortcuts, dialogs give the focus back", async () => {
  const [page, other] = [await house.guest("Lee"), await house.guest("Mo")];
  await talkTo(page, other.account.name);
  await page.keyboard.press("Control+k");
  assert.equal(await focused(page), "Search");
  await page.keyboard.press("Alt+ArrowUp");
  await page.getByRole("main", { name: "Notes" }).waitFor();
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("main", { name: other.account.name }).waitFor();
  await page.getByRole("button", { name: "Details" }).focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await isAccessible(page, "shortcuts");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(page), "Details");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("complementary").waitFor({ state: "detached" });
  assert.equal(await focused(page), "Details");
  isClean(page);
});

test("Enter sends, Shift Enter breaks the line, an input method's Enter does neither", async () => {
  const page = await house.guest("Jun");
  await openChat(page, "Notes");
  await composer(page).pressSequentially("one");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  await composer(page).dispatchEvent("keydown", { key: "Enter", isComposing: true });
  await composer(page).dispatchEvent("keydown", { key: "Enter", keyCode: 229 });
  assert.equal(await composer(page).inputValue(), "one\ntwo");
  await page.keyboard.press("Enter");
  await line(page, "one").waitFor();
  assert.equal(await log(page).getByRole("article").count(), 1);
  isClean(page);
});

test("what others say in the open chat is announced, and one's own is not", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "own words");
  await openChat(bob, ann.account.name);
  await ann.bringToFront();
  await say(bob, "can you hear me?");
  await ann.getByRole("status", { name: "Announcements" }).getByText(`${bob.account.name}: can you hear me?`).waitFor();
  isClean(ann);
});

test("emoji are found and chosen by keys", async () => {
  const page = await house.guest("Eve");
  await openChat(page, "Notes");
  await page.getByRole("button", { name: "Emoji" }).click();
  const dialog = page.getByRole("dialog", { name: "Emoji" });
  await dialog.getByRole("grid", { name: "Emoji" }).getByRole("button", { name: "grinning face", exact: true }).waitFor();
  await isAccessible(page, "emoji");
  await dialog.getByRole("searchbox", { name: "Search emoji" }).fill("performing arts");
  await dialog.getByRole("button", { name: "grinning face", exact: true }).waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "performing arts" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  assert.match(await composer(page).inputValue(), /^🎭\uFE0F?$/u);
  isClean(page);
});

test("a phone: one pane, Back gives the focus to the chat one left, targets are large", async () => {
  const page = await house.guest("Fay", { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await chats(page).getByRole("link", { name: "Notes" }).click();
  await page.getByRole("main", { name: "Notes" }).waitFor();
  await say(page, "hello");
  await isAccessible(page, "phone, conversation");
  await page.getByRole("button", { name: "Details" }).click();
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await isAccessible(page, "phone, details");
  await page.goBack();
  await page.getByRole("complementary").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Back to chats" }).click();
  await page.getByRole("main", { name: "Greenroom" }).waitFor();
  assert.equal(await focused(page), "Notes");
  await isAccessible(page, "phone, chats");
  isClean(page);
});

test("the settings: every region, in both themes, and a language from right to left", async () => {
  const page = await house.guest("Sam");
  await page.goto("/app/settings");
  for (const name of ["Profile", "Devices", "Password", "Appearance", "Writing", "Notifications", "Account"]) {
    await page.getByRole("region", { name, exact: true }).waitFor();
  }
  await page.getByRole("list", { name: "Devices" }).getByText("This device").waitFor();
  await isAccessible(page, "settings");
  await page.getByRole("radiogroup", { name: "Theme" }).getByRole("radio", { name: "Dark" }).check();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await isAccessible(page, "settings, dark");
  await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "العربية" });
  await page.getByRole("main", { name: "الإعدادات" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  await isAccessible(page, "settings, Arabic");
  await page.reload();
  await page.getByRole("main", { name: "الإعدادات" }).waitFor();
  isClean(page);
});
