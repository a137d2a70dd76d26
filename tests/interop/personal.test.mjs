// Chats of two people.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.mjs";
import { hasKeys, isId, isLive, isPersonalRow, isStored, refused, refusedByEvent } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

/// Two people who share a chat; both devices have heard of it.
async function pair() {
  const [ann, bob] = await server.people("Ann", "Bob");
  const [annsPhone, bobsPhone] = [await ann.connect(), await bob.connect()];
  await annsPhone.must("create-personal-chat", { Receiver: bob.id });
  const { ChatId } = await annsPhone.next("create-personal-chat-creator");
  await bobsPhone.next("create-personal-chat-partner");
  return { ann, bob, annsPhone, bobsPhone, ChatId };
}

test("a chat begins: both sides and all their devices hear of it once, outsiders do not", async () => {
  const [ann, bob, eve] = await server.people("Ann", "Bob", "Eve");
  const [phone, laptop, bobsPhone, bobsLaptop, outsider] = [
    await ann.connect(),
    await ann.connect(),
    await bob.connect(),
    await bob.connect(),
    await eve.connect(),
  ];
  await phone.must("check-chat", { Receiver: bob.id });
  assert.deepEqual(await phone.next("create-chat-result"), { Exists: 0, Partner: bob.name });

  await phone.must("create-personal-chat", { Receiver: bob.id, Partner: "Somebody Else", UserName: "Nobody" });
  const created = await phone.next("create-personal-chat-creator");
  hasKeys(created, "ChatId", "Partner");
  isId(created.ChatId);
  assert.equal(created.Partner, bob.name);
  const { ChatId } = created;
  assert.deepEqual(await laptop.next("create-personal-chat-partner"), { ChatId, Partner: bob.name });
  for (const device of [bobsPhone, bobsLaptop]) {
    assert.deepEqual(await device.next("create-personal-chat-partner"), { ChatId, Partner: ann.name });
  }

  for (const device of [bobsPhone, laptop]) {
    const [Receiver, Partner] = device === laptop ? [bob.id, bob.name] : [ann.id, ann.name];
    for (const event of ["create-personal-chat", "check-chat"]) {
      await device.must(event, { Receiver });
      assert.deepEqual(await device.next("create-chat-result"), { Exists: 1, ChatId, Partner });
    }
  }
  for (const device of [phone, laptop, bobsPhone, bobsLaptop]) await device.quiet("fetch-personal-chat", { ChatId });
  await outsider.quiet("fetch-personal-chat", { ChatId });
});

test("the list shows a chat to both, with its partner's name", async () => {
  const { ann, bob, ChatId, annsPhone } = await pair();
  const stored = await annsPhone.must("send-personal-message", { ChatId, Content: "hello" });
  for (const [who, other, Unread] of [
    [ann, bob, 0],
    [bob, ann, 1],
  ]) {
    const device = await who.connect();
    assert.equal(device.opening.personal.length, 1);
    const [row] = device.opening.personal;
    isPersonalRow(row);
    const { _id, Partner, PartnerId, LastSeq, LastChat } = row;
    assert.deepEqual(
      { _id, Partner, PartnerId, LastSeq, LastChat, Unread: row.Unread },
      { _id: ChatId, Partner: other.name, PartnerId: other.id, LastSeq: 1, LastChat: stored.Timestamp, Unread },
    );
    assert.deepEqual(device.opening.groups, []);
    await device.must("list-chats", {});
    assert.deepEqual(await device.next("personal-chat-list"), { PersonalChatList: device.opening.personal });
    assert.deepEqual(await device.next("group-chat-list"), { GroupChatList: [] });
  }
});

test("the list is sorted by the last chat, newest first", async () => {
  const [ann, bob, cat] = await server.people("Ann", "Bob", "Cat");
  const device = await ann.connect();
  const chats = [];
  for (const { id } of [bob, cat]) {
    await device.must("create-personal-chat", { Receiver: id });
    chats.push((await device.next("create-personal-chat-creator")).ChatId);
  }
  for (const ChatId of [...chats, chats[0]]) {
    const { Timestamp } = await device.must("send-personal-message", { ChatId, Content: "hi" });
    while (new Date().toISOString() <= Timestamp) await new Promise(setImmediate);
  }
  const list = await device.fetch("list-chats");
  assert.deepEqual(list.PersonalChatList.map((row) => row._id), chats);
});

test("a message reaches the partner and the own other devices, never the sender", async () => {
  const { ann, bob, annsPhone, bobsPhone, ChatId } = await pair();
  const [laptop, bobsLaptop] = [await ann.connect(), await bob.connect()];
  const first = await annsPhone.must("send-personal-message", { ChatId, Content: "hello" });
  isStored(first, ChatId, 1);
  for (const device of [bobsPhone, bobsLaptop]) {
    isLive(await device.next("receive-personal-message"), first, ann, "hello");
  }
  isLive(await laptop.next("sent-personal-message"), first, ann, "hello");

  const second = await bobsPhone.must("send-personal-message", { ChatId, Content: "hi", ClientId: "b-1" });
  isStored(second, ChatId, 2);
  for (const device of [annsPhone, laptop]) {
    isLive(await device.next("receive-personal-message"), second, bob, "hi", { ClientId: "b-1" });
  }
  isLive(await bobsLaptop.next("sent-personal-message"), second, bob, "hi", { ClientId: "b-1" });
  for (const device of [annsPhone, laptop, bobsPhone, bobsLaptop]) await device.quiet("fetch-personal-chat", { ChatId });
});

test("the history names senders by id, the newest first, and does not mark read", async () => {
  const { ann, bob, annsPhone, bobsPhone, ChatId } = await pair();
  const first = await annsPhone.must("send-personal-message", { ChatId, Content: "one" });
  const second = await bobsPhone.must("send-personal-message", { ChatId, Content: "two" });
  const row = ({ _id, Timestamp, Seq }, Sender, Content, ReadStatus) => ({ Sender, Content, ReadStatus, Timestamp, _id, Seq });
  for (const [device, me, other] of [
    [annsPhone, ann, bob],
    [bobsPhone, bob, ann],
  ]) {
    const chat = await device.fetch("fetch-personal-chat", { ChatId, Partner: "Made Up" });
    assert.deepEqual(chat, {
      Messages: [
        row(second, bob.id, "two", { [ann.id]: "Unread", [bob.id]: "Read" }),
        row(first, ann.id, "one", { [ann.id]: "Read", [bob.id]: "Unread" }),
      ],
      UserId: me.id,
      User: me.name,
      Partner: other.name,
      ChatId,
      HasMore: false,
      Rev: 0,
      Own: 0,
      FirstSeq: 1,
      PartnerReadSeq: 0,
      DeliveredSeq: 0,
    });
  }
  const again = await bob.connect();
  assert.equal(again.opening.personal[0].Unread, 1);
});

test("two people who begin a chat with each other at the same moment get one chat", async () => {
  for (let round = 0; round < 20; round += 1) {
    const [ann, bob] = await server.people("Ann", "Bob");
    const [annsPhone, bobsPhone] = [await ann.connect(), await bob.connect()];
    await Promise.all([
      annsPhone.must("create-personal-chat", { Receiver: bob.id }),
      bobsPhone.must("create-personal-chat", { Receiver: ann.id }),
    ]);
    const [annsList, bobsList] = [await annsPhone.fetch("list-chats"), await bobsPhone.fetch("list-chats")];
    assert.equal(annsList.PersonalChatList.length, 1);
    assert.deepEqual(annsList.PersonalChatList.map((row) => row._id), bobsList.PersonalChatList.map((row) => row._id));
    const answers = ["create-personal-chat-creator", "create-chat-result"];
    const told = [await annsPhone.either(...answers), await bobsPhone.either(...answers)];
    assert.deepEqual(told.map((event) => event.name).sort(), answers.toSorted());
    const [first, second] = told[0].name === answers[0] ? [annsPhone, bobsPhone] : [bobsPhone, annsPhone];
    await second.next("create-personal-chat-partner");
    await Promise.all([first.quiet(), second.quiet()]);
    annsPhone.close();
    bobsPhone.close();
  }
});

test("messages of both sides at once have one order without gaps, the same for both", async () => {
  const { ann, bob, annsPhone, bobsPhone, ChatId } = await pair();
  const count = 30;
  const say = (device, who) =>
    Array.from({ length: count }, (_, n) => device.must("send-personal-message", { ChatId, Content: `${who} ${n}` }));
  const acks = await Promise.all([...say(annsPhone, "ann"), ...say(bobsPhone, "bob")]);
  assert.deepEqual(acks.map((ack) => ack.Seq).sort((a, b) => a - b), Array.from({ length: 2 * count }, (_, n) => n + 1));

  const chat = await annsPhone.fetch("fetch-personal-chat", { ChatId, Limit: 200 });
  const order = chat.Messages.toReversed();
  assert.deepEqual(order.map((message) => message.Seq), Array.from({ length: 2 * count }, (_, n) => n + 1));
  for (const [device, from, other] of [
    [annsPhone, bob, "bob"],
    [bobsPhone, ann, "ann"],
  ]) {
    const heard = await device.take("receive-personal-message", count);
    const expected = order.filter((message) => message.Sender === from.id);
    assert.deepEqual(heard.map((message) => message.Seq), expected.map((message) => message.Seq));
    assert.deepEqual(heard.map((message) => message.Content), Array.from({ length: count }, (_, n) => `${other} ${n}`));
  }
});

test("the same ClientId is the same message, told once, and another sender's is another message", async () => {
  const { annsPhone, bobsPhone, ChatId } = await pair();
  const message = { ChatId, Content: "once", ClientId: "k".repeat(64) };
  const [first, ...repeats] = await Promise.all([1, 2, 3].map(() => annsPhone.must("send-personal-message", message)));
  for (const repeat of repeats) assert.deepEqual(repeat, { ...first, Repeat: true });
  const later = await annsPhone.must("send-personal-message", { ...message, Content: "changed" });
  assert.deepEqual(later, { ...first, Repeat: true });
  const theirs = await bobsPhone.must("send-personal-message", { ...message, Content: "mine" });
  isStored(theirs, ChatId, 2);
  await bobsPhone.next("receive-personal-message");
  await annsPhone.next("receive-personal-message");
  await annsPhone.quiet("fetch-personal-chat", { ChatId });
  await bobsPhone.quiet("fetch-personal-chat", { ChatId });
  const chat = await bobsPhone.fetch("fetch-personal-chat", { ChatId });
  assert.deepEqual(chat.Messages.map((stored) => stored.Content), ["mine", "once"]);
});

test("checking for a chat with oneself finds the notes", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  await device.must("check-chat", { Receiver: ann.id });
  assert.deepEqual(await device.next("create-chat-result"), { Exists: 1, ChatId: ann.id, Partner: ann.name });
});

test("a chat with nobody cannot begin", async () => {
  const [ann, bob] = await server.people("Ann", "Bob");
  const device = await ann.connect();
  const nobody = "01890000-0000-7000-8000-000000000000";
  for (const Receiver of [nobody, "", "x", bob.id.toUpperCase(), `${bob.id} `, "%", "' OR 1=1 --"]) {
    await refused(device, "create-personal-chat", [{ Receiver }], "not_found");
    await refused(device, "check-chat", [{ Receiver }], "not_found");
  }
  await device.quiet();
  assert.deepEqual((await device.fetch("list-chats")).PersonalChatList, []);
});

test("an outsider can do nothing in a chat and learns nothing of it", async () => {
  const { annsPhone, bobsPhone, ChatId } = await pair();
  const [eve] = await server.people("Eve");
  const device = await eve.connect();
  await annsPhone.must("send-personal-message", { ChatId, Content: "between us" });
  await bobsPhone.next("receive-personal-message");
  const nowhere = "01890000-0000-7000-8000-000000000000";
  const attempts = [
    ["fetch-personal-chat", {}],
    ["send-personal-message", { Content: "let me in" }],
    ["read-personal-message", {}],
  ];
  for (const [event, payload] of attempts) {
    const here = await refused(device, event, [{ ...payload, ChatId }], "not_found");
    const there = await refused(device, event, [{ ...payload, ChatId: nowhere }], "not_found");
    assert.equal(here, there, "a chat of others answers like one that does not exist");
  }
  await refusedByEvent(device, "fetch-group-chat", [{ GroupId: ChatId }], "not_found");
  for (const member of [annsPhone, bobsPhone]) await member.quiet("fetch-personal-chat", { ChatId });
  const chat = await bobsPhone.fetch("fetch-personal-chat", { ChatId });
  assert.deepEqual(chat.Messages.map((message) => message.Content), ["between us"]);
});
