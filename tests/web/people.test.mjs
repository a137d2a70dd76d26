// People: what they say of themselves, and with whom one wants to have nothing to do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, composer, details, House, isAccessible, isClean, line, link, openChat, say, talkTo, WIDE } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

/** Two people who have talked. The first has the details open. */
async function talking() {
  const [ann, bob] = [await house.guest("Ann", WIDE), await house.guest("Bob", WIDE)];
  await talkTo(ann, bob.account.name);
  await say(ann, "are you there?");
  await openChat(bob, ann.account.name);
  await line(bob, "are you there?").waitFor();
  await ann.getByRole("button", { name: "Details" }).click();
  return { ann, bob };
}

async function block(page, name) {
  await details(page).getByRole("button", { name: "Block", exact: true }).click();
  await page.getByRole("alertdialog", { name: `Block ${name}?` }).getByRole("button", { name: "Block", exact: true }).click();
}

test("who is blocked cannot be written to, nor write, and neither is told by whom", async () => {
  const { ann, bob } = await talking();
  await block(ann, bob.account.name);
  await ann.getByText("You cannot write to each other.").waitFor();
  assert.equal(await composer(ann).count(), 0);
  await isAccessible(ann, "blocked");
  await composer(bob).fill("hello?");
  await composer(bob).press("Enter");
  await line(bob, "hello?").getByText("Not sent: You cannot write to each other.").waitFor();
  await bob.getByText("You cannot write to each other.", { exact: true }).waitFor();
  await ann.reload();
  await ann.getByText("You cannot write to each other.").waitFor();
  await details(ann).getByRole("button", { name: "Unblock" }).click();
  await composer(ann).waitFor();
  await line(bob, "hello?").getByRole("button", { name: "Try again" }).click();
  await line(ann, "hello?").waitFor();
  await composer(bob).waitFor();
  isClean(ann);
  isClean(bob);
});

test("the settings list whom one blocked, and let go", async () => {
  const { ann, bob } = await talking();
  await block(ann, bob.account.name);
  await ann.getByText("You cannot write to each other.").waitFor();
  const tab = await house.tab(ann);
  await tab.goto("/app/settings");
  const privacy = tab.getByRole("region", { name: "Privacy" });
  const unblock = privacy.getByRole("list", { name: "Blocked" }).getByRole("button", { name: `Unblock ${bob.account.name}` });
  await unblock.waitFor();
  await isAccessible(tab, "settings with a block");
  await unblock.click();
  await privacy.getByText("You have blocked nobody.").waitFor();
  await composer(ann).waitFor();
  isClean(ann);
});

test("in groups the messages of somebody blocked are folded, and call nobody", async () => {
  const { ann, bob } = await talking();
  await block(ann, bob.account.name);
  await ann.getByText("You cannot write to each other.").waitFor();
  const cem = await house.guest("Cem");
  const name = `Band of ${cem.account.name}`;
  await cem.getByRole("button", { name: "New group" }).click();
  const dialog = cem.getByRole("dialog", { name: "New group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill(name);
  for (const { account } of [ann, bob]) {
    await dialog.getByRole("searchbox", { name: "Add people" }).fill(account.name);
    await dialog.getByRole("button", { name: `Add ${account.name}` }).click();
  }
  await dialog.getByRole("button", { name: "Create group" }).click();
  await openChat(bob, name);
  await say(bob, "la la la @all");
  await chats(ann).getByRole("link", { name: `${name}, 1 unread`, exact: true }).click();
  const folded = ann.getByRole("log", { name: "Messages" }).getByRole("article").filter({ has: ann.getByRole("button", { name: "Show a blocked person's message" }) });
  await folded.waitFor();
  assert.doesNotMatch(await folded.innerText(), /la la la/);
  await folded.getByRole("button", { name: "Show a blocked person's message" }).click();
  await line(ann, "la la la").waitFor();
  await isAccessible(ann, "a folded message");
  isClean(ann);
});

test("what one says of oneself is seen by others at once", async () => {
  const { ann, bob } = await talking();
  const tab = await house.tab(bob);
  await tab.goto("/app/settings");
  const profile = tab.getByRole("region", { name: "Profile" });
  const renamed = `${bob.account.name} Baker`;
  await profile.getByRole("textbox", { name: "Name" }).fill(renamed);
  await profile.getByRole("textbox", { name: "About me" }).fill("Lamps, and what hangs on them.");
  await profile.getByRole("textbox", { name: "Status" }).fill("at the show");
  await profile.getByRole("combobox", { name: "Clear status after" }).selectOption({ label: "1 hour" });
  await profile.getByRole("button", { name: "Save" }).click();
  await profile.getByText("Your profile is saved.").waitFor();
  await isAccessible(tab, "a profile");
  await details(ann).getByText("at the show").waitFor();
  await details(ann).getByText("Lamps, and what hangs on them.").waitFor();
  await details(ann).getByRole("heading", { level: 2, name: renamed }).waitFor();
  await link(ann, renamed).waitFor();
  await tab.reload();
  assert.equal(await profile.getByRole("textbox", { name: "Status" }).inputValue(), "at the show");
  await profile.getByRole("textbox", { name: "Name" }).fill("");
  await profile.getByRole("textbox", { name: "Status" }).fill("");
  await profile.getByRole("button", { name: "Save" }).click();
  await profile.getByText("Name is needed.").waitFor();
  await profile.getByRole("textbox", { name: "Name" }).fill(bob.account.name);
  await profile.getByRole("button", { name: "Save" }).click();
  await details(ann).getByText("at the show").waitFor({ state: "detached" });
  await ann.reload();
  await details(ann).getByText("Lamps, and what hangs on them.").waitFor();
  isClean(ann);
  isClean(tab);
});

test("what one lets others know is set, holds, and is the same in every tab", async () => {
  const [ann, bob] = [await house.guest("Ann", WIDE), await house.guest("Bob", WIDE)];
  await talkTo(bob, ann.account.name);
  await say(bob, "are you there?");
  const lamp = chats(bob).getByRole("listitem").filter({ has: bob.getByRole("link", { name: ann.account.name }) }).getByRole("img", { name: "Online" });
  await lamp.waitFor({ timeout: 60_000 });
  await ann.goto("/app/settings");
  const tab = await house.tab(ann);
  await tab.goto("/app/settings");
  const privacy = (page) => page.getByRole("region", { name: "Privacy" });
  const online = (page) => privacy(page).getByRole("combobox", { name: "Who sees that I am online" });
  await online(tab).waitFor();
  await online(ann).selectOption({ label: "Nobody" });
  await privacy(ann).getByRole("combobox", { name: "Who may add me to groups" }).selectOption({ label: "Contacts" });
  await privacy(ann).getByRole("switch", { name: "Read receipts" }).uncheck();
  await privacy(ann).getByRole("switch", { name: "Typing" }).uncheck();
  await isAccessible(ann, "privacy");
  await lamp.waitFor({ state: "detached", timeout: 60_000 });
  await tab.waitForFunction(() => [...document.querySelectorAll('[role="switch"]')].filter((one) => !one.checked && /^(Read receipts|Typing)$/.test(one.labels[0].textContent)).length === 2);
  await ann.reload();
  assert.equal(await online(ann).inputValue(), "Nobody");
  assert.equal(await privacy(ann).getByRole("switch", { name: "Read receipts" }).isChecked(), false);
  isClean(ann);
});
