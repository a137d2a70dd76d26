// What is for oneself among much: mentions, what is pinned, what one starred, and who reacted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { act, composer, House, isAccessible, isClean, line, link, openChat, say } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

/** A group of two, founded by the first, who has it open. */
async function band() {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  const name = `Band of ${ann.account.name}`;
  await ann.getByRole("button", { name: "New group" }).click();
  const dialog = ann.getByRole("dialog", { name: "New group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill(name);
  await dialog.getByRole("searchbox", { name: "Add people" }).fill(bob.account.name);
  await dialog.getByRole("button", { name: `Add ${bob.account.name}` }).click();
  await dialog.getByRole("button", { name: "Create group" }).click();
  await ann.getByRole("main", { name }).waitFor();
  return { ann, bob, name };
}

test("who is mentioned sees it in the list, by name or as all", async () => {
  const { ann, bob, name } = await band();
  await say(ann, "nothing for anybody");
  await link(bob, `${name}, 1 unread`).waitFor();
  await composer(ann).pressSequentially(`@${bob.account.name.slice(0, 3)}`);
  await ann.getByRole("listbox", { name: "People" }).getByRole("option", { name: bob.account.name, exact: true }).click();
  await composer(ann).press("Enter");
  await link(bob, `${name}, 2 unread, mentioned`).click();
  await line(bob, `@${bob.account.name}`).waitFor();
  await openChat(bob, "Notes");
  await link(bob, name).and(bob.getByRole("link", { name, exact: true })).waitFor();
  await composer(ann).fill("");
  await composer(ann).pressSequentially("@al");
  await ann.getByRole("listbox", { name: "People" }).getByRole("option", { name: "all", exact: true }).click();
  await composer(ann).press("Enter");
  await link(bob, `${name}, 1 unread, mentioned`).waitFor();
  await isAccessible(bob, "mentioned");
  await act(ann, "@all", "Edit");
  await composer(ann).fill("nobody in particular");
  await ann.getByRole("button", { name: "Save" }).click();
  await link(bob, `${name}, 1 unread`).and(bob.getByRole("link", { name: `${name}, 1 unread`, exact: true })).waitFor();
  isClean(ann);
  isClean(bob);
});

test("what is pinned is counted beside the name, and found again", async () => {
  const { ann, bob, name } = await band();
  await openChat(bob, name);
  for (const text of ["half past six", "bring oil", "and a rag"]) await say(ann, text);
  await line(bob, "and a rag").waitFor();
  await act(ann, "half past six", "Pin");
  await bob.getByRole("button", { name: "1 pinned" }).waitFor();
  await act(ann, "bring oil", "Pin");
  await bob.getByRole("button", { name: "2 pinned" }).click();
  const dialog = bob.getByRole("dialog", { name: "Pinned messages" });
  const pins = dialog.getByRole("list").getByRole("listitem");
  assert.match((await pins.allTextContents()).join(), /bring oil.*half past six/);
  await pins.filter({ hasText: "half past six" }).getByRole("link").click();
  await dialog.waitFor({ state: "detached" });
  await bob.waitForFunction(() => document.querySelector('[aria-current="true"][data-line]')?.textContent.includes("half past six"));
  await bob.reload();
  await bob.getByRole("button", { name: "2 pinned" }).waitFor();
  await act(ann, "bring oil", "Unpin");
  await bob.getByRole("button", { name: "1 pinned" }).waitFor();
  await act(ann, "half past six", "Delete for everyone");
  await ann.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await bob.getByRole("button", { name: "1 pinned" }).waitFor({ state: "detached" });
  isClean(ann);
  isClean(bob);
});

test("what one starred stands on a page of its own, and leads to where it was said", async () => {
  const { ann, bob, name } = await band();
  await say(ann, "the key is under the mat");
  await openChat(bob, name);
  await line(bob, "the key").waitFor();
  await act(bob, "the key", "Star");
  await line(bob, "the key").getByText("Starred").waitFor();
  await openChat(bob, "Notes");
  await say(bob, "remember the key");
  await act(bob, "remember the key", "Star");
  await line(bob, "remember the key").getByText("Starred").waitFor();
  await bob.getByRole("link", { name: "Starred" }).click();
  await bob.getByRole("main", { name: "Starred" }).waitFor();
  await bob.getByRole("heading", { level: 1, name: "Starred" }).waitFor();
  const found = bob.getByRole("list", { name: "Starred" }).getByRole("link");
  await found.first().waitFor();
  assert.deepEqual(await found.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label"))), [
    "You in Notes: remember the key",
    `${ann.account.name} in ${name}: the key is under the mat`,
  ]);
  await found.last().click();
  await bob.getByRole("main", { name }).waitFor();
  await bob.waitForFunction(() => document.querySelector('[aria-current="true"][data-line]')?.textContent.includes("under the mat"));
  await act(bob, "the key", "Unstar");
  await bob.goto("/app/starred");
  await found.first().waitFor();
  assert.equal(await found.count(), 1);
  await ann.goto("/app/starred");
  await ann.getByText("Nothing starred yet.").waitFor();
  isClean(ann);
  isClean(bob);
});

test("who reacted is told by name, and by what", async () => {
  const { ann, bob, name } = await band();
  await say(ann, "curtain up");
  await openChat(bob, name);
  await act(bob, "curtain up", "React");
  await bob.getByRole("dialog", { name: "Emoji" }).getByRole("button", { name: "grinning face", exact: true }).click();
  await line(ann, "curtain up").getByRole("button", { name: "😀 1" }).click();
  await line(ann, "curtain up").getByRole("button", { name: "😀 2" }).waitFor();
  await act(ann, "curtain up", "Reactions");
  const list = ann.getByRole("dialog", { name: "Reactions" }).getByRole("list", { name: "😀 2" });
  await list.getByRole("listitem").nth(1).waitFor();
  assert.deepEqual(await list.getByRole("listitem").allTextContents(), [bob.account.name, "You"]);
  isClean(ann);
});
