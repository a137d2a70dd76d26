// Read pointers, read receipts and unread counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";
import { refused } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

async function pair(count) {
  const [ann, bob] = await server.people("Ann", "Bob");
  const [annsPhone, bobsPhone] = [await ann.connect(), await bob.connect()];
  await annsPhone.must("create-personal-chat", { Receiver: bob.id });
  const { ChatId } = await annsPhone.next("create-personal-chat-creator");
  await bobsPhone.next("create-personal-chat-partner");
  for (let n = 1; n <= count; n += 1) {
    await annsPhone.must("send-personal-message", { ChatId, Content: `${n}` });
    await bobsPhone.next("receive-personal-message");
  }
  return { ann, bob, annsPhone, bobsPhone, ChatId };
}

const row = async (device, id) => {
  const { PersonalChatList } = await device.fetch("list-chats");
  return PersonalChatList.find((chat) => chat._id === id);
};

test("reading tells the others how far, the own other devices what is left, and oneself nothing", async () => {
  const { bob, annsPhone, bobsPhone, ChatId } = await pair(3);
  const laptop = await bob.connect();
  assert.equal(laptop.opening.personal[0].Unread, 3);

  await bobsPhone.must("read-personal-message", { ChatId, Seq: 2 });
  assert.deepEqual(await annsPhone.next("read-personal-msg-ack"), { ChatId, Reader: bob.id, Seq: 2 });
  assert.deepEqual(await laptop.next("chat-read"), { ChatId, Seq: 2, Unread: 1, Mentioned: 0 });
  const { Unread, ReadSeq, LastSeq } = await row(bobsPhone, ChatId);
  assert.deepEqual({ Unread, ReadSeq, LastSeq }, { Unread: 1, ReadSeq: 2, LastSeq: 3 });

  await bobsPhone.must("read-personal-message", { ChatId });
  assert.deepEqual(await annsPhone.next("read-personal-msg-ack"), { ChatId, Reader: bob.id, Seq: 3 });
  assert.deepEqual(await laptop.next("chat-read"), { ChatId, Seq: 3, Unread: 0, Mentioned: 0 });
  assert.equal((await row(laptop, ChatId)).Unread, 0);
  for (const device of [annsPhone, bobsPhone, laptop]) await device.quiet("fetch-personal-chat", { ChatId });
});

test("the read status of each message follows the pointers", async () => {
  const { ann, bob, annsPhone, bobsPhone, ChatId } = await pair(3);
  await bobsPhone.must("read-personal-message", { ChatId, Seq: 2 });
  await annsPhone.next("read-personal-msg-ack");
  const { Messages } = await annsPhone.fetch("fetch-personal-chat", { ChatId });
  assert.deepEqual(
    Messages.map((message) => message.ReadStatus),
    ["Unread", "Read", "Read"].map((status) => ({ [ann.id]: "Read", [bob.id]: status })),
  );
});

test("a pointer neither moves back nor past the newest, and a pointer that stays is not announced", async () => {
  const { bob, annsPhone, bobsPhone, ChatId } = await pair(3);
  const laptop = await bob.connect();
  await bobsPhone.must("read-personal-message", { ChatId, Seq: 999 });
  assert.equal((await annsPhone.next("read-personal-msg-ack")).Seq, 3);
  assert.equal((await laptop.next("chat-read")).Seq, 3);
  for (const payload of [{ ChatId }, { ChatId, Seq: 1 }, { ChatId, Seq: 3 }, { ChatId, Seq: 4 }]) {
    await bobsPhone.must("read-personal-message", payload);
  }
  for (const device of [annsPhone, bobsPhone, laptop]) await device.quiet("fetch-personal-chat", { ChatId });
  assert.equal((await row(bobsPhone, ChatId)).ReadSeq, 3);
});

test("own messages are never unread", async () => {
  const { annsPhone, bobsPhone, ChatId } = await pair(2);
  assert.equal((await row(annsPhone, ChatId)).Unread, 0);
  await bobsPhone.must("send-personal-message", { ChatId, Content: "answer" });
  await annsPhone.next("receive-personal-message");
  assert.equal((await row(annsPhone, ChatId)).Unread, 1);
  assert.equal((await row(bobsPhone, ChatId)).Unread, 2, "answering is not reading");
});

test("in a group everybody's pointer is their own", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [ann, bob, cat] = people;
  const [annsPhone, bobs, cats] = devices;
  const laptop = await bob.connect();
  for (const Content of ["one", "two"]) await annsPhone.must("send-group-message", { GroupId, Content });
  for (const device of [bobs, laptop, cats]) await device.take("receive-group-message", 2);
  await bobs.must("read-group-message", { GroupId, Seq: 1 });
  for (const device of [annsPhone, cats]) {
    const told = { Reader: bob.id, GroupId, ChatId: GroupId, Seq: 1 };
    assert.deepEqual(await device.next("read-grp-msg-ack"), told);
  }
  assert.deepEqual(await laptop.next("chat-read"), { ChatId: GroupId, Seq: 1, Unread: 1, Mentioned: 0 });
  const { Messages } = await cats.fetch("fetch-group-chat", { GroupId });
  const status = (bobs) => ({ [ann.id]: "Read", [bob.id]: bobs, [cat.id]: "Unread" });
  assert.deepEqual(Messages.map((message) => message.ReadStatus), [status("Unread"), status("Read")]);
  for (const device of [...devices, laptop]) await device.quiet("fetch-group-chat", { GroupId });

  await bobs.must("read-group-message", { GroupId });
  await annsPhone.next("read-grp-msg-ack");
  const [unread] = (await bob.connect()).opening.groups.map((chat) => chat.Unread);
  assert.equal(unread, 0);
});

test("a pointer is a whole number, not below zero", async () => {
  const { bobsPhone, annsPhone, ChatId } = await pair(1);
  for (const Seq of ["1", 1.5, -1, {}, [], true]) {
    await refused(bobsPhone, "read-personal-message", [{ ChatId, Seq }], "bad_request");
  }
  await annsPhone.quiet("fetch-personal-chat", { ChatId });
});
