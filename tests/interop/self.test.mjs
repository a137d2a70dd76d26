// Notes to oneself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.mjs";
import { hasKeys, isId, isLive, isStored, isTime } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

test("a user asks for their own details", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  for (const payload of [[{}], [], [{ anything: 1 }]]) {
    await device.must("fetch-user-details", ...payload);
    const { Privacy, ...details } = await device.next("user-details");
    assert.deepEqual(details, { Name: ann.name, Email: ann.email, Id: ann.id });
  }
  device.emit("fetch-user-details");
  await device.next("user-details");
  await device.quiet();
  device.close();
});

test("a note is stored, heard by the own other devices and by nobody else", async () => {
  const [ann, bob] = await server.people("Ann", "Bob");
  const [phone, laptop, stranger] = [await ann.connect(), await ann.connect(), await bob.connect()];
  const stored = await phone.must("send-self-message", { Content: "milk" });
  isStored(stored, ann.id, 1);
  isLive(await laptop.next("sent-self-message"), stored, ann, "milk");
  const tagged = await laptop.must("send-self-message", { Content: "eggs", ClientId: "note-1" });
  isStored(tagged, ann.id, 2);
  isLive(await phone.next("sent-self-message"), tagged, ann, "eggs", { ClientId: "note-1" });

  const notes = await phone.fetch("fetch-self-chat");
  hasKeys(notes, "Messages", "Name", "ChatId", "HasMore", "Rev", "Own", "FirstSeq");
  assert.equal(notes.Name, ann.name);
  assert.equal(notes.ChatId, ann.id);
  assert.equal(notes.HasMore, false);
  assert.deepEqual(notes.Messages, [
    { Content: "eggs", Timestamp: tagged.Timestamp, _id: tagged._id, Seq: 2 },
    { Content: "milk", Timestamp: stored.Timestamp, _id: stored._id, Seq: 1 },
  ]);
  for (const message of notes.Messages) {
    isId(message._id);
    isTime(message.Timestamp);
  }
  for (const device of [phone, laptop]) await device.quiet("fetch-self-chat");
  await stranger.quiet();
});

test("the own id is a chat like any other to both send events", async () => {
  const [ann] = await server.people("Ann");
  const [phone, laptop] = [await ann.connect(), await ann.connect()];
  const first = await phone.must("send-personal-message", { ChatId: ann.id, Content: "one" });
  isLive(await laptop.next("sent-self-message"), first, ann, "one");
  const second = await phone.must("send-group-message", { GroupId: ann.id, Content: "two" });
  isLive(await laptop.next("sent-self-message"), second, ann, "two");
  const notes = await laptop.fetch("fetch-self-chat");
  assert.deepEqual(notes.Messages.map((note) => note.Content), ["two", "one"]);
  await phone.quiet("fetch-self-chat");
});

test("a note without an acknowledgement is stored all the same", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  device.emit("send-self-message", { Content: "quietly" });
  const notes = await device.fetch("fetch-self-chat");
  assert.deepEqual(notes.Messages.map((note) => note.Content), ["quietly"]);
  await device.quiet("fetch-self-chat");
});

test("text comes back as it went: accents, emoji, markup, blanks, the largest size", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  const texts = ["é€😀", "<img src=x onerror=alert(1)>", "  a\n\tb  ", "\u2028\u202e\ufeff", '"\\', "é".repeat(8192), "\u0001".repeat(16384)];
  for (const Content of texts) await device.must("send-self-message", { Content });
  const notes = await device.fetch("fetch-self-chat");
  assert.deepEqual(notes.Messages.map((note) => note.Content), texts.toReversed());
});
