// The life of a message after it was said: mended, deleted, answered, reacted to, pinned, starred, forwarded.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { act, composer, House, isAccessible, isClean, line, log, marked, openChat, say, talkTo } from "./browser.mjs";

const house = await House.open();
after(() => house.close());

/** A server that does not number changes cannot change messages, and the client offers none of it. */
const skip = (await numbersChanges()) ? false : "this server does not change messages";

async function numbersChanges() {
  const { io } = await import(new URL("../interop/node_modules/socket.io-client/build/esm-debug/index.js", import.meta.url));
  await house.server.command("user", "add", "--name", "Probe", "--email", "probe@example.org", "--password", "green room probe");
  const { body } = await house.server.post("/login", { email: "probe@example.org", password: "green room probe", source: "app" });
  const socket = io(house.server.url, { auth: { accessToken: body.accessToken, refreshToken: body.refreshToken }, forceNew: true });
  await new Promise((ready) => socket.once("group-chat-list", ready));
  const { Chats } = await socket.emitWithAck("sync", {});
  socket.disconnect();
  return Chats[0].Rev !== undefined;
}

/** Two people with one message by the first, both in their chat. */
async function pair(text) {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, text);
  await marked(ann, text, "Sent");
  await openChat(bob, ann.account.name);
  await line(bob, text).waitFor();
  return { ann, bob };
}

test("a text is mended in its place, by the menu and by the arrow up", { skip }, async () => {
  const { ann, bob } = await pair("Good morning");
  await act(ann, "Good morning", "Edit");
  await ann.getByRole("group", { name: "Editing" }).waitFor();
  await isAccessible(ann, "editing");
  await composer(ann).fill("Good evening");
  await ann.getByRole("button", { name: "Save" }).click();
  await line(bob, "Good evening").getByText("edited").waitFor();
  assert.equal(await line(bob, "Good morning").count(), 0);
  await composer(ann).press("ArrowUp");
  await composer(ann).fill("Good night");
  await composer(ann).press("Enter");
  await line(bob, "Good night").waitFor();
  await ann.reload();
  await line(ann, "Good night").waitFor();
  isClean(ann);
  isClean(bob);
});

test("deleted for everyone is gone for both, deleted for me for one", { skip }, async () => {
  const { ann, bob } = await pair("never mind");
  await act(ann, "never mind", "Delete for everyone");
  await ann.getByRole("alertdialog", { name: "Delete this message?" }).getByRole("button", { name: "Delete" }).click();
  await log(bob).getByText("This message was deleted.").waitFor();
  await log(ann).getByText("This message was deleted.").waitFor();
  await say(ann, "only here");
  await line(bob, "only here").waitFor();
  await act(bob, "only here", "Delete for me");
  await bob.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await line(bob, "only here").waitFor({ state: "detached" });
  await bob.reload();
  await log(bob).getByText("This message was deleted.").waitFor();
  await line(bob, "only here").waitFor({ state: "detached" });
  await line(ann, "only here").waitFor();
  isClean(bob);
});

test("an answer names what it answers, and leads there", { skip }, async () => {
  const { ann, bob } = await pair("Who has the key?");
  await act(bob, "Who has the key?", "Reply");
  await bob.getByRole("group", { name: `Replying to ${ann.account.name}` }).waitFor();
  await say(bob, "I do");
  const quote = line(ann, "I do").getByRole("link", { name: "In reply to You: Who has the key?" });
  await quote.waitFor();
  await isAccessible(ann, "an answer");
  await quote.click();
  await ann.waitForFunction(() => document.querySelector('[aria-current="true"][data-line]') !== null);
  isClean(ann);
  isClean(bob);
});

test("reactions, pins and stars are seen by those whom they concern", { skip }, async () => {
  const { ann, bob } = await pair("We open on Friday");
  await act(bob, "We open on Friday", "React");
  await bob.getByRole("dialog", { name: "Emoji" }).getByRole("button", { name: "grinning face", exact: true }).click();
  await line(ann, "We open on Friday").getByRole("button", { name: "😀 1" }).click();
  const both = line(bob, "We open on Friday").getByRole("button", { name: "😀 2" });
  await both.waitFor();
  assert.equal(await both.getAttribute("aria-pressed"), "true");
  await act(ann, "We open on Friday", "Pin");
  await line(bob, "We open on Friday").getByText("Pinned").waitFor();
  await act(bob, "We open on Friday", "Star");
  await line(bob, "We open on Friday").getByText("Starred").waitFor();
  assert.equal(await line(ann, "We open on Friday").getByText("Starred").count(), 0);
  await isAccessible(bob, "marks");
  isClean(ann);
  isClean(bob);
});

test("a message is forwarded, and changes that were missed are caught up with", { skip }, async () => {
  const { ann, bob } = await pair("the address is 5 Quay Street");
  await act(ann, "the address", "Forward");
  const dialog = ann.getByRole("dialog", { name: "Forward to" });
  await dialog.getByRole("list", { name: "Chats" }).getByRole("button", { name: "Notes" }).click();
  await ann.getByRole("main", { name: "Notes" }).waitFor();
  await line(ann, "the address").getByText("Forwarded").waitFor();
  await openChat(ann, bob.account.name);
  await bob.context().setOffline(true);
  await act(ann, "the address", "Edit");
  await composer(ann).fill("the address is 7 Quay Street");
  await ann.getByRole("button", { name: "Save" }).click();
  await line(ann, "7 Quay Street").waitFor();
  await bob.context().setOffline(false);
  await line(bob, "7 Quay Street").waitFor({ timeout: 60_000 });
  isClean(ann);
});

test("a mended text that is refused stays, with the reason, over a reload", { skip }, async () => {
  const { ann, bob } = await pair("It is at six");
  await say(bob, "are you sure?");
  await act(ann, "It is at six", "Edit");
  await ann.context().setOffline(true);
  await ann.getByRole("status", { name: "Connection" }).getByText("You are offline.").waitFor({ timeout: 60_000 });
  await composer(ann).fill("It is at seven");
  await ann.getByRole("button", { name: "Save" }).click();
  const editing = ann.getByRole("group", { name: "Editing" });
  await editing.getByRole("alert").getByText("Not saved: You are offline.").waitFor();
  await isAccessible(ann, "an edit that was refused");
  assert.equal(await composer(ann).inputValue(), "It is at seven");
  await ann.context().setOffline(false);
  await ann.reload();
  await editing.getByRole("alert").getByText("Not saved: You are offline.").waitFor();
  assert.equal(await composer(ann).inputValue(), "It is at seven");
  await log(ann).waitFor();
  await line(ann, "are you sure?").waitFor();
  await ann.waitForFunction(() => document.querySelector('[role="status"][aria-label="Connection"]')?.textContent === "");
  await ann.getByRole("button", { name: "Save" }).click();
  await line(bob, "It is at seven").getByText("edited").waitFor();
  await editing.waitFor({ state: "detached" });
  assert.equal(await composer(ann).inputValue(), "");
  isClean(ann);
});
