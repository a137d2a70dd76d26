// Pictures of people and groups: chosen, seen by others, and removed.
import { after, before, test } from "node:test";

import { chats, details, House, isAccessible, isClean, line, link, openChat, say, talkTo, WIDE } from "./browser.mjs";
import { choose, png, text } from "./files-of.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

/** The picture that stands in something, once it is there. */
const shown = (where) => where.locator("img[src^='/files/']").first();

async function isSeen(where) {
  await shown(where).waitFor();
  await shown(where).evaluate((picture) => picture.decode());
}

const row = (page, name) => chats(page).getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

test("one's own picture is seen by others in lists and details, and removed", async () => {
  const [ann, bob] = [await house.guest("Ann", WIDE), await house.guest("Bob", WIDE)];
  const { name } = ann.account;
  await talkTo(bob, name);
  await say(bob, "who are you?");
  await bob.getByRole("button", { name: "Details" }).click();
  await ann.goto("/app/settings");
  const profile = ann.getByRole("region", { name: "Profile" });
  const button = profile.getByRole("button", { name: "Choose a picture" });
  await choose(ann, button, [text("me.txt")]);
  await profile.getByRole("alert").getByText(/^This is no picture/).waitFor();
  await choose(ann, button, [png(300, 200, "me.png")]);
  await isSeen(profile);
  await isAccessible(ann, "a profile with a picture");
  await isSeen(details(bob));
  await isSeen(row(bob, name));
  await bob.reload();
  await isSeen(row(bob, name));
  await bob.getByRole("button", { name: "New chat" }).click();
  const dialog = bob.getByRole("dialog", { name: "New chat" });
  await dialog.getByRole("searchbox", { name: "Name" }).fill(name);
  await isSeen(dialog.getByRole("button", { name, exact: true }));
  await isAccessible(bob, "people with pictures");
  await bob.keyboard.press("Escape");
  await bob.keyboard.press("Escape");
  await profile.getByRole("button", { name: "Remove picture" }).click();
  await shown(profile).waitFor({ state: "detached" });
  await shown(row(bob, name)).waitFor({ state: "detached" });
  isClean(ann);
  isClean(bob);
});

test("a group's picture is chosen where one may edit it, and stands everywhere", async () => {
  const [ann, bob] = [await house.guest("Ann", WIDE), await house.guest("Bob", WIDE)];
  const name = `Band of ${ann.account.name}`;
  await ann.getByRole("button", { name: "New group" }).click();
  const founding = ann.getByRole("dialog", { name: "New group" });
  await founding.getByRole("textbox", { name: "Group name" }).fill(name);
  await founding.getByRole("searchbox", { name: "Add people" }).fill(bob.account.name);
  await founding.getByRole("button", { name: `Add ${bob.account.name}` }).click();
  await founding.getByRole("button", { name: "Create group" }).click();
  await link(bob, name).waitFor();
  await ann.getByRole("button", { name: "Details" }).click();
  const edit = async () => {
    await details(ann).getByRole("button", { name: "Edit group" }).click();
    return ann.getByRole("dialog", { name: "Edit group" });
  };
  const dialog = await edit();
  await choose(ann, dialog.getByRole("button", { name: "Choose a picture" }), [png(200, 200, "band.png")]);
  await isSeen(dialog);
  await isAccessible(ann, "a group's picture");
  await dialog.getByRole("button", { name: "Save" }).click();
  await isSeen(details(ann));
  await isSeen(row(bob, name));
  await openChat(bob, name);
  await bob.getByText(`${ann.account.name} changed the picture`).waitFor();
  await bob.getByRole("button", { name: "Details" }).click();
  await isSeen(details(bob));
  await details(bob).getByRole("button", { name: "Leave group" }).waitFor();
  await details(bob).getByRole("button", { name: "Edit group" }).waitFor({ state: "detached" });
  await say(bob, "what a picture");
  await line(ann, "what a picture").waitFor();
  const again = await edit();
  await again.getByRole("button", { name: "Remove picture" }).click();
  await again.getByRole("button", { name: "Save" }).click();
  await shown(row(bob, name)).waitFor({ state: "detached" });
  isClean(ann);
  isClean(bob);
});
