// Messages that are deleted for all: what is left of them, who may, and that nothing else is left.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ALL_KINDS, Stage, state } from "./room.mjs";
import { hasKeys, isTime, refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// What is left of a message.
function tombstone({ ClientId, ...said }, by, { Rev, Message: { DeletedAt } }) {
  isTime(DeletedAt);
  const { ChatId, GroupId, _id, Seq, Sender, SenderId, Timestamp } = said;
  const left = { ChatId, GroupId, _id, Seq, Sender, SenderId, Timestamp, ClientId, Content: "", Rev, DeletedAt, DeletedBy: by.id };
  return JSON.parse(JSON.stringify(left));
}

for (const kind of ALL_KINDS) {
  test(`a deletion leaves a tombstone in its place, for everybody and everywhere: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const { ann } = stage;
    const quoted = await room.say(phone, "quoted");
    const said = await room.say(phone, "secret", { ClientId: `gone-${kind}`, ReplyTo: quoted.Seq, Mentions: ["all"] });
    await room.change(phone, "edit-message", { Seq: said.Seq, Content: "secret!" }, "Edited");
    const deleted = await room.change(phone, "delete-message", { Seq: said.Seq }, "Deleted");
    hasKeys(deleted, "Ok", "ChatId", "Seq", "Rev", "Message");
    const left = tombstone(said, ann, deleted);
    assert.deepEqual(deleted.Message, left);
    for (const [device] of room.devices) {
      assert.deepEqual(state(await room.shown(device, said.Seq)), state(left));
      const { Messages, LastSeq } = await room.missed(device, said.Seq - 1);
      assert.deepEqual([Messages, LastSeq], [[left], said.Seq]);
    }
    await room.repeats(phone, "delete-message", { Seq: said.Seq }, deleted);
    room.leave();
  });
}

test("marks and pins of a deleted message are gone, but that it is hidden", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "marked");
  await room.change(bobs, "react", { Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await room.ownOthers(bobs)[0].next("message-mine");
  await room.mark(bobs, "star-message", { Seq, On: true });
  await room.mark(bobs, "hide-message", { Seq });
  await room.change(phone, "pin-message", { Seq, On: true }, "Pinned");
  const { Own } = await bobs.must("fetch-chat", { ChatId });
  const { Message } = await room.change(phone, "delete-message", { Seq }, "Deleted");
  for (const field of ["Reactions", "Pinned", "My"]) assert.ok(!Object.hasOwn(Message, field), field);

  assert.deepEqual((await phone.must("fetch-reactions", { ChatId, Seq, Emoji: "👍" })).Users, []);
  assert.deepEqual((await phone.must("fetch-pinned", { ChatId })).Messages, []);
  assert.deepEqual((await bobs.must("fetch-starred", { ChatId })).Messages, []);
  const { My, Content, DeletedAt } = await room.shown(bobs, Seq);
  assert.deepEqual([Content, My.Hidden], ["", true]);
  assert.ok(!("Reactions" in My) && !("Starred" in My));
  assert.equal((await bobs.must("fetch-chat", { ChatId })).Own, Own, "no Own is taken");
  assert.equal(DeletedAt, undefined, "what one has hidden stays as it is");
  await room.quiet();
  room.leave();
});

test("only emojis, pins and stars that are taken away can be asked of a tombstone", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "gone");
  const { Rev, Message } = await room.change(phone, "delete-message", { Seq }, "Deleted");
  const asked = [["react", { Emoji: "👍" }], ["pin-message", {}], ["star-message", {}]];
  for (const [event, more] of asked) {
    await refused(phone, event, [{ ChatId, Seq, On: true, ...more }], "conflict");
    const answer = await phone.must(event, { ChatId, Seq, On: false, ...more });
    if (event !== "star-message") assert.deepEqual([answer.Rev, answer.Message], [Rev, Message]);
    if (event !== "pin-message") assert.equal(answer.Own, 0);
  }
  await refused(bobs, "pin-message", [{ ChatId, Seq, On: true }], "forbidden");
  await refused(phone, room.send, [{ ...room.name, Content: "re", ReplyTo: Seq }], "conflict");
  await refused(phone, "forward-message", [{ ChatId, Seq, To: stage.ann.id }], "conflict");
  await room.quiet();
  room.leave();
});

test("in a group the sender and the owner delete, nobody else", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs], [cats]] = room.devices;
  const { ChatId } = room;
  const mine = await room.say(bobs, "bob's own");
  const theirs = await room.say(bobs, "bob's, deleted by ann");
  const anns = await room.say(phone, "ann's");
  for (const { Seq } of [mine, theirs, anns]) await refused(cats, "delete-message", [{ ChatId, Seq }], "forbidden");
  await refused(bobs, "delete-message", [{ ChatId, Seq: anns.Seq }], "forbidden");
  await room.change(bobs, "delete-message", { Seq: mine.Seq }, "Deleted");
  const deleted = await room.change(phone, "delete-message", { Seq: theirs.Seq }, "Deleted");
  assert.deepEqual(deleted.Message, tombstone(theirs, stage.ann, deleted));
  await refused(cats, "delete-message", [{ ChatId, Seq: mine.Seq }], "forbidden");
  await room.repeats(phone, "delete-message", { Seq: theirs.Seq }, deleted);
  await room.repeats(bobs, "delete-message", { Seq: theirs.Seq }, deleted);
  await refused(phone, "delete-message", [{ ChatId, Seq: anns.Seq + 1 }], "not_found");
  await room.quiet();
  room.leave();
});

test("in a chat of two nobody deletes what the other said", async () => {
  const room = await stage.room("Personal");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "ann's");
  await refused(bobs, "delete-message", [{ ChatId, Seq }], "forbidden");
  await room.change(phone, "delete-message", { Seq }, "Deleted");
  await refused(bobs, "delete-message", [{ ChatId, Seq }], "forbidden");
  await room.quiet();
  room.leave();
});

test("counts and lists follow a deletion, order and times do not", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { bob } = stage;
  await room.say(phone, "one");
  const { Seq } = await room.say(phone, "two", { Mentions: [bob.id] });
  const before = await room.row(bobs);
  assert.deepEqual([before.Unread, before.Mentioned, before.Last.Content], [2, 1, "two"]);
  const { Rev, Message } = await room.change(phone, "delete-message", { Seq }, "Deleted");
  const { Timestamp, SenderId, Sender, DeletedAt } = Message;
  const Last = { Seq, Timestamp, SenderId, Sender, Content: "", DeletedAt };
  assert.deepEqual(await room.row(bobs), { ...before, Rev, Unread: 1, Mentioned: 0, Last });
  assert.equal((await room.reads(bobs, Seq)).Unread, 0);
  assert.equal((await room.say(phone, "three")).Seq, Seq + 1);
  room.leave();
});

test("a retry of a message that was deleted gets its first answer", async () => {
  const room = await stage.room("Personal");
  const [[phone]] = room.devices;
  const message = { ...room.name, Content: "once", ClientId: "deleted-later" };
  const first = await phone.must(room.send, message);
  await room.hears(phone, first);
  await room.change(phone, "delete-message", { Seq: first.Seq }, "Deleted");
  assert.deepEqual(await phone.must(room.send, message), { ...first, Repeat: true });
  await room.quiet();
  room.leave();
});

test("outside the window nobody deletes but the owner, and notes", async () => {
  const { server, ann, bob } = stage;
  const group = await stage.room("Group");
  const [[phone], [bobs]] = group.devices;
  const [anns, bobsFirst, bobsSecond] = [await group.say(phone, "a"), await group.say(bobs, "b"), await group.say(bobs, "c")];
  await group.change(bobs, "delete-message", { Seq: bobsSecond.Seq }, "Deleted");
  const pair = await stage.room("Personal");
  const said = await pair.say(pair.devices[0][0], "d");
  const self = await stage.room("Self");
  const note = await self.say(self.devices[0][0], "e");
  for (const room of [group, pair, self]) room.leave();

  await server.restart({ settings: { "messages.delete_window": "0s" } });
  const [back, bobsBack] = [await ann.connect(), await bob.connect()];
  const { ChatId } = group;
  await refused(bobsBack, "delete-message", [{ ChatId, Seq: bobsFirst.Seq }], "expired");
  await refused(bobsBack, "delete-message", [{ ChatId, Seq: anns.Seq }], "forbidden");
  await refused(back, "delete-message", [{ ChatId: pair.ChatId, Seq: said.Seq }], "expired");
  assert.equal((await bobsBack.must("delete-message", { ChatId, Seq: bobsSecond.Seq })).Message.DeletedBy, bob.id);
  for (const { Seq } of [anns, bobsFirst]) await back.must("delete-message", { ChatId, Seq });
  await back.must("delete-message", { ChatId: ann.id, Seq: note.Seq });
  for (const device of [back, bobsBack]) device.close();
  await server.restart({ settings: {} });
});

test("tombstones are there after a crash", async () => {
  const { server, bob } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const said = await room.say(phone, "gone");
  const deleted = await room.change(phone, "delete-message", { Seq: said.Seq }, "Deleted");
  await server.restart({ signal: "SIGKILL" });
  const back = await bob.connect();
  const { Messages } = await room.missed(back, said.Seq - 1);
  assert.deepEqual(Messages, [tombstone(said, stage.ann, deleted)]);
  back.close();
});

/// All bytes that the server keeps, as one text of one character each.
async function kept(server) {
  const entries = await readdir(join(server.home, "data"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath ?? entry.path, entry.name), "latin1")));
}

const skip = process.env.GREENROOM_TEST_DATABASE && "other databases clean up later";

test("what was deleted or edited away is in no file after a stop", { skip }, async () => {
  const { server } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const words = (n) => `marmalade${n}`.repeat(n % 7 === 0 ? 600 : 3);
  const said = [];
  for (let n = 0; n < 60; n += 1) said.push(await room.say(phone, words(n)));
  for (const [n, { Seq }] of said.entries()) {
    if (n % 3 === 0) await room.change(phone, "delete-message", { Seq }, "Deleted");
    if (n % 3 === 1) await room.change(phone, "edit-message", { Seq, Content: `quince${n}` }, "Edited");
  }
  room.leave();
  await server.restart();
  const files = await kept(server);
  const found = said.map((_, n) => n).filter((n) => files.some((bytes) => new RegExp(`marmalade${n}(?!\\d)`).test(bytes)));
  assert.deepEqual(found, said.map((_, n) => n).filter((n) => n % 3 === 2));
});
