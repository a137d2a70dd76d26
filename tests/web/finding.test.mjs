// What is for oneself among much: mentions, what is pinned, what one starred, and who reacted.
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
