// Messages whose text is changed by those who sent them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, NOBODY, Stage, state } from "./room.mjs";
import { hasKeys, isTime, refused, refusedByAck } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

for (const kind of ALL_KINDS) {
  test(`an edit is told to everybody with the whole message, and pages and sync show it: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const said = await room.say(phone, "helo", { ClientId: `first-${kind}` });
    const edit = { Seq: said.Seq, Content: "hello" };
    const first = await room.change(phone, "edit-message", edit, "Edited");
    hasKeys(first, "Ok", "ChatId", "Seq", "Rev", "Message");
    const { EditedAt } = first.Message;
    isTime(EditedAt);
    assert.ok(EditedAt >= said.Timestamp);
    assert.deepEqual(first.Message, { ...said, Content: "hello", Rev: first.Rev, EditedAt, Edits: 1 });

    const second = await room.change(phone, "edit-message", { ...edit, Content: "hello!" }, "Edited");
    assert.equal(second.Rev, first.Rev + 1);
    const changed = { ...said, Content: "hello!", Rev: second.Rev, EditedAt: second.Message.EditedAt, Edits: 2 };
    assert.deepEqual(second.Message, changed);

    for (const [device] of room.devices) {
      assert.deepEqual(state(await room.shown(device, said.Seq)), state(changed));
      const { Messages } = await room.missed(device, said.Seq - 1);
      assert.deepEqual(Messages, [changed]);
    }
    await room.quiet();
    room.leave();
  });
}

test("a first edit is the chat's first change", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { Seq } = await room.say(phone, "one");
  assert.equal((await room.page(phone)).Rev, 0, "a send takes no Rev");
  assert.equal((await room.change(phone, "edit-message", { Seq, Content: "uno" }, "Edited")).Rev, 1);
  assert.equal((await room.page(phone)).Rev, 1);
  room.leave();
});

test("an edit to what is there already changes nothing", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { bob } = stage;
  const said = await room.say(phone, "same", { Mentions: [bob.id, "all"] });
  const same = { Seq: said.Seq, Content: "same", Mentions: [bob.id, "all"] };
  await room.repeats(phone, "edit-message", same, { Ok: true, ChatId: room.ChatId, Seq: said.Seq, Rev: 0, Message: said });
  const other = { ...same, Content: "other" };
  const answer = await room.change(phone, "edit-message", other, "Edited");
  await room.repeats(phone, "edit-message", other, answer);
  await room.repeats(phone, "edit-message", { ...other, IfEdits: 0 }, answer);
  room.leave();
});

test("mentions are replaced by an edit, by the rules of a send", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ann, bob, cat, eve } = stage;
  const { Seq } = await room.say(phone, "look", { Mentions: [bob.id] });
  const edit = { Seq, Content: "look" };
  const first = await room.change(phone, "edit-message", { ...edit, Mentions: [cat.id, ann.id, bob.id, cat.id, eve.id] }, "Edited");
  assert.deepEqual(first.Message.Mentions, [cat.id, bob.id]);
  assert.deepEqual(first.NotMentioned, [eve.id]);
  assert.equal(first.Message.Edits, 1);
  const second = await room.change(phone, "edit-message", edit, "Edited");
  hasKeys(second, "Ok", "ChatId", "Seq", "Rev", "Message");
  assert.ok(!Object.hasOwn(second.Message, "Mentions"));
  assert.equal(second.Message.Edits, 2);
  room.leave();
});

test("an edit can be made to hold only if nobody edited meanwhile", async () => {
  const room = await stage.room("Personal");
  const [[phone, laptop]] = room.devices;
  const { Seq } = await room.say(phone, "draft");
  const { ChatId } = room;
  for (const IfEdits of [1, 2]) {
    await refused(phone, "edit-message", [{ ChatId, Seq, Content: "one", IfEdits }], "conflict");
  }
  await room.change(phone, "edit-message", { Seq, Content: "one", IfEdits: 0 }, "Edited");
  await refused(laptop, "edit-message", [{ ChatId, Seq, Content: "two", IfEdits: 0 }], "conflict");
  const answer = await room.change(laptop, "edit-message", { Seq, Content: "two", IfEdits: 1 }, "Edited");
  assert.equal(answer.Message.Edits, 2);
  await room.change(phone, "edit-message", { Seq, Content: "three", IfEdits: null }, "Edited");
  room.leave();
});

test("of many edits that suppose the same, one holds", async () => {
  const room = await stage.room("Group");
  const [[phone, laptop]] = room.devices;
  const { Seq } = await room.say(phone, "draft");
  const { ChatId } = room;
  const edits = Array.from({ length: 20 }, (_, n) => ({ ChatId, Seq, Content: `edit ${n}`, IfEdits: 0 }));
  const answers = await Promise.all(edits.map((edit, n) => (n % 2 ? phone : laptop).ask("edit-message", edit)));
  const [held, ...more] = answers.filter((answer) => answer.Ok);
  assert.deepEqual(more, []);
  assert.ok(answers.every((answer) => answer.Ok || answer.Code === "conflict"));
  assert.equal((await room.shown(phone, Seq)).Content, held.Message.Content);
  room.leave();
});

test("only the sender edits, and only what is there", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(bobs, "bob's");
  await refused(phone, "edit-message", [{ ChatId, Seq, Content: "ann's" }], "forbidden");
  await refused(phone, "edit-message", [{ ChatId, Seq, Content: "bob's" }], "forbidden");
  for (const nothing of [0, Seq + 1, 1_000_000]) {
    await refused(bobs, "edit-message", [{ ChatId, Seq: nothing, Content: "x" }], "not_found");
  }
  await room.quiet();
  assert.equal((await room.shown(phone, Seq)).Content, "bob's");
  room.leave();
});

test("a tombstone is not edited, and others hear first that it is not theirs", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "gone");
  await room.change(phone, "delete-message", { Seq }, "Deleted");
  await refused(phone, "edit-message", [{ ChatId, Seq, Content: "back" }], "conflict");
  await refused(phone, "edit-message", [{ ChatId, Seq, Content: "back", IfEdits: 0 }], "conflict");
  await refused(bobs, "edit-message", [{ ChatId, Seq, Content: "back" }], "forbidden");
  await room.quiet();
  room.leave();
});

test("a text that is no text is refused by an edit as by a send, before or after the chat is looked for", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "text");
  for (const Content of ["a\0b", "\ud800"]) await refused(phone, "edit-message", [{ ChatId: NOBODY, Seq, Content }], "bad_request");
  for (const Content of ["a".repeat(16_385), "é".repeat(8_193)]) {
    await refused(phone, "edit-message", [{ ChatId: NOBODY, Seq, Content }], "too_large");
  }
  await refused(phone, "edit-message", [{ ChatId: NOBODY, Seq, Content: "x", Mentions: Array(51).fill(NOBODY) }], "too_large");
  // Whether an empty text can stand depends on the message, so the chat comes first.
  await refused(phone, "edit-message", [{ ChatId: NOBODY, Seq, Content: "" }], "not_found");
  await refused(phone, "edit-message", [{ ChatId, Seq, Content: "" }], "bad_request");
  const longest = "a".repeat(16_384);
  assert.equal((await room.change(phone, "edit-message", { Seq, Content: longest }, "Edited")).Message.Content, longest);
  room.leave();
});

test("an edit moves no chat in the lists and makes nothing unread", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { Seq } = await room.say(phone, "one");
  await room.say(phone, "two");
  await room.reads(bobs, Seq);
  const before = await room.row(bobs);
  assert.deepEqual([before.Unread, before.Mentioned], [1, 0]);
  const { Rev } = await room.change(phone, "edit-message", { Seq, Content: "uno", Mentions: ["all"] }, "Edited");
  assert.deepEqual(await room.row(bobs), { ...before, Rev });
  room.leave();
});

test("what one socket asks of a message without waiting is done in its order", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { Seq } = await room.say(phone, "first");
  const message = { ChatId: room.ChatId, Seq };
  const asked = [
    phone.ask("edit-message", { ...message, Content: "1st" }),
    phone.ask("react", { ...message, Emoji: "👍", On: true }),
    phone.ask("edit-message", { ...message, Content: "erste", IfEdits: 1 }),
    phone.ask("delete-message", message),
    phone.ask("edit-message", { ...message, Content: "late" }),
  ];
  const [edited, reacted, again, deleted, late] = await Promise.all(asked);
  assert.deepEqual([edited.Rev, reacted.Rev, again.Rev, deleted.Rev], [1, 2, 3, 4]);
  assert.deepEqual([again.Message.Edits, again.Message.Reactions[0].Count, deleted.Message.Content], [2, 1, ""]);
  assert.equal(late.Code, "conflict");
  for (const device of room.others(phone)) {
    const told = await device.take("message-changed", 4);
    assert.deepEqual(told.map(({ Rev, What }) => [Rev, What]), [[1, "Edited"], [2, "Reacted"], [3, "Edited"], [4, "Deleted"]]);
  }
  room.leave();
});

test("outside the window nobody edits but notes, and what is so already is still answered", async () => {
  const { server, ann } = stage;
  const rooms = [await stage.room("Personal"), await stage.room("Group"), await stage.room("Self")];
  const said = [];
  for (const room of rooms) said.push(await room.say(room.devices[0][0], "old"));
  const tombstone = await rooms[1].say(rooms[1].devices[0][0], "gone");
  await rooms[1].change(rooms[1].devices[0][0], "delete-message", { Seq: tombstone.Seq }, "Deleted");
  for (const room of rooms) room.leave();

  await server.restart({ settings: { "messages.edit_window": "0s" } });
  const [phone, bobs] = [await ann.connect(), await stage.bob.connect()];
  for (const [n, { ChatId }] of rooms.slice(0, 2).entries()) {
    const { Seq } = said[n];
    await refused(phone, "edit-message", [{ ChatId, Seq, Content: "new" }], "expired");
    await refused(phone, "edit-message", [{ ChatId, Seq, Content: "new", IfEdits: 7 }], "conflict");
    await refused(bobs, "edit-message", [{ ChatId, Seq, Content: "new" }], "forbidden");
    const same = await phone.must("edit-message", { ChatId, Seq, Content: "old" });
    assert.deepEqual([same.Rev, same.Message.Content], [0, "old"]);
  }
  await refused(phone, "edit-message", [{ ChatId: rooms[1].ChatId, Seq: tombstone.Seq, Content: "x" }], "conflict");
  const note = await phone.must("edit-message", { ChatId: ann.id, Seq: said[2].Seq, Content: "new" });
  assert.equal(note.Message.Content, "new");
  for (const device of [phone, bobs]) device.close();
});

test("the window runs from the message's own time", async () => {
  await stage.server.restart({ settings: { "messages.edit_window": "3s" } });
  const room = await stage.room("Personal");
  const [[phone]] = room.devices;
  const { Seq, Timestamp } = await room.say(phone, "young");
  const { Message } = await room.change(phone, "edit-message", { Seq, Content: "younger" }, "Edited");
  // The clock is what is waited for: an edit begins no new window.
  await new Promise((resolve) => setTimeout(resolve, Date.parse(Timestamp) + 3_050 - Date.now()));
  assert.ok(Message.EditedAt < new Date().toISOString());
  await refusedByAck(phone, "edit-message", [{ ChatId: room.ChatId, Seq, Content: "youngest" }], "expired");
  room.leave();
});

test("edits are there after a crash, and are counted on from there", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { Seq } = await room.say(phone, "one");
  const { Message } = await room.change(phone, "edit-message", { Seq, Content: "uno" }, "Edited");
  await server.restart({ signal: "SIGKILL", settings: {} });
  const back = await ann.connect();
  const { ChatId } = room;
  assert.deepEqual(state(await room.shown(back, Seq)), state(Message));
  const { Rev } = await back.must("edit-message", { ChatId, Seq, Content: "eins", IfEdits: 1 });
  assert.equal(Rev, Message.Rev + 1);
  back.close();
});
