// What one keeps to oneself: stars, and messages that one has hidden.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, Stage, state } from "./room.mjs";
import { refused, refusedByAck } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const seqs = ({ Messages }) => Messages.map(({ Seq }) => Seq);

for (const kind of ALL_KINDS) {
  test(`a star is one's own and shows on all one's devices: ${kind}`, async () => {
    const room = await stage.room(kind);
    const device = room.devices.at(-1)[0];
    const { ChatId } = room;
    const said = await room.say(room.devices[0][0], "remember");
    const { Seq } = said;
    const starred = await room.mark(device, "star-message", { Seq, On: true });
    assert.deepEqual(starred.My, { Own: starred.Own, Starred: true });
    await room.repeats(device, "star-message", { Seq, On: true }, starred);
    assert.deepEqual(state(await room.shown(device, Seq)), state({ ...said, My: starred.My }));
    assert.deepEqual(await device.must("fetch-starred", { ChatId }), {
      Ok: true,
      Messages: [{ ...said, My: starred.My }],
      HasMore: false,
    });
    for (const [other] of room.devices.slice(0, -1)) {
      assert.deepEqual(state(await room.shown(other, Seq)), state(said));
      assert.deepEqual((await other.must("fetch-starred", { ChatId })).Messages, []);
      assert.equal((await room.page(other)).Rev, (await room.page(device)).Rev);
    }
    const back = await room.mark(device, "star-message", { Seq, On: false });
    assert.deepEqual(back.My, { Own: starred.Own + 1 });
    await room.repeats(device, "star-message", { Seq, On: false }, back);
    assert.deepEqual((await device.must("fetch-starred", { ChatId })).Messages, []);
    room.leave();
  });
}

test("a star that never was is taken back without a trace", async () => {
  const room = await stage.room("Personal");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "plain");
  await room.repeats(phone, "star-message", { Seq, On: false }, { Ok: true, ChatId, Seq, Own: 0 });
  for (const nothing of [0, Seq + 1]) await refused(phone, "star-message", [{ ChatId, Seq: nothing, On: true }], "not_found");
  room.leave();
});

test("stars of all chats come in pages, the latest starred first", async () => {
  const [dan, eli] = await stage.server.people("Dan", "Eli");
  const pair = await stage.room("Personal", [dan, eli]);
  const group = await stage.room("Group", [dan, eli], pair);
  const [[phone]] = group.devices;
  const starred = [];
  for (let n = 0; n < 6; n += 1) {
    const room = n % 2 ? pair : group;
    const { Seq } = await room.say(room.devices[1][0], `${n}`);
    await room.mark(room.devices[0][0], "star-message", { Seq, On: true });
    starred.unshift(`${n}`);
  }
  const contents = ({ Messages }) => Messages.map(({ Content }) => Content);
  assert.deepEqual(contents(await phone.must("fetch-starred", {})), starred);
  assert.deepEqual(contents(await phone.must("fetch-starred", { ChatId: pair.ChatId })), ["5", "3", "1"]);
  const paged = [];
  let Cursor;
  do {
    const page = await phone.must("fetch-starred", { Limit: 2, ...(Cursor && { Cursor }) });
    assert.ok(page.Messages.length <= 2);
    assert.ok(!page.HasMore || page.Cursor, "there is a way to what is left");
    paged.push(...contents(page));
    ({ Cursor } = page.HasMore ? page : {});
  } while (Cursor);
  assert.deepEqual(paged, starred);
  phone.emit("fetch-starred", { Limit: 1 });
  const told = await phone.next("starred-messages");
  assert.deepEqual([contents(told), told.HasMore], [["5"], true]);
  assert.equal((await phone.must("fetch-starred", { Limit: 1_000_000 })).Messages.length, 6);
  group.leave();
});

test("what is deleted, hidden or in a chat that one has left is starred no more", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const said = [];
  for (const text of ["deleted", "hidden", "edited"]) said.push(await room.say(phone, text));
  for (const { Seq } of said) await room.mark(bobs, "star-message", { Seq, On: true });
  const [gone, hidden, edited] = said.map(({ Seq }) => Seq);
  await room.change(phone, "delete-message", { Seq: gone }, "Deleted");
  await room.mark(bobs, "hide-message", { Seq: hidden });
  await room.change(phone, "edit-message", { Seq: edited, Content: "as it is now" }, "Edited");
  const { Messages } = await bobs.must("fetch-starred", { ChatId });
  assert.deepEqual(Messages.map(({ Content, My }) => [Content, My.Starred]), [["as it is now", true]]);
  await bobs.must("leave-grp", room.name);
  assert.ok(!seqs(await bobs.must("fetch-starred", {})).includes(edited));
  await refused(bobs, "fetch-starred", [{ ChatId }], "not_found");
  await phone.must("add-member", { ...room.name, Member: bob.id });
  await bobs.next("new-grp-added");
  assert.deepEqual(seqs(await bobs.must("fetch-starred", { ChatId })), [], "it is before the new membership");
  room.leave();
});

test("a hidden message is blank for the one who hid it, and as it was for all others", async () => {
  for (const kind of ALL_KINDS) {
    const room = await stage.room(kind);
    const device = room.devices.at(-1)[0];
    const said = await room.say(room.devices[0][0], "look away", { ClientId: `hidden-${kind}` });
    const { Seq } = said;
    const { Rev } = await room.change(room.devices[0][0], "pin-message", { Seq, On: true }, "Pinned");
    const starred = await room.mark(device, "star-message", { Seq, On: true });
    const hidden = await room.mark(device, "hide-message", { Seq });
    assert.equal(hidden.Own, starred.Own + 1);
    assert.equal(hidden.My.Hidden, true);
    await room.repeats(device, "hide-message", { Seq }, hidden);
    const { My, ...blank } = await room.shown(device, Seq);
    assert.deepEqual(state(blank), { Content: "", Seq, Rev });
    assert.deepEqual([My.Own, My.Hidden], [hidden.Own, true]);
    const { Messages } = await room.missed(device, Seq - 1);
    const { _id, ChatId, GroupId, Sender, SenderId, Timestamp } = said;
    const left = { _id, ChatId, Seq, Sender, SenderId, Timestamp, Content: "", Rev, ...(GroupId && { GroupId }) };
    assert.deepEqual(Messages, [{ ...left, My }]);
    for (const [other] of room.devices.slice(0, -1)) {
      assert.deepEqual(state(await room.shown(other, Seq)), state({ ...said, Rev, Pinned: true }));
    }
    room.leave();
  }
});

test("a quote of a hidden message shows it, and later changes of it are heard", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const said = await room.say(phone, "look away");
  const { Seq, Sender, SenderId } = said;
  await room.mark(bobs, "hide-message", { Seq });
  const reply = await room.say(phone, "did you see?", { ReplyTo: Seq });
  assert.deepEqual((await room.shown(bobs, reply.Seq)).ReplyTo, { Seq, Sender, SenderId, Content: "look away" });
  const { Rev } = await room.change(phone, "edit-message", { Seq, Content: "look" }, "Edited");
  assert.deepEqual(state(await room.shown(bobs, Seq)).Content, "");
  assert.equal((await room.shown(bobs, Seq)).Rev, Rev);
  room.leave();
});

test("a hidden message counts as unread no more, and is not the last one shown in the list", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  await room.say(phone, "one");
  const { Seq } = await room.say(phone, "two");
  const before = await room.row(bobs);
  assert.equal(before.Last.Content, "two");
  const { Own } = await room.mark(bobs, "hide-message", { Seq });
  const { Last, ...rest } = before;
  assert.deepEqual(await room.row(bobs), { ...rest, Own, Unread: 1 });
  room.leave();
});

test("whatever is visible can be hidden, a tombstone too; nothing else", async () => {
  const room = await stage.room("Personal");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "gone");
  await room.change(phone, "delete-message", { Seq }, "Deleted");
  const { My } = await room.mark(bobs, "hide-message", { Seq });
  assert.equal(My.Hidden, true);
  for (const nothing of [0, Seq + 1]) await refused(bobs, "hide-message", [{ ChatId, Seq: nothing }], "not_found");
  await room.quiet();
  room.leave();
});

test("one person stars so many messages in all chats, also at once, and stars survive a crash", async () => {
  const { server } = stage;
  await server.restart({ settings: { "messages.stars": "3" } });
  const [dan, eli] = await server.people("Dan", "Eli");
  const pair = await stage.room("Personal", [dan, eli]);
  const rooms = [pair, await stage.room("Self", [dan], pair)];
  const said = [];
  for (let n = 0; n < 6; n += 1) {
    const room = rooms[n % 2];
    said.push({ ChatId: room.ChatId, Seq: (await room.say(room.devices[0][0], `${n}`)).Seq });
  }
  const [[phone], [elis]] = pair.devices;
  const answers = await Promise.all(said.map((message) => phone.ask("star-message", { ...message, On: true })));
  assert.equal(answers.filter(({ Ok }) => Ok).length, 3);
  assert.ok(answers.every(({ Ok, Code }) => Ok || Code === "too_large"));
  const held = said[answers.findIndex(({ Ok }) => Ok)];
  const refusedOne = said[answers.findIndex(({ Ok }) => !Ok)];
  await phone.must("star-message", { ...held, On: true });
  await phone.must("star-message", { ...held, On: false });
  await phone.must("star-message", { ...refusedOne, On: true });
  await refusedByAck(phone, "star-message", [{ ...held, On: true }], "too_large");
  await elis.must("star-message", { ...said[0], On: true });
  await server.restart({ signal: "SIGKILL" });
  const back = await dan.connect();
  const { Messages } = await back.must("fetch-starred", {});
  assert.equal(Messages.length, 3);
  assert.deepEqual([Messages[0].ChatId, Messages[0].Seq], [refusedOne.ChatId, refusedOne.Seq]);
  back.close();
});
