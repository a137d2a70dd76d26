// Two people talk: finding each other, sending, reading, unread, groups, notes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, composer, House, isAccessible, isClean, line, link, log, marked, openChat, say, talkTo } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

test("two people find each other, talk, and see what was read", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await log(ann).getByText("Nothing said yet.").waitFor();
  await say(ann, "Good evening!");
  await marked(ann, "Good evening!", "Sent");
  await isAccessible(ann, "conversation");

  await link(bob, `${ann.account.name}, 1 unread`).click();
  await line(bob, "Good evening!").waitFor();
  await marked(ann, "Good evening!", "Read");
  await link(bob, ann.account.name).first().waitFor();
  await say(bob, "Are you ready?");
  await line(ann, "Are you ready?").waitFor();
  assert.match(await line(ann, "Are you ready?").getAttribute("aria-label"), new RegExp(`^${bob.account.name}, \\d+:\\d\\d`));
  await marked(bob, "Are you ready?", "Read");
  assert.equal(await ann.title(), `${bob.account.name} – Greenroom`);
  isClean(ann);
  isClean(bob);
});

test("notes are there from the beginning and only one's own", async () => {
  const page = await house.guest("Nora");
  await openChat(page, "Notes");
  await say(page, "buy https://example.org/milk now");
  await marked(page, "buy", "Sent");
  const address = line(page, "buy").getByRole("link", { name: "https://example.org/milk" });
  assert.equal(await address.getAttribute("rel"), "noopener noreferrer nofollow");
  await page.reload();
  await line(page, "buy https://example.org/milk now").waitFor();
  isClean(page);
});

test("a group: founding, members, handing over, leaving, deleting", async () => {
  const [ann, bob, cem] = [await house.guest("Ann"), await house.guest("Bob"), await house.guest("Cem")];
  await ann.getByRole("button", { name: "New group" }).click();
  const dialog = ann.getByRole("dialog", { name: "New group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill("Band");
  await dialog.getByRole("textbox", { name: "Description" }).fill("Thursdays at eight");
  await dialog.getByRole("searchbox", { name: "Add people" }).fill(bob.account.name);
  await dialog.getByRole("button", { name: `Add ${bob.account.name}` }).click();
  await dialog.getByRole("list", { name: "Members" }).getByText(bob.account.name).waitFor();
  await isAccessible(ann, "new group");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await ann.getByRole("main", { name: "Band" }).waitFor();
  await ann.getByText("2 members").waitFor();

  await openChat(bob, "Band");
  await say(bob, "one, two");
  await line(ann, "one, two").waitFor();
  await marked(bob, "one, two", "Read by 1");
  await ann.getByRole("button", { name: "Details" }).click();
  const details = ann.getByRole("complementary", { name: "Details" });
  await details.getByText("Thursdays at eight").waitFor();
  await details.getByRole("listitem").filter({ hasText: ann.account.name }).getByText("Owner").waitFor();
  await details.getByRole("button", { name: "Add members" }).click();
  const adding = ann.getByRole("dialog", { name: "Add members" });
  await adding.getByRole("searchbox", { name: "Add people" }).fill(cem.account.name);
  await adding.getByRole("button", { name: `Add ${cem.account.name}` }).click();
  await ann.getByText("3 members").first().waitFor();
  await adding.getByRole("button", { name: "Close" }).click();
  await log(ann).getByText(`${ann.account.name} added ${cem.account.name}`).waitFor();
  await log(bob).getByText(`${ann.account.name} added ${cem.account.name}`).waitFor();
  await isAccessible(ann, "details");
  await openChat(cem, "Band");

  await details.getByRole("button", { name: `Actions for ${bob.account.name}` }).click();
  await ann.getByRole("menuitem", { name: "Make owner" }).click();
  await ann.getByRole("alertdialog", { name: `Make ${bob.account.name} owner?` }).getByRole("button", { name: "Make owner" }).click();
  await details.getByRole("button", { name: "Leave group" }).click();
  await ann.getByRole("alertdialog", { name: "Leave Band?" }).getByRole("button", { name: "Leave" }).click();
  await ann.getByRole("main", { name: "Greenroom" }).waitFor();
  await bob.getByText("2 members").waitFor();
  await log(bob).getByText(`${ann.account.name} left`).waitFor();
  await bob.reload();
  await log(bob).getByText(`${ann.account.name} made ${bob.account.name} owner`).waitFor();

  await bob.getByRole("button", { name: "Details" }).click();
  await bob.getByRole("button", { name: `Actions for ${cem.account.name}` }).click();
  await bob.getByRole("menuitem", { name: "Remove from group" }).click();
  await bob.getByRole("alertdialog", { name: `Remove ${cem.account.name}?` }).getByRole("button", { name: "Remove" }).click();
  await cem.getByRole("heading", { name: "No such chat" }).waitFor();
  await bob.getByRole("button", { name: "Delete group" }).click();
  await bob.getByRole("alertdialog", { name: "Delete Band?" }).getByRole("button", { name: "Delete" }).click();
  await bob.getByRole("main", { name: "Greenroom" }).waitFor();
  for (const page of [ann, bob, cem]) isClean(page);
});

test("a text over the limit is not sent and says by how much", async () => {
  const page = await house.guest("Uma");
  await openChat(page, "Notes");
  await composer(page).fill("x".repeat(16_385));
  await page.getByText("Too long by 1 byte", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send" }).getAttribute("aria-disabled"), "true");
  await composer(page).press("Enter");
  assert.equal(await log(page).getByRole("article").count(), 0);
  isClean(page);
});

test("a draft survives a reload and is seen in the list", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await composer(ann).fill("half a thought");
  await ann.reload();
  await ann.waitForFunction(() => document.querySelector("textarea")?.value === "half a thought");
  await openChat(ann, "Notes");
  const row = link(ann, bob.account.name).first();
  assert.equal(await row.evaluate((one) => document.getElementById(one.getAttribute("aria-describedby"))?.textContent), "Draft: half a thought");
  isClean(ann);
});

test("a draft survives a reload even if the database takes nothing while the page goes", async () => {
  const page = await house.guest("Ida");
  await openChat(page, "Notes");
  await composer(page).fill("a thought");
  await page.reload();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "a thought");
  await page.evaluate(() => {
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException("the page goes", "InvalidStateError");
    };
  });
  await composer(page).fill("a better thought");
  await page.reload();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "a better thought");
  isClean(page);
});

test("searching finds chats and people, and says how many", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Zebedee")];
  const box = chats(ann).getByRole("searchbox", { name: "Search" });
  await box.fill("zebedee");
  await chats(ann).getByRole("status", { name: "Found" }).getByText("1 found").waitFor();
  await isAccessible(ann, "searching");
  await chats(ann).getByRole("list", { name: "People" }).getByRole("button", { name: bob.account.name }).click();
  await ann.getByRole("main", { name: bob.account.name }).waitFor();
  await box.fill("nobody has this name");
  await chats(ann).getByText("Nothing found").waitFor();
  await box.press("Escape");
  assert.equal(await box.inputValue(), "");
  isClean(ann);
});

test("a narrower window makes the field higher, and no line of it is cut off", async () => {
  const page = await house.guest("Nora");
  await openChat(page, "Notes");
  await composer(page).fill("The side door is open for whoever comes with flowers and an hour to spare");
  await page.setViewportSize({ width: 320, height: 640 });
  await page.locator(".shell-1").waitFor();
  await composer(page).evaluate(() => new Promise(requestAnimationFrame));
  const cut = await composer(page).evaluate((field) => field.scrollHeight - field.clientHeight);
  assert.ok(cut <= 0, `${cut} pixels are cut off`);
  isClean(page);
});
