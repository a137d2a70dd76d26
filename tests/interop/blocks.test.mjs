// People who have nothing to do with each other any more: what a block refuses and hides, and that nobody is told of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NOBODY, Stage, state } from "./room.mjs";
import { hasKeys, isTime, refused } from "./shapes.mjs";
import { speech } from "./speech.mjs";

let stage;
before(async () => (stage = await Stage.open({ "presence.interval": "1s" })));
after(() => stage?.close());

/// A chat of two with fresh people.
async function pair() {
  const people = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Personal", people);
  const [[phone, laptop], [elis, second]] = room.devices;
  return { room, people, phone, laptop, elis, second, ChatId: room.ChatId };
}

/// Blocks somebody or not; the blocker's other devices hear it.
async function block(device, others, { id }, On = true) {
  assert.deepEqual(await device.must("block-user", { User: id, On }), { Ok: true, User: id, On });
  for (const other of others) assert.deepEqual(await other.next("user-blocked"), { User: id, On });
}

const blocks = async (device) => {
  const { Ok, ...answer } = await device.must("fetch-blocks", {});
  hasKeys(answer, "Users");
  for (const row of answer.Users) {
    hasKeys(row, "_id", "Name", "At");
    isTime(row.At);
  }
  return answer.Users.map(({ _id, Name }) => ({ _id, Name }));
};

/// What a device knows of one person's presence.
const watched = async (device, { id }) => (await device.must("watch-presence", { Users: [id] })).Users[0];

test("a block is told to one's own devices, and to nobody else", async () => {
  const { room, people, phone, laptop, elis, ChatId } = await pair();
  const [dan, eli] = people;
  await room.say(phone, "hello");
  const seen = await Promise.all([phone, elis].map((device) => device.must("fetch-chat", { ChatId })));
  assert.deepEqual(await blocks(phone), []);
  await block(phone, [laptop], eli);
  for (const device of [phone, laptop]) assert.deepEqual(await blocks(device), [{ _id: eli.id, Name: eli.name }]);
  phone.emit("fetch-blocks", {});
  assert.deepEqual((await phone.next("blocks")).Users.map(({ _id }) => _id), [eli.id]);
  assert.deepEqual(await blocks(elis), []);
  assert.deepEqual(await phone.must("block-user", { User: eli.id, On: true }), { Ok: true, User: eli.id, On: true });
  await room.quiet();
  assert.deepEqual(await Promise.all([phone, elis].map((device) => device.must("fetch-chat", { ChatId }))), seen, "it takes no number");
  const { FirstSeq, Messages } = await room.page(elis);
  assert.deepEqual([FirstSeq, Messages.length], [1, 1]);
  assert.equal((await room.row(elis)).Partner, dan.name);

  await block(phone, [laptop], eli, false);
  assert.deepEqual(await blocks(phone), []);
  assert.deepEqual(await phone.must("block-user", { User: eli.id, On: false }), { Ok: true, User: eli.id, On: false });
  await room.quiet();
  room.leave();
});

test("in the chat of two nothing is said or changed by either side, and no answer tells who wanted it so", async () => {
  const { room, people, phone, laptop, elis, second } = await pair();
  const [dan, eli] = people;
  const said = [await room.say(phone, "dan's"), await room.say(elis, "eli's")];
  for (const [device, Seq] of [[phone, said[1].Seq], [elis, said[0].Seq]]) {
    await room.change(device, "react", { Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
    await room.ownOthers(device)[0].next("message-mine");
  }
  const refuses = async () => {
    const [dans, elisOwn] = [speech(room, said[0], said[1]), speech(room, said[1], said[0])];
    for (const what of Object.keys(dans)) {
      const messages = [];
      for (const [device, [event, payload]] of [[phone, dans[what]], [elis, elisOwn[what]]]) {
        messages.push(await refused(device, event, [payload], "blocked"));
      }
      assert.equal(messages[0], messages[1], what);
    }
    await room.quiet();
  };
  await block(phone, [laptop], eli);
  await refuses();
  await block(elis, [second], dan);
  await refuses();
  await block(phone, [laptop], eli, false);
  await refuses();
  await block(elis, [second], dan, false);
  await room.say(phone, "again");
  await room.say(elis, "friends");
  for (const { Seq } of said) assert.equal((await room.shown(phone, Seq)).Content, Seq === said[0].Seq ? "dan's" : "eli's");
  await room.quiet();
  room.leave();
});

test("a block comes before what is answered or changed; what is stored already is answered all the same", async () => {
  const { room, people, phone, laptop, elis, ChatId } = await pair();
  const said = await room.say(elis, "mine", { ClientId: `blocked-${ChatId}` });
  await block(phone, [laptop], people[1]);
  await refused(elis, room.send, [{ ...room.name, Content: "no", ReplyTo: 1_000 }], "blocked");
  for (const device of [phone, elis]) {
    await refused(device, "edit-message", [{ ChatId, Seq: 1_000, Content: "no" }], "blocked");
    await refused(device, "react", [{ ChatId, Seq: 1_000, Emoji: "👍", On: true }], "blocked");
    await refused(device, room.send, [{ ...room.name, Content: "" }], "bad_request");
  }
  const again = await elis.must(room.send, { ...room.name, Content: "again", ClientId: `blocked-${ChatId}` });
  assert.deepEqual([again.Seq, again.Repeat], [said.Seq, true]);
  await room.quiet();
  room.leave();
});

test("reading, keeping, forwarding on and deleting stay allowed", async () => {
  const { room, people, phone, laptop, elis, second, ChatId } = await pair();
  const dans = await room.say(phone, "dan's");
  const other = await room.say(elis, "eli's");
  await block(phone, [laptop], people[1]);
  const all = [[phone, dans, other], [elis, other, dans]];
  for (const [device, , theirs] of all) {
    assert.equal((await room.page(device)).Messages.length, 2);
    await room.mark(device, "star-message", { Seq: theirs.Seq, On: true });
    await device.must("forward-message", { ChatId, Seq: theirs.Seq, To: room.person(device).id });
    await room.ownOthers(device)[0].next("sent-self-message");
  }
  for (const [device, own] of all) {
    await room.change(device, "delete-message", { Seq: own.Seq }, "Deleted");
    await room.mark(device, "hide-message", { Seq: own.Seq });
    await device.must("set-chat-prefs", { ChatId, Archived: true });
    await room.ownOthers(device)[0].next("chat-prefs");
  }
  await room.quiet();
  assert.equal(second.socket.connected, true);
  room.leave();
});

test("what is read or has arrived is not told between the two", async () => {
  const { room, people, phone, laptop, elis, second, ChatId } = await pair();
  for (const text of ["one", "two", "three"]) await room.say(phone, text);
  await room.reads(elis, 1);
  await block(elis, [second], people[0]);
  await elis.must("delivered", { ChatId, Seq: 3 });
  await elis.must("read-personal-message", { ChatId, Seq: 2 });
  assert.equal((await second.next("chat-read")).Seq, 2);
  await room.quiet();
  const { PartnerReadSeq, DeliveredSeq } = await room.row(phone);
  assert.deepEqual([PartnerReadSeq, DeliveredSeq], [1, 1]);
  const page = await room.page(phone);
  assert.deepEqual([page.PartnerReadSeq, page.DeliveredSeq], [1, 1]);
  assert.deepEqual(page.Messages.map(({ ReadStatus }) => ReadStatus[people[1].id]), ["Unread", "Unread", "Read"]);
  assert.deepEqual([(await room.row(elis)).ReadSeq, (await room.row(elis)).Unread], [2, 1]);

  await block(elis, [second], people[0], false);
  await room.reads(elis, 3);
  assert.equal((await room.row(phone)).PartnerReadSeq, 3);
  await laptop.quiet();
  room.leave();
});

test("neither sees any more whether the other is there, from the block on", async () => {
  const { room, people, phone, elis, laptop } = await pair();
  const [dan, eli] = people;
  const online = ({ id }) => ({ _id: id, Online: true });
  const unknown = ({ id }) => ({ _id: id, Online: false });
  assert.deepEqual([await watched(phone, eli), await watched(elis, dan)], [online(eli), online(dan)]);
  await block(phone, [laptop], eli);
  assert.deepEqual(await phone.next("presence"), { Users: [unknown(eli)] });
  assert.deepEqual(await elis.next("presence"), { Users: [unknown(dan)] });
  assert.deepEqual([await watched(phone, eli), await watched(elis, dan)], [unknown(eli), unknown(dan)]);
  await room.quiet();
  await block(phone, [laptop], eli, false);
  assert.deepEqual([await watched(phone, eli), await watched(elis, dan)], [online(eli), online(dan)]);
  room.leave();
});

test("no chat of two begins between them, one that is there is found", async () => {
  const { room, people, phone, laptop, elis, ChatId } = await pair();
  const [dan, eli] = people;
  const [fay] = await stage.server.people("Fay");
  const fays = await fay.connect();
  await block(phone, [laptop], eli);
  for (const [device, other] of [[phone, eli], [elis, dan]]) {
    await device.must("create-personal-chat", { Receiver: other.id });
    assert.deepEqual(await device.next("create-chat-result"), { Exists: 1, ChatId, Partner: other.name });
  }
  await block(phone, [laptop], fay);
  const why = await refused(phone, "create-personal-chat", [{ Receiver: fay.id }], "blocked");
  assert.equal(await refused(fays, "create-personal-chat", [{ Receiver: dan.id }], "blocked"), why);
  await fays.must("check-chat", { Receiver: dan.id });
  assert.deepEqual(await fays.next("create-chat-result"), { Exists: 0, Partner: dan.name });
  for (const device of [phone, laptop, fays]) await device.quiet();
  await block(phone, [laptop], fay, false);
  await fays.must("create-personal-chat", { Receiver: dan.id });
  fays.close();
  room.leave();
});

test("neither puts the other into a group, new or there", async () => {
  const { people, phone, laptop, elis, room: two } = await pair();
  const [dan, eli] = people;
  const { ann } = stage;
  const dans = await stage.room("Group", [dan, ann], two);
  const others = await stage.room("Group", [eli, ann], two);
  for (const device of dans.devices[1]) await device.next("create-group-chat-receiver");
  await block(phone, [laptop], eli);
  for (const [device, room, other] of [[phone, dans, eli], [elis, others, dan]]) {
    await refused(device, "add-member", [{ ...room.name, Member: other.id }], "forbidden");
    const found = { Name: "Trio", Description: "", Participants: [ann.id, other.id] };
    await refused(device, "create-group-chat", [found], "forbidden");
  }
  for (const room of [dans, others]) await room.quiet();
  await block(phone, [laptop], eli, false);
  await phone.must("add-member", { ...dans.name, Member: eli.id });
  for (const room of [dans, others]) room.leave();
});

test("in a group both stay and hear all; mentions by the blocked one do not count", async () => {
  const { server, ann } = stage;
  const people = [ann, ...(await server.people("Dan", "Eli"))];
  const room = await stage.room("Group", people);
  const [[phone], [dans, laptop], [elis]] = room.devices;
  const [, dan, eli] = people;
  const { ChatId } = room;
  await block(dans, [laptop], eli);
  const said = await room.say(elis, "dan!", { Mentions: [dan.id] });
  assert.deepEqual(said.Mentions, [dan.id]);
  await room.say(elis, "all!", { Mentions: ["all"] });
  await room.say(phone, "dan?", { Mentions: [dan.id] });
  const answer = await room.say(dans, "eli!", { Mentions: [eli.id], ReplyTo: said.Seq });
  assert.equal(answer.ReplyTo.Content, "dan!");
  await room.change(dans, "react", { Seq: said.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await laptop.next("message-mine");
  const counts = async (device) => {
    const { Unread, Mentioned } = await room.row(device);
    return [Unread, Mentioned];
  };
  assert.deepEqual(await counts(dans), [3, 1]);
  assert.deepEqual(await counts(elis), [2, 1], "who is blocked is mentioned as ever");
  assert.deepEqual(await room.reads(dans, 1), { ChatId, Seq: 1, Unread: 2, Mentioned: 1 });
  assert.deepEqual(state(await room.shown(dans, said.Seq)).Content, "dan!");
  await block(dans, [laptop], eli, false);
  assert.deepEqual(await counts(dans), [2, 2]);
  await room.quiet();
  room.leave();
});

test("whom one blocks must exist and be somebody else", async () => {
  const { room, people, phone } = await pair();
  for (const On of [true, false]) {
    for (const User of [NOBODY, "", "x"]) await refused(phone, "block-user", [{ User, On }], "not_found");
    for (const User of [undefined, null, 5, {}, []]) await refused(phone, "block-user", [{ User, On }], "bad_request");
  }
  await refused(phone, "block-user", [{ User: people[0].id, On: true }], "conflict");
  for (const On of [undefined, null, "true", 1, {}]) {
    await refused(phone, "block-user", [{ User: people[1].id, On }], "bad_request");
    await refused(phone, "block-user", [{ User: NOBODY, On }], "bad_request");
  }
  assert.deepEqual(await blocks(phone), []);
  await block(phone, room.ownOthers(phone), stage.eve);
  await room.quiet();
  room.leave();
});

test("nothing is stored in the chat of two behind a block", async () => {
  const { room, people, phone, laptop, elis, ChatId } = await pair();
  const { Seq } = await room.say(elis, "0");
  const asked = Array.from({ length: 60 }, (_, n) => [
    [room.send, { ...room.name, Content: `${n}` }],
    ["edit-message", { ChatId, Seq, Content: `${n + 1}` }],
    ["react", { ChatId, Seq, Emoji: "👍", On: n % 4 === 2 }],
    ["pin-message", { ChatId, Seq, On: n % 8 === 3 }],
  ][n % 4]);
  const answers = asked.map(([event, payload]) => elis.ask(event, payload));
  await phone.must("block-user", { User: people[1].id, On: true });
  const then = await phone.must("fetch-chat", { ChatId });
  for (const answer of await Promise.all(answers)) {
    assert.ok(answer.Ok ? (answer.Rev ?? 0) <= then.Rev && answer.Seq <= then.LastSeq : answer.Code === "blocked", JSON.stringify(answer));
  }
  assert.deepEqual(await phone.must("fetch-chat", { ChatId }), then);
  await refused(elis, room.send, [{ ...room.name, Content: "no" }], "blocked");
  await laptop.next("user-blocked");
  room.leave();
});

test("a block survives a crash, and one person blocks so many", async () => {
  const { server } = stage;
  const { room, people, phone, laptop, ChatId } = await pair();
  const [dan, eli] = people;
  await block(phone, [laptop], eli);
  room.leave();
  await server.restart({ signal: "SIGKILL", settings: { "users.blocks": "2" } });
  const [dans, elis] = [await dan.connect(), await eli.connect()];
  assert.deepEqual((await blocks(dans)).map(({ _id }) => _id), [eli.id]);
  for (const device of [dans, elis]) await refused(device, room.send, [{ ChatId, Content: "no" }], "blocked");
  await dans.must("block-user", { User: stage.eve.id, On: true });
  await refused(dans, "block-user", [{ User: stage.cat.id, On: true }], "too_large");
  await dans.must("block-user", { User: eli.id, On: true });
  await dans.must("block-user", { User: eli.id, On: false });
  await dans.must("block-user", { User: stage.cat.id, On: true });
  for (const device of [dans, elis]) device.close();
});
