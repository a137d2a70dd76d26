// What the client shows, scene by scene: every page, dialog and menu, with people who use them.
import { act, chats, composer, line, log, openChat, say, talkTo } from "./browser.mjs";
import { attach, choose, png, text, waiting, wav } from "./files-of.mjs";

const SCRIPT = [
  ["nina", "Is the green door open already?"],
  ["otto", "Since six. The lamps are on, the flowers are here."],
  ["nina", "Flowers? From whom?"],
  ["otto", "No card. But the porter says that he was tall, wore a grey coat, and would not give his name. He asked twice which dressing room is yours, and when the house is full he wants to be let in by the side door."],
  ["nina", "Then let us see whether he claps. 🎭"],
  ["otto", "The house is full, by the way."],
];

/** Plays all scenes; `see` looks at each as it stands, and is told its name. */
export async function play(house, see) {
  await outside(house, see);
  await inside(house, see);
}

/** The pages before the login. */
async function outside(house, see) {
  const page = await house.visitor();
  for (const at of ["login", "signup", "verify", "forgot"]) {
    await page.goto(`/app/${at}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await see(page, at);
  }
  await page.context().close();
}

/** A small company of players, and what they say. */
async function inside(house, see) {
  const nina = await house.guest("Nina", {}, true);
  await see(nina, "empty");
  const [otto, carla] = [await house.guest("Otto", {}, true), await house.guest("Carla", {}, true)];
  const [name, other] = [otto.account.name, carla.account.name];
  await talkTo(nina, name);
  await see(nina, "nothing-said");
  await openChat(otto, nina.account.name);
  for (const [who, text] of SCRIPT) await say(who === "nina" ? nina : otto, text);
  await line(nina, SCRIPT.at(-1)[1]).waitFor();
  await openChat(nina, "Notes");
  await say(nina, "Second act: the lamp stands left, not right. https://example.org/props/lamps?act=2");
  await nina.getByRole("button", { name: "New group" }).click();
  const dialog = nina.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Group name" }).fill("The Seagull, first night");
  await dialog.getByRole("textbox", { name: "Description" }).fill("Everybody who is on stage or behind it. Call is at half past six.");
  for (const one of [name, other]) {
    await dialog.getByRole("searchbox").fill(one);
    await dialog.getByRole("button", { name: `Add ${one}` }).click();
  }
  await see(nina, "new-group");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await openChat(carla, "The Seagull, first night");
  for (const text of ["The curtain sticks again.", "Could somebody bring oil?", "🎭🎭"]) await say(carla, text);
  await openChat(nina, name);
  await line(nina, "by the way").waitFor();
  await see(nina, "conversation");
  await openChat(nina, "The Seagull, first night");
  await say(nina, "I have some in my bag. Two minutes!");
  await see(nina, "group");
  await messages(nina, carla, see);
  await files(nina, carla, see);
  await nina.getByRole("button", { name: "Details" }).click();
  await nina.getByRole("complementary").waitFor();
  await see(nina, "details");
  await members(nina, other, see);
  await governed(house, nina, carla, see);
  await nina.goBack();
  await nina.getByRole("button", { name: "Emoji" }).click();
  await nina.getByRole("dialog").getByRole("button", { name: "grinning face", exact: true }).waitFor();
  await see(nina, "emoji");
  await nina.keyboard.press("Escape");
  await settings(nina, name, see);
  await nina.getByRole("button", { name: "New chat" }).click();
  await nina.getByRole("dialog").getByRole("searchbox").fill("a");
  await nina.getByRole("dialog").getByRole("listitem").first().waitFor();
  await see(nina, "new-chat");
  await nina.keyboard.press("Escape");
  await nina.keyboard.press("Escape");
  await chats(nina).getByRole("searchbox", { name: "Search" }).fill("o");
  await chats(nina).getByRole("status", { name: "Found" }).getByText("found").waitFor();
  await see(nina, "searching");
  await nina.keyboard.press("Escape");
  await nina.getByRole("heading", { level: 1 }).click();
  await nina.keyboard.press("?");
  await nina.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await see(nina, "shortcuts");
  await nina.keyboard.press("Escape");
  await search(nina, see);
  await openChat(nina, name);
  await nina.context().setOffline(true);
  await composer(nina).fill("Are you there?");
  await composer(nina).press("Enter");
  await nina.getByRole("status", { name: "Connection" }).getByText("waits to be sent").waitFor({ timeout: 60_000 });
  await see(nina, "offline");
  await nina.context().setOffline(false);
  await log(nina).getByRole("img", { name: "Waiting to be sent" }).waitFor({ state: "detached", timeout: 60_000 });
  await blocked(carla, name, see);
  await carla.goto("/app/starred");
  await carla.getByText("Nothing starred yet.").waitFor();
  await see(carla, "nothing-starred");
  await nina.getByRole("link", { name: "Starred" }).click();
  await nina.getByRole("list", { name: "Starred" }).getByRole("link").first().waitFor();
  await see(nina, "starred");
  await nina.goto("/app/settings");
  await nina.getByRole("list", { name: "Devices" }).getByRole("listitem").first().waitFor();
  await see(nina, "settings");
  await nina.getByRole("button", { name: "Delete account" }).click();
  await nina.getByRole("alertdialog").waitFor();
  await see(nina, "delete-account");
  await nina.keyboard.press("Escape");
  await nina.goto("/app/chat/nothing");
  await nina.getByRole("heading", { name: "No such chat" }).waitFor();
  await see(nina, "no-such-chat");
}

/** What can be done with a message, and what it looks like then. */
async function messages(nina, carla, see) {
  const oil = "Could somebody bring oil?";
  await act(nina, oil, "Pin");
  await act(nina, oil, "Star");
  await line(nina, oil).getByText("Starred").waitFor();
  await act(nina, oil, "Reply");
  await nina.getByRole("group", { name: /^Replying/ }).waitFor();
  await see(nina, "replying");
  await say(nina, "On my way.");
  await act(carla, "On my way.", "React");
  await carla.getByRole("dialog", { name: "Emoji" }).getByRole("button", { name: "grinning face", exact: true }).click();
  await line(nina, "On my way.").getByRole("button", { name: /1$/ }).click();
  await see(nina, "marks");
  await line(nina, "On my way.").hover();
  await line(nina, "On my way.").getByRole("button", { name: "Message actions" }).click();
  await nina.getByRole("menu").waitFor();
  await see(nina, "menu");
  await nina.keyboard.press("Escape");
  await act(nina, "On my way.", "Read by…");
  await nina.getByRole("dialog").waitFor();
  await see(nina, "read-by");
  await nina.keyboard.press("Escape");
  await act(nina, "On my way.", "Reactions");
  await nina.getByRole("dialog").getByRole("listitem").nth(1).waitFor();
  await see(nina, "reactions");
  await nina.keyboard.press("Escape");
  await nina.getByRole("button", { name: "1 pinned" }).click();
  await nina.getByRole("dialog").waitFor();
  await see(nina, "pinned");
  await nina.keyboard.press("Escape");
  await act(nina, "I have some in my bag.", "Forward");
  await nina.getByRole("dialog").waitFor();
  await see(nina, "forward");
  await nina.keyboard.press("Escape");
  await act(nina, "On my way.", "Delete for everyone");
  await nina.getByRole("alertdialog").waitFor();
  await see(nina, "delete-message");
  await nina.keyboard.press("Escape");
  await act(nina, "On my way.", "Edit");
  await nina.getByRole("group", { name: /^Editing/ }).waitFor();
  await see(nina, "editing");
  await composer(nina).press("Escape");
  await composer(nina).fill("@");
  await nina.getByRole("listbox", { name: "People" }).waitFor();
  await see(nina, "mentioning");
  await composer(nina).fill("");
}

/** Files beside the text, in lines and alone, and the picture of a group. */
async function files(nina, carla, see) {
  await attach(nina, png(1200, 800), text("what everybody needs to know about the first night.txt"), text("empty.txt", ""), wav("thunder.wav"));
  await waiting(nina, "empty.txt").getByText("This file is empty.").waitFor();
  await see(nina, "attachments");
  await nina.getByRole("button", { name: "Remove empty.txt" }).click();
  await say(nina, "The stage as it should look, and what to bring.");
  const image = log(carla).getByRole("link", { name: "Image stage.png" });
  await image.waitFor();
  await see(carla, "files");
  await image.click();
  await carla.getByRole("dialog", { name: "stage.png" }).waitFor();
  await carla.waitForFunction(() => document.querySelector("dialog img")?.complete);
  await see(carla, "picture");
  await carla.keyboard.press("Escape");
  await nina.getByRole("button", { name: "Details" }).click();
  await nina.getByRole("complementary").getByRole("button", { name: "Edit group" }).click();
  const dialog = nina.getByRole("dialog", { name: "Edit group" });
  await choose(nina, dialog.getByRole("button", { name: "Choose a picture" }), [png(200, 200, "gull.png")]);
  await dialog.getByRole("button", { name: "Remove picture" }).waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await nina.goBack();
}

/** Messages that are found by their words. */
async function search(nina, see) {
  const field = nina.getByRole("main", { name: "Search" }).getByRole("searchbox");
  await chats(nina).getByRole("searchbox", { name: "Search" }).fill("lamp");
  await chats(nina).getByRole("link", { name: "Search messages" }).click();
  await field.fill("lamp");
  await nina.getByRole("list", { name: "Results" }).getByRole("link").first().waitFor();
  await see(nina, "found");
  await field.fill("one two three four five six seven eight nine");
  await nina.getByRole("alert").waitFor();
  await see(nina, "too-many-words");
  await field.fill("");
  await nina.locator("main[aria-busy=false]").waitFor();
  await see(nina, "search");
  await chats(nina).getByRole("searchbox", { name: "Search" }).fill("");
}

/** What one decides of a chat for oneself. */
async function settings(nina, name, see) {
  const choose = async (chat, ...items) => {
    const list = chats(nina);
    await list.getByRole("link", { name: chat }).hover();
    await list.getByRole("button", { name: `Actions for ${chat}` }).click();
    for (const item of items) await nina.getByRole("menuitem", { name: item, exact: true }).click();
  };
  await choose("The Seagull, first night", "Pin");
  await chats(nina).getByRole("img", { name: "Pinned" }).waitFor();
  await choose("The Seagull, first night", "Mute", "Always");
  await chats(nina).getByRole("img", { name: "Muted" }).waitFor();
  await choose(name);
  await see(nina, "chat-menu");
  await nina.keyboard.press("Escape");
  await choose(name, "Mute");
  await see(nina, "mute-menu");
  await nina.keyboard.press("Escape");
  await choose(name, "Clear");
  await nina.getByRole("alertdialog").waitFor();
  await see(nina, "clear");
  await nina.keyboard.press("Escape");
  await choose("Notes", "Mark as unread");
  await choose(name, "Archive");
  await chats(nina).getByRole("button", { name: "Archived" }).click();
  await see(nina, "archive");
  await chats(nina).getByRole("searchbox", { name: "Search" }).fill(name);
  await choose(name, "Unarchive");
  await chats(nina).getByRole("searchbox", { name: "Search" }).fill("");
  await chats(nina).getByRole("button", { name: "Archived" }).waitFor({ state: "detached" });
  await choose("The Seagull, first night", "Unmute");
}

/** What an owner can do in a group. */
async function members(nina, other, see) {
  const details = nina.getByRole("complementary");
  await details.getByRole("button", { name: `Actions for ${other}` }).click();
  await nina.getByRole("menu").waitFor();
  await see(nina, "member-menu");
  await nina.getByRole("menuitem", { name: "Remove from group" }).click();
  await nina.getByRole("alertdialog").waitFor();
  await see(nina, "remove-member");
  await nina.keyboard.press("Escape");
  await details.getByRole("button", { name: "Add members" }).click();
  await nina.getByRole("dialog").waitFor();
  await see(nina, "add-members");
  await nina.keyboard.press("Escape");
}

/** What an owner sets, and what others see of it. */
async function governed(house, nina, carla, see) {
  const details = nina.getByRole("complementary");
  await details.getByRole("button", { name: "Edit group" }).click();
  await nina.getByRole("dialog", { name: "Edit group" }).waitFor();
  await see(nina, "edit-group");
  await nina.keyboard.press("Escape");
  await details.getByRole("button", { name: "Create invite link" }).click();
  const invites = details.getByRole("list", { name: "Invite links" });
  await invites.getByRole("button", { name: "Revoke link 1" }).waitFor();
  await see(nina, "invites");
  const url = await invites.getByText("/join/").innerText();
  const name = carla.account.name;
  await details.getByRole("button", { name: `Actions for ${name}` }).click();
  await nina.getByRole("menuitem", { name: "Mute", exact: true }).click();
  await nina.getByRole("menu", { name: "Mute for" }).getByRole("menuitem", { name: "Always" }).click();
  await carla.getByText(/^You are muted until/).waitFor();
  await see(carla, "muted");
  await see(nina, "muted-member");
  const dora = await house.guest("Dora", {}, true);
  await dora.goto(new URL(url).pathname);
  await dora.getByRole("button", { name: "Join", exact: true }).waitFor();
  await see(dora, "join");
  await dora.goto("/join/nothing");
  await dora.getByRole("heading", { name: "This invitation is not valid" }).waitFor();
  await see(dora, "no-invitation");
  await dora.goto(new URL(url).pathname);
  await dora.getByRole("button", { name: "Join", exact: true }).click();
  await details.getByRole("button", { name: `Actions for ${dora.account.name}` }).click();
  await nina.getByRole("menuitem", { name: "Ban", exact: true }).click();
  await nina.getByRole("alertdialog").waitFor();
  await see(nina, "ban");
  await nina.getByRole("alertdialog").getByRole("button", { name: "Ban", exact: true }).click();
  await details.getByRole("list", { name: "Banned" }).getByRole("listitem").waitFor();
  await see(nina, "banned");
  await dora.context().close();
}

/** Somebody with whom one wants to have nothing to do. */
async function blocked(carla, name, see) {
  await carla.setViewportSize({ width: 1300, height: 800 });
  await talkTo(carla, name);
  await carla.getByRole("button", { name: "Details" }).click();
  const details = carla.getByRole("complementary");
  await details.getByRole("button", { name: "Block", exact: true }).click();
  await carla.getByRole("alertdialog").waitFor();
  await see(carla, "block");
  await carla.getByRole("alertdialog").getByRole("button", { name: "Block", exact: true }).click();
  await details.getByRole("button", { name: "Unblock" }).waitFor();
  await see(carla, "blocked");
}
