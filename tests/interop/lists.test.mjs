// Lists, pages and `fetch-chat`, as clients see them that know more than the first part of the contract.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SETTINGS } from "./members.mjs";
import { ALL_KINDS, NOBODY, Stage } from "./room.mjs";
import { hasKeys, refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const seqs = ({ Messages }) => Messages.map(({ Seq }) => Seq);

test("what is asked of a group is answered whole", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "one");
  await room.reads(bobs, Seq);
  const row = ({ id, name }, Role) => ({ _id: id, Name: name, Role, Rev: 0 });
  const expected = {
    ChatId,
    Kind: "Group",
    LastSeq: 1,
    Rev: 0,
    Own: 0,
    ReadSeq: 1,
    Prefs: { Own: 0, FirstSeq: 1 },
    Info: { Rev: 0, Name: "Band", Description: "Thursdays", Admin: ann.id, Settings: SETTINGS },
    Roster: { Rev: 0, Members: [row(ann, "Owner"), row(bob, "Member"), row(cat, "Member")] },
  };
  assert.deepEqual(await bobs.must("fetch-chat", { ChatId }), { Ok: true, ...expected });
  bobs.emit("fetch-chat", { ChatId });
  assert.deepEqual(await bobs.next("chat"), expected);
  await room.quiet();
  room.leave();
});

test("what is asked of a chat of two names the partner and how far it is there", async () => {
  const [dan, eli] = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Personal", [dan, eli]);
  const [[phone], [elis]] = room.devices;
  const { ChatId } = room;
  const chat = (LastSeq, ReadSeq, PartnerId, PartnerReadSeq) => {
    const numbers = { LastSeq, Rev: 0, Own: 0, ReadSeq, PartnerReadSeq, DeliveredSeq: PartnerReadSeq };
    return { Ok: true, ChatId, Kind: "Personal", ...numbers, Prefs: { Own: 0, FirstSeq: 1 }, PartnerId };
  };
  assert.deepEqual(await phone.must("fetch-chat", { ChatId }), chat(0, 0, eli.id, 0));
  await room.say(phone, "one");
  const { Seq } = await room.say(phone, "two");
  await room.reads(elis, 1);
  assert.deepEqual(await phone.must("fetch-chat", { ChatId }), chat(Seq, 0, eli.id, 1));
  assert.deepEqual(await elis.must("fetch-chat", { ChatId }), chat(Seq, 1, dan.id, 0));
  room.leave();
});

test("what is asked of notes has nobody else in it", async () => {
  const [dan] = await stage.server.people("Dan");
  const device = await dan.connect();
  const { Ok, ReadSeq, ...chat } = await device.must("fetch-chat", { ChatId: dan.id });
  assert.deepEqual(chat, { ChatId: dan.id, Kind: "Self", LastSeq: 0, Rev: 0, Own: 0, Prefs: { Own: 0, FirstSeq: 1 } });
  assert.equal(ReadSeq, 0);
  device.close();
});

test("a chat that one is not in is not there", async () => {
  const room = await stage.room("Group");
  const device = await stage.eve.connect();
  for (const ChatId of [room.ChatId, NOBODY, stage.ann.id, "", "x"]) {
    await refused(device, "fetch-chat", [{ ChatId }], "not_found");
  }
  device.close();
  room.leave();
});

test("a row of the lists has what a client begins with", async () => {
  const [dan, eli] = await stage.server.people("Dan", "Eli");
  const pair = await stage.room("Personal", [dan, eli]);
  const group = await stage.room("Group", [dan, eli]);
  const [[phone], [elis]] = pair.devices;
  const common = ["_id", "LastChat", "Unread", "LastSeq", "ReadSeq", "Rev", "Own", "Prefs", "Mentioned"];
  const empty = { Unread: 0, Mentioned: 0, LastSeq: 0, ReadSeq: 0, Rev: 0, Own: 0, Prefs: { Own: 0, FirstSeq: 1 } };
  for (const [device, Partner, Role] of [[phone, eli, "Owner"], [elis, dan, "Member"]]) {
    const row = await pair.row(device);
    hasKeys(row, ...common, "Partner", "PartnerId", "PartnerReadSeq", "DeliveredSeq");
    const { _id, LastChat } = row;
    assert.deepEqual(row, { ...empty, _id, LastChat, Partner: Partner.name, PartnerId: Partner.id, PartnerReadSeq: 0, DeliveredSeq: 0 });
    hasKeys(await group.row(device), ...common, "Name", "Role");
    assert.equal((await group.row(device)).Role, Role);
  }
  const text = `${"x".repeat(119)}😀😀`;
  for (const room of [pair, group]) {
    const { Seq, Timestamp, SenderId, Sender } = await room.say(room.devices[0][0], text);
    await room.reads(room.devices[1][0], Seq);
    const Last = { Seq, Timestamp, SenderId, Sender, Content: `${"x".repeat(119)}😀` };
    const row = await room.row(room.devices[0][0]);
    assert.deepEqual([row.Last, row.LastSeq, row.LastChat], [Last, Seq, Timestamp]);
  }
  const { PartnerReadSeq, DeliveredSeq, ReadSeq } = await pair.row(phone);
  assert.deepEqual([PartnerReadSeq, DeliveredSeq, ReadSeq], [1, 1, 0]);
  const { personal, groups } = (await dan.connect()).opening;
  assert.deepEqual([personal[0], groups[0]], [await pair.row(phone), await group.row(phone)]);
  for (const room of [pair, group]) room.leave();
});

test("a row shows the newest message if it can be seen", async () => {
  const { cat } = stage;
  const room = await stage.room("Group", [stage.ann, stage.bob]);
  const [[phone]] = room.devices;
  await room.say(phone, "before");
  await phone.must("add-member", { ...room.name, Member: cat.id });
  const cats = await cat.connect();
  const row = await room.row(cats);
  assert.ok(!("Last" in row));
  assert.deepEqual([row.LastSeq, row.Unread, row.Prefs.FirstSeq, row.Role], [1, 0, 2, "Member"]);
  const { Seq } = await phone.must(room.send, { ...room.name, Content: "after" });
  await phone.must("edit-message", { ChatId: room.ChatId, Seq, Content: "afterwards" });
  assert.equal((await room.row(cats)).Last.Content, "afterwards");
  cats.close();
  room.leave();
});

for (const kind of ALL_KINDS) {
  test(`pages have the chat's numbers, and go forward as well as back: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const first = (await phone.must("fetch-chat", { ChatId: room.ChatId })).LastSeq;
    const said = Array.from({ length: 7 }, (_, n) => phone.must(room.send, { ...room.name, Content: `${n + 1}` }));
    await Promise.all(said);
    const page = async (more) => {
      const { Messages, HasMore } = await room.page(phone, more);
      return [Messages.map(({ Seq }) => Seq - first), HasMore];
    };
    const after = (n) => first + n;
    assert.deepEqual(await page({ After: after(0), Limit: 3 }), [[3, 2, 1], true]);
    assert.deepEqual(await page({ After: after(3), Limit: 3 }), [[6, 5, 4], true]);
    assert.deepEqual(await page({ After: after(4), Limit: 3 }), [[7, 6, 5], false]);
    assert.deepEqual(await page({ After: after(6), Limit: 3 }), [[7], false]);
    for (const n of [7, 8, 1_000]) assert.deepEqual(await page({ After: after(n) }), [[], false]);
    assert.deepEqual(await page({ After: after(5), Before: null }), [[7, 6], false]);
    assert.deepEqual(await page({ Before: after(3), After: null, Limit: 1 }), [[2], true]);
    await refused(phone, room.fetch, [{ ...room.name, After: 1, Before: 3 }], "bad_request");
    for (const After of ["1", -1, 1.5, {}, [], true]) await refused(phone, room.fetch, [{ ...room.name, After }], "bad_request");

    const { Rev, Own } = await phone.must("fetch-chat", { ChatId: room.ChatId });
    const whole = await room.page(phone);
    assert.deepEqual([whole.Rev, whole.Own, whole.FirstSeq], [Rev, Own, 1]);
    assert.deepEqual(["PartnerReadSeq" in whole, "DeliveredSeq" in whole], Array(2).fill(kind === "Personal"));
    room.leave();
  });
}

test("a page forward begins where the reader's view begins", async () => {
  const { cat } = stage;
  const room = await stage.room("Group", [stage.ann, stage.bob]);
  const [[phone]] = room.devices;
  for (const text of ["one", "two"]) await room.say(phone, text);
  await phone.must("add-member", { ...room.name, Member: cat.id });
  const cats = await cat.connect();
  await phone.must(room.send, { ...room.name, Content: "three" });
  const page = await cats.fetch(room.fetch, { ...room.name, After: 0 });
  assert.deepEqual([seqs(page), page.HasMore, page.FirstSeq], [[3], false, 3]);
  cats.close();
  room.leave();
});

test("a chat with changes is still one for those who know nothing of them", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ann, bob, cat } = stage;
  const said = await room.say(phone, "helo");
  await room.change(phone, "edit-message", { Seq: said.Seq, Content: "hello" }, "Edited");
  const reply = await room.say(bobs, "hi", { ReplyTo: said.Seq });
  const old = ["ChatId", "GroupId", "Content", "Sender", "SenderId", "_id", "Seq", "Timestamp"];
  for (const field of old) assert.ok(Object.hasOwn(reply, field), field);
  const page = await room.page(bobs);
  for (const field of ["Admin", "Name", "Description", "Participants", "Messages", "GroupId", "HasMore"]) assert.ok(field in page, field);
  const [, { Content, ReadStatus, Id, _id }] = page.Messages;
  assert.deepEqual([Content, Id, _id], ["hello", said._id, said._id]);
  assert.deepEqual(ReadStatus, { [ann.id]: "Read", [bob.id]: "Unread", [cat.id]: "Unread" });
  const row = await room.missed(bobs, 0);
  assert.deepEqual(seqs(row), [said.Seq, reply.Seq]);
  const other = await bobs.must("sync", { Chats: { [room.ChatId]: said.Seq } });
  assert.deepEqual(seqs(other.Chats.find(({ Id }) => Id === room.ChatId)), [reply.Seq]);
  room.leave();
});

test("where the server opens histories, all is visible to all", async () => {
  const { server, ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone]] = room.devices;
  const { ChatId, name } = room;
  const { Seq } = await room.say(phone, "before");
  await phone.must("add-member", { ...name, Member: cat.id });
  room.leave();
  await server.restart({ settings: { "groups.history_for_new_members": "true" } });
  const [eves, cats, anns] = [await stage.eve.connect(), await cat.connect(), await ann.connect()];
  await anns.must("add-member", { ...name, Member: stage.eve.id });
  for (const device of [cats, eves]) {
    const chat = await device.must("fetch-chat", { ChatId });
    assert.equal(chat.Prefs.FirstSeq, 1);
    const page = await device.fetch(room.fetch, name);
    assert.deepEqual([seqs(page), page.FirstSeq], [[Seq], 1]);
    const { Message } = await device.must("react", { ChatId, Seq, Emoji: "👍", On: true });
    assert.equal((await anns.next("message-changed")).Rev, Message.Rev);
  }
  for (const device of [eves, cats, anns]) device.close();
});
