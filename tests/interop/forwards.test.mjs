// Messages that are sent on to another chat.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, NOBODY, Stage, state } from "./room.mjs";
import { isStored, refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// Forwards; everybody in the other chat hears it, and it is returned as it was heard.
async function forward(from, device, Seq, to, sender, more = {}) {
  const answer = await device.must("forward-message", { ChatId: from.ChatId, Seq, To: to.ChatId, ...more });
  isStored(answer, to.ChatId, answer.Seq);
  return to.hears(sender, answer);
}

/// A room of the first kind, one of the second beside it, and Ann's phone in both.
async function rooms(first, second) {
  const from = await stage.room(first);
  const made = [from, await stage.room(second, undefined, from)];
  return { made, phone: from.devices[0][0] };
}

for (const kind of ALL_KINDS) {
  test(`what is forwarded is a message of one's own that says no more than that: ${kind}`, async () => {
    const { made, phone } = await rooms("Group", kind);
    const [from, to] = made;
    const { ann, bob } = stage;
    const [, [bobs]] = from.devices;
    const quoted = await from.say(phone, "before");
    const said = await from.say(bobs, "news", { ReplyTo: quoted.Seq, Mentions: [ann.id], ClientId: `original-${kind}` });
    await from.change(phone, "react", { Seq: said.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
    const mine = { ...stage.ann, ClientId: `forwarded-${kind}` };
    const told = await forward(from, phone, said.Seq, to, phone, { ClientId: mine.ClientId });
    const { _id, Seq, Timestamp } = told;
    assert.deepEqual(told, {
      ChatId: to.ChatId,
      ...(kind === "Group" && { GroupId: to.ChatId }),
      _id,
      Seq,
      Timestamp,
      Sender: ann.name,
      SenderId: ann.id,
      Content: "news",
      ClientId: mine.ClientId,
      Forwarded: true,
    });
    assert.notEqual(_id, said._id);
    for (const [device] of to.devices) assert.deepEqual(state(await to.shown(device, Seq)), state(told));
    assert.ok(!JSON.stringify(await to.shown(phone, Seq)).includes(bob.name));
    for (const room of made) room.leave();
  });
}

test("a message can be forwarded within its chat, and on from there", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { Seq } = await room.say(phone, "again");
  const once = await forward(room, bobs, Seq, room, bobs);
  const twice = await forward(room, phone, once.Seq, room, phone);
  assert.deepEqual([twice.Seq, twice.Content, twice.Forwarded, twice.SenderId], [Seq + 2, "again", true, stage.ann.id]);
  await room.quiet();
  room.leave();
});

test("a copy is a message of its own: it stays when the original goes, and is not edited", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "original");
  const copy = await forward(room, phone, Seq, room, phone);
  await room.change(phone, "edit-message", { Seq, Content: "edited" }, "Edited");
  await room.change(phone, "delete-message", { Seq }, "Deleted");
  assert.equal((await room.shown(phone, copy.Seq)).Content, "original");
  await refused(phone, "edit-message", [{ ChatId, Seq: copy.Seq, Content: "mine" }], "forbidden");
  await room.change(phone, "react", { Seq: copy.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await room.ownOthers(phone)[0].next("message-mine");
  await room.change(phone, "delete-message", { Seq: copy.Seq }, "Deleted");
  await refused(phone, "edit-message", [{ ChatId, Seq, Content: "back" }], "conflict");
  await room.quiet();
  room.leave();
});

test("what is copied is the text as it is then", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const { Seq } = await room.say(phone, "helo");
  await room.change(phone, "edit-message", { Seq, Content: "hello" }, "Edited");
  const copy = await forward(room, phone, Seq, room, phone);
  assert.equal(copy.Content, "hello");
  assert.ok(!("Edits" in copy) && !("EditedAt" in copy) && !("Rev" in copy));
  room.leave();
});

test("with a ClientId a forward is stored once, without one each time", async () => {
  const { made, phone } = await rooms("Group", "Personal");
  const [from, to] = made;
  const { Seq } = await from.say(phone, "news");
  const payload = { ChatId: from.ChatId, Seq, To: to.ChatId, ClientId: `once-${Seq}` };
  const first = await phone.must("forward-message", payload);
  await to.hears(phone, first);
  assert.deepEqual(await phone.must("forward-message", payload), { ...first, Repeat: true });
  await from.change(phone, "delete-message", { Seq }, "Deleted");
  assert.deepEqual(await phone.must("forward-message", payload), { ...first, Repeat: true });
  assert.deepEqual(await phone.must(to.send, { ...to.name, Content: "x", ClientId: payload.ClientId }), { ...first, Repeat: true });

  const other = await from.say(phone, "more");
  const copies = [await forward(from, phone, other.Seq, to, phone), await forward(from, phone, other.Seq, to, phone)];
  assert.deepEqual(copies.map((copy) => copy.Seq), [first.Seq + 1, first.Seq + 2]);
  for (const room of made) await room.quiet();
  for (const room of made) room.leave();
});

test("both chats must be the caller's, and the message must be visible and there", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const theirs = await stage.room("Group", [bob, cat], room);
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const said = await room.say(phone, "ann's");
  const bobs = await theirs.say(theirs.devices[0][0], "bob's");
  await refused(phone, "forward-message", [{ ChatId: theirs.ChatId, Seq: bobs.Seq, To: ann.id }], "not_found");
  for (const To of [theirs.ChatId, NOBODY, "", "x", bob.id]) {
    await refused(phone, "forward-message", [{ ChatId, Seq: said.Seq, To }], "not_found");
  }
  for (const Seq of [0, said.Seq + 1]) await refused(phone, "forward-message", [{ ChatId, Seq, To: ann.id }], "not_found");
  for (const ClientId of ["", "k".repeat(65), 5]) {
    await refused(phone, "forward-message", [{ ChatId, Seq: said.Seq, To: ann.id, ClientId }], "bad_request");
  }
  await room.change(phone, "delete-message", { Seq: said.Seq }, "Deleted");
  await refused(phone, "forward-message", [{ ChatId, Seq: said.Seq, To: ann.id }], "conflict");
  for (const place of [room, theirs]) await place.quiet();
  for (const place of [room, theirs]) place.leave();
});

test("a forwarded message is unread and the last one in the list, as any other", async () => {
  const { made, phone } = await rooms("Self", "Group");
  const [from, to] = made;
  const [, [bobs]] = to.devices;
  const { Seq } = await from.say(phone, "x".repeat(200));
  const copy = await forward(from, phone, Seq, to, phone);
  const { Unread, LastSeq, LastChat, Last } = await to.row(bobs);
  assert.deepEqual([Unread, LastSeq, LastChat], [1, copy.Seq, copy.Timestamp]);
  const { Sender, SenderId, Timestamp } = copy;
  assert.deepEqual(Last, { Seq: copy.Seq, Timestamp, SenderId, Sender, Content: "x".repeat(120) });
  for (const room of made) room.leave();
});
