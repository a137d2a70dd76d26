// What governs a group: roles, who may do what, silence, bans, and what the log tells of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { act, composer, details, House, isAccessible, isClean, line, link, log, openChat, say, WIDE } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

const member = (page, name) => details(page).getByRole("list", { name: "Members" }).getByRole("listitem", { name });
const item = (page, name) => page.getByRole("menuitem", { name, exact: true });

/** A group of three with the details open: its owner, and two members who have it open. */
async function band() {
  const [ann, bob, cem] = [await house.guest("Ann", WIDE), await house.guest("Bob"), await house.guest("Cem")];
  const name = `Band of ${ann.account.name}`;
  await ann.getByRole("button", { name: "New group" }).click();
  const dialog = ann.getByRole("dialog", { name: "New group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill(name);
  for (const { account } of [bob, cem]) {
    await dialog.getByRole("searchbox", { name: "Add people" }).fill(account.name);
    await dialog.getByRole("button", { name: `Add ${account.name}` }).click();
  }
  await dialog.getByRole("button", { name: "Create group" }).click();
  for (const page of [bob, cem]) await openChat(page, name);
  await ann.getByRole("button", { name: "Details" }).click();
  return { ann, bob, cem, name };
}

/** Chooses from the menu of a member. */
async function choose(page, name, ...items) {
  await details(page).getByRole("button", { name: `Actions for ${name}` }).click();
  for (const one of items) await item(page, one).click();
}

async function edit(page, change) {
  await details(page).getByRole("button", { name: "Edit group" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit group" });
  await change(dialog);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}

test("a moderator is made, sees more, and is made a member again", async () => {
  const { ann, bob, cem } = await band();
  const name = bob.account.name;
  await choose(ann, name, "Make moderator");
  await member(ann, name).getByText("Moderator").waitFor();
  await log(cem).getByText(`${ann.account.name} made ${name} moderator`).waitFor();
  await log(ann).getByText(`${ann.account.name} made ${name} moderator`).waitFor();
  await bob.getByRole("button", { name: "Details" }).click();
  await details(bob).getByRole("button", { name: `Actions for ${ann.account.name}` }).click();
  await item(bob, "Message").waitFor();
  assert.equal(await item(bob, "Ban").count(), 0);
  await bob.keyboard.press("Escape");
  await details(bob).getByRole("button", { name: `Actions for ${cem.account.name}` }).click();
  await item(bob, "Ban").waitFor();
  assert.deepEqual(await bob.getByRole("menuitem").allTextContents(), ["Message", "Mute", "Remove from group", "Ban", "Block"]);
  await bob.keyboard.press("Escape");
  await choose(ann, name, "Make member");
  await member(bob, name).getByText("Moderator").waitFor({ state: "detached" });
  for (const page of [ann, bob, cem]) isClean(page);
});

test("who is muted reads until when, and writes again when it ends", async () => {
  const { ann, bob, cem } = await band();
  await say(bob, "la la la");
  await choose(ann, bob.account.name, "Mute", "1 hour");
  await member(ann, bob.account.name).getByText(/^muted until /).waitFor();
  await bob.getByText(/^You are muted until .*\.$/).waitFor();
  assert.equal(await composer(bob).count(), 0);
  await line(bob, "la la la").hover();
  await line(bob, "la la la").getByRole("button", { name: "Message actions" }).click();
  await item(bob, "Copy text").waitFor();
  for (const refused of ["Reply", "React", "Edit"]) assert.equal(await item(bob, refused).count(), 0, refused);
  await bob.keyboard.press("Escape");
  await isAccessible(bob, "muted");
  await log(cem).getByText(`${ann.account.name} muted ${bob.account.name}`).waitFor();
  await bob.reload();
  await bob.getByText(/^You are muted until /).waitFor();
  await choose(ann, bob.account.name, "Unmute");
  await composer(bob).waitFor();
  await say(bob, "lo lo lo");
  isClean(bob);
});

test("where only moderators write, members read so", async () => {
  const { ann, bob, cem, name } = await band();
  await edit(ann, (dialog) => dialog.getByRole("combobox", { name: "Who may post" }).selectOption({ label: "Moderators" }));
  await bob.getByText("Only moderators write here.").waitFor();
  assert.equal(await composer(bob).count(), 0);
  await choose(ann, cem.account.name, "Make moderator");
  await composer(cem).waitFor();
  await say(cem, "curtain at eight");
  await line(bob, "curtain at eight").waitFor();
  await log(bob).getByText(`${ann.account.name} changed the settings`).waitFor();
  await bob.reload();
  await bob.getByRole("main", { name }).getByText("Only moderators write here.").waitFor();
  isClean(bob);
});

test("slow mode counts down, and lets one write again", async () => {
  const { ann, bob } = await band();
  await edit(ann, (dialog) => dialog.getByRole("combobox", { name: "Slow mode" }).selectOption({ label: "10 seconds" }));
  await log(bob).getByText(`${ann.account.name} changed the settings`).waitFor();
  await say(bob, "one");
  await bob.getByText(/^Slow mode: \d+ seconds?\.$/).waitFor();
  await composer(bob).fill("two");
  await composer(bob).press("Enter");
  await isAccessible(bob, "slow mode");
  assert.equal(await line(bob, "two").count(), 0);
  await bob.getByText(/^Slow mode:/).waitFor({ state: "detached" });
  await composer(bob).press("Enter");
  await line(ann, "two").waitFor();
  await say(ann, "the owner waits for nobody");
  await say(ann, "never");
  isClean(bob);
});

test("a group gets another name and description, for all at once", async () => {
  const { ann, bob, name } = await band();
  await edit(ann, async (dialog) => {
    assert.equal(await dialog.getByRole("textbox", { name: "Group name" }).inputValue(), name);
    await dialog.getByRole("textbox", { name: "Group name" }).fill(`${name} and friends`);
    await dialog.getByRole("textbox", { name: "Description" }).fill("Call is at half past six.");
  });
  await bob.getByRole("main", { name: `${name} and friends` }).waitFor();
  await link(bob, `${name} and friends`).waitFor();
  await details(ann).getByText("Call is at half past six.").waitFor();
  await log(bob).getByText(`${ann.account.name} edited the group`).waitFor();
  await bob.getByRole("button", { name: "Details" }).click();
  await details(bob).getByRole("button", { name: "Leave group" }).waitFor();
  for (const one of ["Edit group", "Add members"]) assert.equal(await details(bob).getByRole("button", { name: one }).count(), 0);
  await edit(ann, async (dialog) => {
    await dialog.getByRole("combobox", { name: "Who may edit the group" }).selectOption({ label: "Members" });
    await dialog.getByRole("combobox", { name: "Who may add people" }).selectOption({ label: "Members" });
  });
  await details(bob).getByRole("button", { name: "Add members" }).waitFor();
  await details(bob).getByRole("button", { name: "Edit group" }).click();
  const dialog = bob.getByRole("dialog", { name: "Edit group" });
  assert.equal(await dialog.getByRole("combobox").count(), 0);
  await dialog.getByRole("textbox", { name: "Group name" }).fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Group name is needed.").waitFor();
  isClean(bob);
});

test("who is banned is out, cannot be added, and is let in again", async () => {
  const { ann, bob, cem, name } = await band();
  await choose(ann, cem.account.name, "Ban");
  await ann.getByRole("alertdialog", { name: `Ban ${cem.account.name}?` }).getByRole("button", { name: "Ban" }).click();
  await link(cem, name).waitFor({ state: "detached" });
  await log(bob).getByText(`${ann.account.name} banned ${cem.account.name}`).waitFor();
  const unban = details(ann).getByRole("list", { name: "Banned" }).getByRole("button", { name: `Unban ${cem.account.name}` });
  await unban.waitFor();
  await isAccessible(ann, "a ban");
  const add = async () => {
    await details(ann).getByRole("button", { name: "Add members" }).click();
    const dialog = ann.getByRole("dialog", { name: "Add members" });
    await dialog.getByRole("searchbox", { name: "Add people" }).fill(cem.account.name);
    await dialog.getByRole("button", { name: `Add ${cem.account.name}` }).click();
    return dialog;
  };
  const dialog = await add();
  await dialog.getByRole("alert").filter({ hasText: cem.account.name }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await unban.click();
  await unban.waitFor({ state: "detached" });
  await add();
  await link(cem, name).waitFor();
  isClean(ann);
});

test("whom one may call, and who pins, follows the settings", async () => {
  const { ann, bob } = await band();
  await say(ann, "half past six");
  await edit(ann, async (dialog) => {
    await dialog.getByRole("combobox", { name: "Who may call everybody" }).selectOption({ label: "Owner" });
    await dialog.getByRole("combobox", { name: "Who may pin" }).selectOption({ label: "Members" });
  });
  await log(bob).getByText(/changed the settings$/).waitFor();
  await act(bob, "half past six", "Pin");
  await ann.getByRole("button", { name: "1 pinned" }).waitFor();
  await composer(bob).pressSequentially("@");
  const people = bob.getByRole("listbox", { name: "People" });
  await people.getByRole("option", { name: ann.account.name }).waitFor();
  assert.equal(await people.getByRole("option", { name: "all", exact: true }).count(), 0);
  isClean(bob);
});
