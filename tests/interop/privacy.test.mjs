// What has arrived on devices, and who may know of it, of reads and of the rest.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NOBODY, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";

const DEFAULT = { Presence: "Everyone", AddToGroups: "Everyone", ReadReceipts: true, Typing: true };

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// A chat of two with fresh people.
async function pair() {
  const people = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Personal", people);
  const [[phone, laptop], [elis, second]] = room.devices;
  return { room, people, phone, laptop, elis, second, ChatId: room.ChatId };
}

const pointers = async (room, device) => {
  const { PartnerReadSeq, DeliveredSeq } = await room.row(device);
  const page = await room.page(device);
  const chat = await device.must("fetch-chat", { ChatId: room.ChatId });
  for (const other of [page, chat]) {
    assert.deepEqual([other.PartnerReadSeq, other.DeliveredSeq], [PartnerReadSeq, DeliveredSeq]);
  }
  return { PartnerReadSeq, DeliveredSeq };
};

test("what has arrived is told to the partner, and only forward", async () => {
  const { room, people, phone, laptop, elis, ChatId } = await pair();
  for (const text of ["one", "two", "three"]) await room.say(phone, text);
  await elis.must("delivered", { ChatId, Seq: 2 });
  for (const device of [phone, laptop]) {
    assert.deepEqual(await device.next("delivered-ack"), { ChatId, User: people[1].id, Seq: 2 });
  }
  assert.deepEqual(await pointers(room, phone), { PartnerReadSeq: 0, DeliveredSeq: 2 });
  assert.deepEqual(await pointers(room, elis), { PartnerReadSeq: 0, DeliveredSeq: 0 });
  for (const Seq of [1, 2, 0]) await elis.must("delivered", { ChatId, Seq });
  await elis.must("delivered", { ChatId, Seq: 1_000_000 });
  for (const device of [phone, laptop]) {
    assert.deepEqual(await device.next("delivered-ack"), { ChatId, User: people[1].id, Seq: 3 });
  }
  assert.deepEqual(await pointers(room, phone), { PartnerReadSeq: 0, DeliveredSeq: 3 });
  const { ReadStatus } = await room.shown(phone, 3);
  assert.equal(ReadStatus[people[1].id], "Unread");
  await room.quiet();
  room.leave();
});

test("what is read has arrived", async () => {
  const { room, phone, elis, ChatId } = await pair();
  for (const text of ["one", "two"]) await room.say(phone, text);
  await room.reads(elis, 2);
  assert.deepEqual(await pointers(room, phone), { PartnerReadSeq: 2, DeliveredSeq: 2 });
  await elis.must("delivered", { ChatId, Seq: 1 });
  assert.deepEqual(await pointers(room, phone), { PartnerReadSeq: 2, DeliveredSeq: 2 });
  room.leave();
});

test("arrivals are told at most once a second, the last one in any case", async () => {
  const { room, phone, elis, ChatId } = await pair();
  for (let n = 1; n <= 10; n += 1) await room.say(phone, `${n}`);
  const begun = performance.now();
  for (let Seq = 1; Seq <= 10; Seq += 1) await elis.must("delivered", { ChatId, Seq });
  const told = [];
  while (told.at(-1) !== 10) told.push((await phone.next("delivered-ack")).Seq);
  const seconds = (performance.now() - begun) / 1_000;
  assert.ok(told.length <= 1 + Math.ceil(seconds), `${told} in ${seconds} s`);
  assert.deepEqual(told, told.toSorted((a, b) => a - b));
  room.leave();
});

test("in groups and notes an arrival is nothing to anybody", async () => {
  for (const kind of ["Group", "Self"]) {
    const room = await stage.room(kind);
    const device = room.devices.at(-1)[0];
    const { Seq } = await room.say(room.devices[0][0], "one");
    assert.equal((await device.must("delivered", { ChatId: room.ChatId, Seq })).Ok, true);
    await room.quiet();
    room.leave();
  }
});

test("arrivals are told of chats that one is in", async () => {
  const { room, elis, ChatId } = await pair();
  const outsider = await stage.eve.connect();
  for (const id of [ChatId, NOBODY]) await refused(outsider, "delivered", [{ ChatId: id, Seq: 1 }], "not_found");
  for (const Seq of ["1", -1, 1.5, null, {}]) await refused(elis, "delivered", [{ ChatId, Seq }], "bad_request");
  outsider.close();
  room.leave();
});

test("privacy is one's own choice, told to one's own devices and kept", async () => {
  const { server } = stage;
  const [dan] = await server.people("Dan");
  const [phone, laptop] = [await dan.connect(), await dan.connect()];
  const details = async (device) => {
    await device.must("fetch-user-details", {});
    return (await device.next("user-details")).Privacy;
  };
  assert.deepEqual(await details(phone), DEFAULT);
  let Privacy = DEFAULT;
  for (const change of [
    { Presence: "Contacts" },
    { AddToGroups: "Nobody", Typing: false },
    { ReadReceipts: false, Presence: null },
    { Presence: "Nobody", AddToGroups: "Contacts", ReadReceipts: true, Typing: true },
  ]) {
    Privacy = { ...Privacy, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null)) };
    assert.deepEqual(await phone.must("set-privacy", change), { Ok: true, Privacy });
    assert.deepEqual(await laptop.next("privacy-changed"), { Privacy });
    assert.deepEqual(await phone.must("set-privacy", change), { Ok: true, Privacy });
    await laptop.quiet();
    await phone.quiet();
  }
  await server.restart({ signal: "SIGKILL" });
  const back = await dan.connect();
  assert.deepEqual(await details(back), Privacy);
  back.close();
});

test("privacy has these fields and values, and at least one is named", async () => {
  const [dan] = await stage.server.people("Dan");
  const [phone, laptop] = [await dan.connect(), await dan.connect()];
  const presences = ["everyone", "", true].map((Presence) => ({ Presence }));
  const others = [{ AddToGroups: "All" }, { AddToGroups: 5 }, { ReadReceipts: "true" }, { ReadReceipts: 1 }, { Typing: "Nobody" }];
  const nothing = [{}, { Other: 1 }, { Presence: null }];
  for (const payload of [...nothing, ...presences, ...others, { Typing: true, Presence: "x" }]) await refused(phone, "set-privacy", [payload], "bad_request");
  await laptop.quiet();
  await phone.must("fetch-user-details", {});
  assert.deepEqual((await phone.next("user-details")).Privacy, DEFAULT);
  for (const device of [phone, laptop]) device.close();
});

test("without receipts reads count for oneself, and others see where one stood before", async () => {
  const { room, people, phone, elis, second, ChatId } = await pair();
  const [, eli] = people;
  for (const text of ["one", "two", "three"]) await room.say(phone, text);
  await room.reads(elis, 1);
  await elis.must("set-privacy", { ReadReceipts: false });
  await second.next("privacy-changed");

  await elis.must("read-personal-message", { ChatId, Seq: 2 });
  assert.deepEqual(await second.next("chat-read").then(({ Seq, Unread }) => ({ Seq, Unread })), { Seq: 2, Unread: 1 });
  await elis.must("delivered", { ChatId, Seq: 3 });
  assert.deepEqual(await pointers(room, phone), { PartnerReadSeq: 1, DeliveredSeq: 1 });
  const { Messages } = await room.page(phone);
  assert.deepEqual(Messages.map(({ ReadStatus }) => ReadStatus[eli.id]), ["Unread", "Unread", "Read"]);
  const row = await room.row(elis);
  assert.deepEqual([row.Unread, row.ReadSeq], [1, 2]);
  await room.quiet();

  await elis.must("set-privacy", { ReadReceipts: true });
  await second.next("privacy-changed");
  assert.equal((await pointers(room, phone)).PartnerReadSeq, 1, "until the next read");
  await room.reads(elis, 3);
  assert.deepEqual(await pointers(room, phone), { PartnerReadSeq: 3, DeliveredSeq: 3 });
  room.leave();
});

test("without receipts groups hear nothing of reads either", async () => {
  const [dan, eli] = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Group", [dan, eli]);
  const [[phone], [elis, second]] = room.devices;
  await elis.must("set-privacy", { ReadReceipts: false });
  await second.next("privacy-changed");
  const { Seq } = await room.say(phone, "one");
  await elis.must("read-group-message", { ...room.name, Seq });
  assert.equal((await second.next("chat-read")).Seq, Seq);
  assert.equal((await room.shown(phone, Seq)).ReadStatus[eli.id], "Unread");
  await room.quiet();
  room.leave();
});

test("what is kept about somebody can be had whole", async () => {
  const { server } = stage;
  const { room, people, phone, laptop, ChatId } = await pair();
  const { Seq } = await room.say(phone, "mine");
  await room.change(phone, "react", { Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await laptop.next("message-mine");
  await room.mark(phone, "star-message", { Seq, On: true });
  const { status, text } = await server.get("/me/export", { authorization: `Bearer ${people[0].tokens.accessToken}` });
  assert.equal(status, 200);
  const { Reactions, Starred, Prefs, Privacy } = JSON.parse(text);
  for (const list of [Reactions, Starred]) assert.deepEqual(list.map((mark) => [mark.ChatId, mark.Seq]), [[ChatId, Seq]]);
  assert.ok(Prefs);
  assert.deepEqual(Privacy, DEFAULT);
  room.leave();
});
