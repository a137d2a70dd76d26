// Links that lead into a group: made and copied, followed by those who are in and those who are not, and of no use any more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, details, House, isAccessible, isClean, link, log, logIn, WIDE } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

const links = (page) => details(page).getByRole("list", { name: "Invite links" });

/** Somebody with a group of their own, its details open. */
async function founder() {
  const ann = await house.guest("Ann", { ...WIDE, permissions: ["clipboard-read", "clipboard-write"] });
  const name = `Band of ${ann.account.name}`;
  await ann.getByRole("button", { name: "New group" }).click();
  const dialog = ann.getByRole("dialog", { name: "New group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill(name);
  await dialog.getByRole("textbox", { name: "Description" }).fill("Loud, and on time.");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await ann.getByRole("button", { name: "Details" }).click();
  return { ann, name };
}

/** Makes a link and copies it. */
async function invite(page, uses = "Any number") {
  await details(page).getByRole("combobox", { name: "Most uses" }).selectOption({ label: uses });
  const before = await links(page).getByRole("listitem").count();
  await details(page).getByRole("button", { name: "Create invite link" }).click();
  await links(page).getByRole("listitem").nth(before).waitFor();
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await links(page).getByRole("button", { name: "Copy link 1" }).click();
  await details(page).getByText("Link copied.").waitFor();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== "");
  return await page.evaluate(() => navigator.clipboard.readText());
}

const pathOf = (url) => new URL(url).pathname;

test("an invitation says where it leads, and lets one in", async () => {
  const { ann, name } = await founder();
  const url = await invite(ann);
  await isAccessible(ann, "invitations");
  const bob = await house.guest("Bob");
  await bob.goto(pathOf(url));
  await bob.getByRole("main", { name: `Join ${name}` }).waitFor();
  await bob.getByRole("heading", { level: 1, name: `Join ${name}` }).waitFor();
  await bob.getByText("1 member", { exact: true }).waitFor();
  await bob.getByText("Loud, and on time.").waitFor();
  await isAccessible(bob, "join");
  await bob.getByRole("button", { name: "Join", exact: true }).click();
  await bob.getByRole("main", { name, exact: true }).waitFor();
  await log(ann).getByText(`${bob.account.name} joined`).waitFor();
  await details(ann).getByRole("listitem", { name: bob.account.name }).waitFor();
  await links(ann).getByText(/1 use$/).waitFor();
  await bob.goto(pathOf(url));
  await bob.getByText("You are in this group already.").waitFor();
  await bob.getByRole("link", { name: "Open the group" }).click();
  await bob.getByRole("main", { name, exact: true }).waitFor();
  isClean(ann);
  isClean(bob);
});

test("who is not logged in finds the way back to the invitation", async () => {
  const { ann, name } = await founder();
  const url = await invite(ann);
  const bob = await house.guest("Bob");
  await bob.context().clearCookies();
  await bob.goto("/app/");
  await bob.getByRole("main", { name: "Log in" }).waitFor();
  await bob.goto(pathOf(url));
  await logIn(bob);
  await bob.getByRole("main", { name: `Join ${name}` }).waitFor();
  await bob.getByRole("button", { name: "Join", exact: true }).click();
  await link(bob, name).waitFor();
  isClean(ann);
});

test("an invitation of no use says why", async () => {
  const { ann, name } = await founder();
  const once = await invite(ann, "1 use");
  const taken = await invite(ann);
  const [bob, cem] = [await house.guest("Bob"), await house.guest("Cem")];
  await bob.goto(pathOf(once));
  await bob.getByRole("button", { name: "Join", exact: true }).click();
  await bob.getByRole("main", { name, exact: true }).waitFor();
  const useless = async (url, why) => {
    await cem.goto(pathOf(url));
    await cem.getByRole("main", { name: "This invitation is not valid" }).waitFor();
    await cem.getByText(why).waitFor();
  };
  await useless(once, /too old, or was used up/);
  await links(ann).getByRole("button", { name: "Revoke link 1" }).click();
  await links(ann).waitFor({ state: "detached" });
  await useless(taken, /taken back/);
  await useless(`${house.server.url}/join/nothing`, /taken back/);
  await isAccessible(cem, "an invitation of no use");
  await cem.getByRole("link", { name: "Back to chats" }).click();
  await cem.getByRole("main", { name: "Greenroom" }).waitFor();
  assert.equal(await chats(cem).getByRole("link", { name }).count(), 0);
  isClean(cem);
});
