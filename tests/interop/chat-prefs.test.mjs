// What somebody makes of a chat for oneself: silent, archived, pinned, marked unread, hidden, cleared.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { converges } from "./members.mjs";
import { ALL_KINDS, NOBODY, Stage } from "./room.mjs";
import { hasKeys, isTime, refused } from "./shapes.mjs";

const FOREVER = 315_360_000;

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const seqs = ({ Messages }) => Messages.map(({ Seq }) => Seq);
const numbers = ({ Rev, Own, Prefs }) => ({ Rev, Own, Prefs });

/// A chat of two with fresh people.
async function pair() {
  const people = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Personal", people);
  const [[phone, laptop], [elis]] = room.devices;
  return { room, people, phone, laptop, elis, ChatId: room.ChatId };
}

/// Asks for a change of what is one's own in a chat: own others hear it, and it is so afterwards. What the others see of the chat has
/// not changed. Returns the preferences.
async function prefers(room, device, event, payload) {
  const { ChatId } = room;
  const others = room.others(device).slice(0, 1);
  const seen = await Promise.all([device, ...others].map((one) => one.must("fetch-chat", { ChatId })));
  const { Ok, ...answer } = await device.must(event, { ChatId, ...payload });
  const { Prefs } = answer;
  assert.deepEqual(answer, { ChatId, Prefs });
  for (const own of room.ownOthers(device)) assert.deepEqual(await own.next("chat-prefs"), answer);
  const [before, ...theirs] = seen;
  assert.equal(Prefs.Own, before.Own + 1);
  assert.deepEqual(numbers(await device.must("fetch-chat", { ChatId })), { Rev: before.Rev, Own: Prefs.Own, Prefs });
  for (const [n, other] of others.entries()) assert.deepEqual(await other.must("fetch-chat", { ChatId }), theirs[n]);
  return Prefs;
}

/// Own devices hear of preferences that came about by a read or a message; afterwards they are so.
async function told(room, devices, expected) {
  const { Prefs } = await room.devicesOf(room.person(devices[0]))[0].must("fetch-chat", { ChatId: room.ChatId });
  assert.deepEqual(Prefs, { ...expected, Own: Prefs.Own });
  for (const device of devices) assert.deepEqual(await device.next("chat-prefs"), { ChatId: room.ChatId, Prefs });
  return Prefs;
}

for (const kind of ALL_KINDS) {
  test(`a chat is archived, pinned and marked unread for oneself, and it is taken back: ${kind}`, async () => {
    const room = await stage.room(kind);
    const device = room.devices.at(-1)[0];
    const { Prefs } = await device.must("fetch-chat", { ChatId: room.ChatId });
    const { FirstSeq } = Prefs;
    const all = { Archived: true, Pinned: true, MarkedUnread: true };
    const wanted = {};
    for (const [field, value] of Object.entries(all)) {
      wanted[field] = value;
      const { Own, ...prefs } = await prefers(room, device, "set-chat-prefs", { [field]: value });
      assert.deepEqual(prefs, { FirstSeq, ...wanted });
      await room.repeats(device, "set-chat-prefs", { [field]: value }, { Ok: true, ChatId: room.ChatId, Prefs: { Own, ...prefs } });
    }
    for (const [field, value] of Object.entries(all)) {
      const { Own, ...prefs } = await prefers(room, device, "set-chat-prefs", { [field]: !value });
      delete wanted[field];
      assert.deepEqual(prefs, { FirstSeq, ...wanted });
      await room.repeats(device, "set-chat-prefs", { [field]: !value, Mute: null }, { Ok: true, ChatId: room.ChatId, Prefs: { Own, ...prefs } });
    }
    const { Own, ...prefs } = await prefers(room, device, "set-chat-prefs", { ...all, Mute: null });
    assert.deepEqual(prefs, { FirstSeq, ...all });
    if (kind !== "Self") assert.deepEqual((await room.row(device)).Prefs, { Own, ...prefs });
    await prefers(room, device, "set-chat-prefs", { Archived: false, Pinned: false, MarkedUnread: false });
    await room.quiet();
    room.leave();
  });

  test(`a chat is silent for so many seconds, and its messages count all the same: ${kind}`, async () => {
    const room = await stage.room(kind);
    const device = room.devices.at(-1)[0];
    for (const Mute of [60, FOREVER, 3_600]) {
      const begun = Date.now();
      const { MutedUntil } = await prefers(room, device, "set-chat-prefs", { Mute });
      isTime(MutedUntil);
      const seconds = (Date.parse(MutedUntil) - begun) / 1_000;
      assert.ok(seconds >= Mute - 1 && seconds <= Mute + 10, `until ${MutedUntil}, in ${seconds} seconds`);
    }
    await room.say(room.devices[0][0], "one");
    if (kind !== "Self") assert.equal((await room.row(device)).Unread, 1);
    const { Own, ...prefs } = await prefers(room, device, "set-chat-prefs", { Mute: 0 });
    assert.ok(!("MutedUntil" in prefs));
    await room.repeats(device, "set-chat-prefs", { Mute: 0 }, { Ok: true, ChatId: room.ChatId, Prefs: { Own, ...prefs } });
    room.leave();
  });
}

test("an archived chat stays archived, whatever is said in it", async () => {
  const { room, phone, elis } = await pair();
  const Prefs = await prefers(room, phone, "set-chat-prefs", { Archived: true });
  await room.say(elis, "hello?");
  await room.say(phone, "hello");
  await room.reads(phone);
  assert.deepEqual((await room.row(phone)).Prefs, Prefs);
  await room.quiet();
  room.leave();
});

test("a mark of being unread ends with any read, one that moves nothing too, and with a message of one's own", async () => {
  const { room, phone, laptop, elis, ChatId } = await pair();
  const mark = () => prefers(room, phone, "set-chat-prefs", { MarkedUnread: true });
  await room.say(elis, "one");
  const { Own } = await mark();
  await room.say(elis, "two");
  assert.equal((await phone.must("fetch-chat", { ChatId })).Prefs.MarkedUnread, true, "another's message ends nothing");
  await laptop.must("read-personal-message", { ChatId });
  for (const device of [elis, room.ownOthers(elis)[0]]) await device.next("read-personal-msg-ack");
  await phone.next("chat-read");
  assert.equal((await told(room, [phone, laptop], { FirstSeq: 1 })).Own, Own + 1);
  await room.quiet();

  for (const Seq of [1, 2]) {
    await mark();
    await phone.must("read-personal-message", { ChatId, Seq });
    await told(room, [phone, laptop], { FirstSeq: 1 });
    await room.quiet();
  }
  await mark();
  await room.say(laptop, "three");
  await told(room, [phone, laptop], { FirstSeq: 1 });
  await mark();
  await room.hears(phone, await phone.must("forward-message", { ChatId, Seq: 1, To: ChatId }));
  await told(room, [phone, laptop], { FirstSeq: 1 });
  await room.quiet();
  room.leave();
});

test("a group that is marked unread is so for oneself, and until one reads it", async () => {
  const room = await stage.room("Group");
  const [[phone], bobs] = room.devices;
  await room.say(phone, "one");
  await prefers(room, bobs[0], "set-chat-prefs", { MarkedUnread: true, Pinned: true });
  await room.reads(bobs[0]);
  await told(room, bobs, { FirstSeq: 1, Pinned: true });
  await room.quiet();
  room.leave();
});

test("a hidden chat of two is in no list until the next message, which says first that it is back", async () => {
  for (const sender of [1, 0]) {
    const { room, people, phone, laptop, elis, ChatId } = await pair();
    const [dan, eli] = people;
    await room.say(elis, "before");
    await prefers(room, phone, "set-chat-prefs", { Hidden: true, Archived: true });
    assert.equal(await room.row(phone), undefined);
    assert.deepEqual((await dan.connect()).opening.personal, []);
    assert.ok(await room.row(elis));
    const row = await room.missed(phone);
    assert.deepEqual([row.Kind, seqs(row), row.Prefs.Hidden], ["Personal", [1], true]);
    await phone.must("create-personal-chat", { Receiver: eli.id });
    assert.deepEqual(await phone.next("create-chat-result"), { Exists: 1, ChatId, Partner: eli.name });

    const from = room.devices[sender][0];
    const { Seq } = await from.must(room.send, { ...room.name, Content: "after" });
    for (const device of [phone, laptop]) {
      const heard = [];
      while (!heard.includes("create-personal-chat-partner")) {
        const { name, payload } = await device.either("create-personal-chat-partner", room.receive, room.sent, "chat-prefs");
        heard.push(name);
        if (name === "create-personal-chat-partner") assert.deepEqual(payload, { ChatId, Partner: eli.name });
        else assert.deepEqual([name, payload.Prefs.Hidden], ["chat-prefs", undefined], "nothing is said before the chat is back");
      }
      if (device !== from) assert.equal((await device.next(sender === 1 ? room.receive : room.sent)).Seq, Seq);
      if (!heard.includes("chat-prefs")) assert.deepEqual((await device.next("chat-prefs")).Prefs.Hidden, undefined);
    }
    for (const device of [elis, room.ownOthers(elis)[0]].filter((other) => other !== from)) {
      await device.next(sender === 1 ? room.sent : room.receive);
    }
    const { Prefs } = await room.row(phone);
    hasKeys(Prefs, "Own", "FirstSeq", "Archived");
    assert.equal(dan.id, (await room.row(elis)).PartnerId);
    await room.quiet();
    room.leave();
  }
});

test("a chat that both have hidden comes back to both, and one can be shown again without a message", async () => {
  const { room, phone, elis } = await pair();
  for (const device of [phone, elis]) await prefers(room, device, "set-chat-prefs", { Hidden: true });
  await phone.must(room.send, { ...room.name, Content: "hello" });
  for (const device of room.devices.flat()) {
    for (const name of ["create-personal-chat-partner", "chat-prefs"]) await device.next(name);
  }
  for (const device of [phone, elis]) assert.ok(await room.row(device));
  await room.ownOthers(phone)[0].next(room.sent);
  for (const device of room.devices[1]) await device.next(room.receive);
  await prefers(room, phone, "set-chat-prefs", { Hidden: true });
  await prefers(room, phone, "set-chat-prefs", { Hidden: false });
  assert.ok(await room.row(phone));
  await room.quiet();
  room.leave();
});

test("only chats of two are hidden", async () => {
  for (const kind of ["Self", "Group"]) {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    for (const more of [{}, { Archived: true }]) {
      await refused(phone, "set-chat-prefs", [{ ChatId: room.ChatId, Hidden: true, ...more }], "not_found");
    }
    assert.ok(!("Archived" in (await phone.must("fetch-chat", { ChatId: room.ChatId })).Prefs));
    await room.quiet();
    room.leave();
  }
});

test("preferences have their types and bounds, and at least one is named", async () => {
  const { room, phone, ChatId } = await pair();
  const outsider = await stage.eve.connect();
  const mutes = [-1, FOREVER + 1, 1.5, "60", true, {}].map((Mute) => ({ Mute }));
  const fields = ["Archived", "Pinned", "MarkedUnread", "Hidden"];
  const switches = fields.flatMap((field) => ["true", 1, 0, {}, []].map((value) => ({ [field]: value })));
  const nothing = [{}, { Archived: null, Mute: null }, { Silent: true }];
  for (const wrong of [...mutes, ...switches, ...nothing, { Archived: true, Mute: -1 }]) {
    await refused(phone, "set-chat-prefs", [{ ChatId, ...wrong }], "bad_request");
    await refused(outsider, "set-chat-prefs", [{ ChatId, ...wrong }], "bad_request");
  }
  for (const Seq of ["1", -1, 1.5, {}, [], true]) await refused(phone, "clear-chat", [{ ChatId, Seq }], "bad_request");
  for (const id of [ChatId, NOBODY]) {
    await refused(outsider, "set-chat-prefs", [{ ChatId: id, Archived: true }], "not_found");
    await refused(outsider, "clear-chat", [{ ChatId: id }], "not_found");
  }
  await room.quiet();
  outsider.close();
  room.leave();
});

for (const kind of ALL_KINDS) {
  test(`a chat that one has cleared is empty for oneself, and full for all others: ${kind}`, async () => {
    const room = await stage.room(kind);
    const device = room.devices.at(-1)[0];
    const [first] = room.devices[0];
    const { ChatId } = room;
    const { LastSeq: begun } = await device.must("fetch-chat", { ChatId });
    const said = [];
    for (const text of ["one", "two", "three"]) said.push(await room.say(first, text));
    const [one, two, three] = said.map(({ Seq }) => Seq);
    await room.change(first, "pin-message", { Seq: one, On: true }, "Pinned");
    await room.mark(device, "star-message", { Seq: one, On: true });
    const before = await device.must("fetch-chat", { ChatId });

    assert.equal((await prefers(room, device, "clear-chat", { Seq: one })).FirstSeq, two);
    assert.deepEqual(seqs(await room.page(device)), [three, two]);
    assert.equal((await room.page(device)).FirstSeq, two);
    const row = await room.missed(device, { Seq: begun, Rev: before.Rev, Own: before.Own });
    assert.deepEqual([seqs(row), row.FirstSeq, row.Prefs.FirstSeq, row.Changed, row.Mine], [[two, three], two, two, [], []]);
    for (const event of ["fetch-pinned", "fetch-starred"]) assert.deepEqual((await device.must(event, { ChatId })).Messages, []);
    for (const [event, more] of [["react", { Emoji: "👍", On: true }], ["star-message", { On: false }], ["hide-message", {}]]) {
      await refused(device, event, [{ ChatId, Seq: one, ...more }], "not_found");
    }
    await refused(device, room.send, [{ ...room.name, Content: "no", ReplyTo: one }], "not_found");
    const { Prefs } = await device.must("fetch-chat", { ChatId });
    for (const Seq of [one, 0]) await room.repeats(device, "clear-chat", { Seq }, { Ok: true, ChatId, Prefs });

    assert.equal((await prefers(room, device, "clear-chat", {})).FirstSeq, three + 1);
    assert.deepEqual(seqs(await room.page(device)), []);
    if (kind !== "Self") {
      const { Unread, LastSeq, Last } = await room.row(device);
      assert.deepEqual([Unread, LastSeq, Last], [0, three, undefined]);
      assert.deepEqual(seqs(await room.page(first)).slice(0, 3), [three, two, one]);
      assert.equal((await first.must("fetch-pinned", { ChatId })).Messages.length, 1);
    }
    const now = await device.must("fetch-chat", { ChatId });
    for (const Seq of [undefined, null, 1_000_000]) {
      await room.repeats(device, "clear-chat", { ...(Seq !== undefined && { Seq }) }, { Ok: true, ChatId, Prefs: now.Prefs });
    }
    const next = await room.say(first, "four");
    assert.deepEqual(seqs(await room.page(device)), [next.Seq]);
    room.leave();
  });
}

test("changes of what one has cleared are nobody's business, quotes of it show nothing", async () => {
  const room = await stage.room("Group");
  const [[phone, laptop], bobs, cats] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "one");
  await prefers(room, bobs[0], "clear-chat", {});
  await phone.must("edit-message", { ChatId, Seq, Content: "uno" });
  for (const device of [laptop, ...cats]) assert.equal((await device.next("message-changed")).What, "Edited");
  await room.quiet();
  const reply = await phone.must(room.send, { ...room.name, Content: "two", ReplyTo: Seq });
  for (const device of bobs) assert.deepEqual((await device.next(room.receive)).ReplyTo, { Seq, Unavailable: true });
  for (const device of cats) assert.equal((await device.next(room.receive)).ReplyTo.Content, "uno");
  assert.deepEqual((await room.shown(bobs[0], reply.Seq)).ReplyTo, { Seq, Unavailable: true });
  const row = await room.missed(bobs[0], { Seq, Rev: 0, Own: 0 });
  assert.deepEqual([row.Changed, seqs(row), row.FirstSeq], [[], [reply.Seq], 2]);
  room.leave();
});

test("preferences are caught up with by their number alone, and survive a crash", async () => {
  const { server } = stage;
  const { room, people, phone, elis, ChatId } = await pair();
  for (const text of ["one", "two", "three"]) await room.say(elis, text);
  const since = await phone.must("fetch-chat", { ChatId });
  const { prefs } = await converges(stage, room, people[0], async () => {
    await phone.must("set-chat-prefs", { ChatId, Mute: 600, Pinned: true, MarkedUnread: true });
    await phone.must("star-message", { ChatId, Seq: 3, On: true });
    await phone.must("clear-chat", { ChatId, Seq: 1 });
    await phone.must("read-personal-message", { ChatId, Seq: 2 });
    await phone.must("set-chat-prefs", { ChatId, Archived: true });
  });
  hasKeys(prefs, "Own", "FirstSeq", "MutedUntil", "Pinned", "Archived");
  assert.deepEqual([prefs.FirstSeq, prefs.Own], [2, since.Own + 5]);
  const row = await room.missed(phone, { Seq: 3, Rev: since.Rev, Own: since.Own });
  assert.deepEqual([row.Prefs, row.Own, row.Rev, row.Mine.length], [prefs, prefs.Own, since.Rev, 1]);
  const same = await room.missed(phone, { Seq: 3, Rev: since.Rev, Own: prefs.Own });
  assert.ok(!("Prefs" in same));
  await phone.must("star-message", { ChatId, Seq: 2, On: true });
  assert.ok(!("Prefs" in (await room.missed(phone, { Seq: 3, Rev: since.Rev, Own: prefs.Own }))), "a star is no preference");
  const before = await phone.must("fetch-chat", { ChatId });
  const partners = await elis.must("fetch-chat", { ChatId });
  assert.deepEqual([partners.Own, partners.Prefs], [0, { Own: 0, FirstSeq: 1 }]);
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const back = await people[0].connect();
  assert.deepEqual(await back.must("fetch-chat", { ChatId }), before);
  back.close();
});

test("one person pins so many chats, also at once", async () => {
  const { server, ann, bob } = stage;
  await server.restart({ settings: { "chats.pinned": "3" } });
  const rooms = [await stage.room("Self")];
  for (let n = 0; n < 5; n += 1) rooms.push(await stage.room("Group", [ann, bob], rooms.at(-1)));
  const [[phone]] = rooms[0].devices;
  const pin = (room, Pinned) => phone.ask("set-chat-prefs", { ChatId: room.ChatId, Pinned });
  const answers = await Promise.all(rooms.map((room) => pin(room, true)));
  assert.equal(answers.filter(({ Ok }) => Ok).length, 3);
  assert.ok(answers.every(({ Ok, Code }) => Ok || Code === "too_large"));
  const held = rooms[answers.findIndex(({ Ok }) => Ok)];
  const other = rooms[answers.findIndex(({ Ok }) => !Ok)];
  assert.equal((await pin(held, true)).Ok, true, "a repeat is no more");
  await refused(phone, "set-chat-prefs", [{ ChatId: other.ChatId, Pinned: true, Archived: true }], "too_large");
  assert.ok(!("Archived" in (await phone.must("fetch-chat", { ChatId: other.ChatId })).Prefs));
  assert.equal((await pin(held, false)).Ok, true);
  assert.equal((await pin(other, true)).Ok, true);
  for (const room of rooms) room.leave();
});
