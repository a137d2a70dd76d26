// `sync` of clients that know Rev and Own: what changed of what they have, besides what is new.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, NOBODY, Stage } from "./room.mjs";
import { Server } from "./server.mjs";
import { hasKeys, refused } from "./shapes.mjs";

const ROW = ["Id", "Kind", "LastSeq", "Messages", "HasMore", "Rev", "Own", "ReadSeq", "FirstSeq"];
const WHOLE = { Self: ["Prefs"], Personal: ["Prefs"], Group: ["Prefs", "Info", "Roster"] };

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const seqs = (messages) => messages.map(({ Seq }) => Seq);
const rising = (numbers) => assert.ok(numbers.every((number, n) => n === 0 || number > numbers[n - 1]), `${numbers} rise`);

for (const kind of ALL_KINDS) {
  test(`a row has its numbers, and what belongs to how it was asked for: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const { ChatId } = room;
    const { Seq } = await room.say(phone, "one");
    const { Rev } = await room.change(phone, "react", { Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
    const chat = await phone.must("fetch-chat", { ChatId });
    const numbers = ({ Rev, Own, LastSeq, ReadSeq }) => ({ Rev, Own, LastSeq, ReadSeq });

    const unnamed = await room.missed(phone);
    hasKeys(unnamed, ...ROW, ...WHOLE[kind]);
    assert.deepEqual(numbers(unnamed), numbers(chat));
    assert.deepEqual([unnamed.Prefs, unnamed.Info, unnamed.Roster, unnamed.FirstSeq], [chat.Prefs, chat.Info, chat.Roster, 1]);

    const byNumber = await room.missed(phone, Seq - 1);
    hasKeys(byNumber, ...ROW);
    assert.deepEqual(numbers(byNumber), numbers(chat));

    const beginning = await room.missed(phone, { Seq: Seq - 1 });
    hasKeys(beginning, ...ROW, "Changed", "Mine", "ChangedMore", ...WHOLE[kind]);
    assert.deepEqual(beginning.Messages, byNumber.Messages);
    assert.deepEqual(await room.missed(phone, { Seq: Seq - 1, Rev: null, Own: null }), beginning);

    const same = await room.missed(phone, { Seq, Rev, Own: chat.Own });
    hasKeys(same, ...ROW, "Changed", "Mine", "ChangedMore");
    assert.deepEqual(numbers(same), numbers(chat));
    const nothing = { Messages: [], Changed: [], Mine: [], HasMore: false, ChangedMore: false };
    assert.deepEqual(Object.fromEntries(Object.keys(nothing).map((field) => [field, same[field]])), nothing);
    room.leave();
  });
}

test("what changed since comes whole, by rising numbers, own marks aside", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs, laptop]] = room.devices;
  const { ChatId } = room;
  const said = [];
  for (const text of ["one", "two", "three"]) said.push((await room.say(phone, text)).Seq);
  const [one, two, three] = said;
  const since = await bobs.must("fetch-chat", { ChatId });
  laptop.close();
  room.devices[1] = [bobs];

  const edited = await room.change(phone, "edit-message", { Seq: three, Content: "drei" }, "Edited");
  await room.change(phone, "react", { Seq: one, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  const reacted = await room.change(bobs, "react", { Seq: one, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  const starred = await bobs.must("star-message", { ChatId, Seq: two, On: true });
  const deleted = await room.change(phone, "delete-message", { Seq: two }, "Deleted");
  const fresh = await room.say(phone, "four");
  await room.change(phone, "pin-message", { Seq: fresh.Seq, On: true }, "Pinned");

  const { Changed, Mine, Messages, ...row } = await room.missed(bobs, { Seq: three, Rev: since.Rev, Own: since.Own });
  assert.deepEqual(Changed[0], edited.Message);
  assert.deepEqual(Changed[1], reacted.Message);
  const { My, ...tombstone } = Changed[2];
  assert.deepEqual(tombstone, deleted.Message);
  assert.equal(Changed.length, 3, "once each, and none that is new");
  assert.deepEqual(Mine[0], { Seq: one, My: reacted.My });
  rising(Mine.map(({ My }) => My.Own));
  assert.deepEqual(seqs(Messages), [fresh.Seq]);
  assert.equal(Messages[0].Pinned, true);
  assert.deepEqual([row.Rev, row.Own, row.HasMore, row.ChangedMore], [since.Rev + 5, starred.Own, false, false]);
  assert.ok(!("Info" in row) && !("Roster" in row) && !("Prefs" in row));

  const later = await room.missed(bobs, { Seq: three, Rev: reacted.Rev, Own: starred.Own });
  assert.deepEqual([seqs(later.Changed), later.Mine], [[two], []]);
  room.leave();
});

test("own marks come to their owner alone, with their Own and without a Rev", async () => {
  const room = await stage.room("Personal");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "one");
  const [anns, since] = [await phone.must("fetch-chat", { ChatId }), await bobs.must("fetch-chat", { ChatId })];
  const { My } = await room.mark(bobs, "star-message", { Seq, On: true });
  const mine = await room.missed(bobs, { Seq, Rev: since.Rev, Own: since.Own });
  assert.deepEqual([mine.Changed, mine.Mine, mine.Rev, mine.Own], [[], [{ Seq, My }], since.Rev, My.Own]);
  const theirs = await room.missed(phone, { Seq, Rev: anns.Rev, Own: anns.Own });
  assert.deepEqual([theirs.Changed, theirs.Mine, theirs.Rev, theirs.Own], [[], [], anns.Rev, anns.Own]);
  room.leave();
});

test("members and what a group is called come if they changed, and only then", async () => {
  const { bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { name } = room;
  await phone.must("kickout", { ...name, Member: cat.id });
  const one = await room.missed(bobs, { Seq: 0, Rev: 0, Own: 0 });
  assert.deepEqual([one.Roster.Members.length, one.Roster.Rev, "Info" in one], [2, 1, false]);
  await phone.must("change-admin", { ...name, Member: bob.id });
  const two = await room.missed(bobs, { Seq: 0, Rev: 1, Own: 0 });
  assert.deepEqual([two.Roster.Rev, two.Info.Rev, two.Info.Admin], [2, 2, bob.id]);
  const same = await room.missed(bobs, { Seq: 0, Rev: 2, Own: 0 });
  assert.ok(!("Roster" in same) && !("Info" in same));
  room.leave();
});

/// Catches up piece by piece as a client does: goes on from where the row says that it is complete. Returns all pieces.
async function piecemeal(room, device, position, Limit) {
  const pieces = [];
  for (let more = true; more; ) {
    const row = await room.missed(device, position, { Limit });
    for (const list of [row.Messages, row.Changed, row.Mine]) assert.ok(list.length <= Limit);
    assert.ok(row.Rev >= position.Rev && row.Own >= position.Own);
    position = { Seq: row.Messages.at(-1)?.Seq ?? position.Seq, Rev: row.Rev, Own: row.Own };
    more = row.HasMore || row.ChangedMore;
    pieces.push(row);
    assert.ok(pieces.length < 100, "it comes to an end");
  }
  return pieces;
}

test("what does not fit comes in pieces, each complete up to the numbers that it names", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const said = await Promise.all(Array.from({ length: 20 }, (_, n) => phone.must(room.send, { ...room.name, Content: `${n}` })));
  const position = { Seq: 10, Rev: 0, Own: 0 };
  for (const { Seq } of said.toReversed()) await phone.must("edit-message", { ChatId, Seq, Content: `edit ${Seq}` });
  for (const { Seq } of said) await bobs.must("star-message", { ChatId, Seq, On: true });

  for (const Limit of [1, 3, 7, 50]) {
    const pieces = await piecemeal(room, bobs, position, Limit);
    const messages = pieces.flatMap((row) => row.Messages);
    assert.deepEqual(seqs(messages), Array.from({ length: 10 }, (_, n) => n + 11));
    assert.ok(messages.every(({ Seq, Content, My }) => Content === `edit ${Seq}` && My.Starred));
    const changed = pieces.flatMap((row) => row.Changed);
    const mine = pieces.flatMap((row) => row.Mine);
    rising(changed.map(({ Rev }) => Rev));
    rising(mine.map(({ My }) => My.Own));
    for (const { Seq } of said.slice(0, 10)) assert.ok(seqs(changed).includes(Seq) && seqs(mine).includes(Seq));
    for (const row of pieces.filter(({ ChangedMore }) => ChangedMore)) {
      assert.ok(row.Changed.every(({ Rev }) => Rev <= row.Rev) && row.Mine.every(({ My }) => My.Own <= row.Own));
    }
    const { Rev, Own } = pieces.at(-1);
    assert.deepEqual([Rev, Own], [20, 20]);
  }
  room.leave();
});

test("an answer that would be too large is cut, and says so", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const { Rev, Own, LastSeq } = await phone.must("fetch-chat", { ChatId });
  const long = "\u0001".repeat(16_384);
  for (let n = 0; n < 40; n += 1) {
    const { Seq } = await phone.must(room.send, { Content: "short" });
    await phone.must("edit-message", { ChatId, Seq, Content: long });
  }
  const pieces = await piecemeal(room, phone, { Seq: LastSeq + 40, Rev, Own }, 200);
  assert.ok(pieces.length > 1);
  const changed = pieces.flatMap((row) => row.Changed);
  assert.deepEqual(seqs(changed), Array.from({ length: 40 }, (_, n) => LastSeq + 1 + n));
  for (const row of pieces) assert.ok(JSON.stringify(row).length <= 512 * 1024);
  assert.ok(phone.socket.connected);
  room.leave();
});

test("numbers that the chat has not reached make the client begin anew", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { Seq } = await room.say(phone, "one");
  const { Rev } = await room.change(phone, "edit-message", { Seq, Content: "uno" }, "Edited");
  const common = (row) => ROW.map((field) => row[field]);
  const unnamed = await room.missed(bobs);
  const ahead = { Seq: 1_000_000, Rev: 1_000_000, Own: 0 };
  for (const position of [{ Seq: Seq + 1, Rev, Own: 0 }, { Seq, Rev: Rev + 1, Own: 0 }, { Seq: Seq + 1 }, ahead]) {
    const row = await room.missed(bobs, position);
    assert.equal(row.Reset, true);
    assert.ok(!("Changed" in row) && !("Mine" in row) && !("ChangedMore" in row));
    assert.deepEqual(common(row), common(unnamed));
  }
  for (const position of [{ Seq, Rev, Own: 0 }, Seq, Seq + 1]) {
    assert.ok(!("Reset" in (await room.missed(bobs, position))));
  }
  room.leave();
});

test("numbers and objects can stand side by side, and what is gone is gone", async () => {
  const group = await stage.room("Group");
  const pair = await stage.room("Personal");
  const [[phone]] = group.devices;
  const answer = await phone.must("sync", {
    Chats: { [group.ChatId]: { Seq: 0, Rev: 0, Own: 0 }, [pair.ChatId]: 0, [NOBODY]: { Seq: 5, Rev: 5, Own: 5 } },
  });
  hasKeys(answer, "Ok", "Chats", "Gone");
  assert.deepEqual(answer.Gone, [NOBODY]);
  const row = (id) => answer.Chats.find((chat) => chat.Id === id);
  assert.ok("Changed" in row(group.ChatId) && !("Changed" in row(pair.ChatId)) && "Prefs" in row(stage.ann.id));
  for (const room of [group, pair]) room.leave();
});

test("a position needs the right types", async () => {
  const device = await stage.ann.connect();
  const positions = [[], [1], true, null, {}, { Rev: 1 }];
  const seqs = [null, "1", -1, 1.5].map((Seq) => ({ Seq }));
  const numbers = [{ Rev: "1" }, { Rev: -1 }, { Own: {} }, { Own: 0.5 }].map((wrong) => ({ Seq: 1, ...wrong }));
  for (const position of [...positions, ...seqs, ...numbers]) await refused(device, "sync", [{ Chats: { [NOBODY]: position } }], "bad_request");
  await device.quiet();
  device.close();
});

test("whoever comes back catches up from the new beginning", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId, name } = room;
  const { Seq } = await room.say(phone, "one");
  await bobs.must("leave-grp", name);
  await phone.must(room.send, { ...name, Content: "two" });
  await phone.must("add-member", { ...name, Member: bob.id });
  await bobs.next("new-grp-added");
  await phone.must("edit-message", { ChatId, Seq, Content: "uno" });
  await phone.must(room.send, { ...name, Content: "three" });
  const row = await room.missed(bobs, { Seq, Rev: 0, Own: 0 });
  assert.deepEqual([seqs(row.Messages), row.Changed, row.FirstSeq, row.Rev], [[3], [], 3, 3]);
  room.leave();
});

test("rosters for which there was no room come when asked for again", async () => {
  const server = await Server.start();
  const [ann, bob] = await server.people("Ann", "Bob");
  const anns = await ann.connect();
  const ask = (device, event, payload) => device.socket.timeout(8000).emitWithAck(event, payload);
  const groups = [];
  for (let n = 0; n < 50; n++) {
    const { GroupId } = await ask(anns, "create-group-chat", { Name: `g${n}`, Description: "", Participants: [bob.id] });
    groups.push(GroupId);
    for (let k = 0; k < 3; k++) await ask(anns, "send-group-message", { GroupId, Content: "x".repeat(16_000) });
  }
  const bobs = await bob.connect();
  const asked = {};
  const rosters = new Set();
  let rounds = 0;
  for (let more = true; more; rounds++) {
    assert.ok(rounds < 50, "it comes to an end");
    const { Chats } = await ask(bobs, "sync", { Chats: { ...asked } });
    for (const row of Chats) {
      const Seq = row.Messages.at(-1)?.Seq ?? asked[row.Id]?.Seq ?? row.FirstSeq - 1;
      asked[row.Id] = { Seq, Rev: row.Rev, Own: row.Own };
      if (row.Roster) rosters.add(row.Id);
    }
    more = Chats.some((row) => row.HasMore || row.ChangedMore);
  }
  assert.ok(rounds > 1, "one answer has no room for all");
  assert.deepEqual(groups.filter((id) => !rosters.has(id)), []);
  await server.close();
});
