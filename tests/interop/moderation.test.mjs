// Members who are kept from writing for a while, and people who are kept out of a group.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { appoint, changes, configure, converges, row, stays } from "./members.mjs";
import { NOBODY, Stage } from "./room.mjs";
import { hasKeys, isTime, refused } from "./shapes.mjs";
import { heldBack, once, speech } from "./speech.mjs";

const FOREVER = 315_360_000;

let stage, dan;
before(async () => {
  stage = await Stage.open();
  [dan] = await stage.server.people("Dan");
});
after(() => stage?.close());

/// Ann's group with Bob and Dan as moderators and Cat as a member.
async function led() {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob, cat, dan]);
  await appoint(room, bob, dan);
  const [[owner], [moderator], [member], [second]] = room.devices;
  return { room, ChatId: room.ChatId, owner, moderator, member, second };
}

/// Mutes somebody; all hear until when.
function mute(room, device, person, Role, Seconds) {
  const now = Date.now();
  const rows = ([{ MutedUntil }]) => {
    isTime(MutedUntil);
    const seconds = (Date.parse(MutedUntil) - now) / 1_000;
    assert.ok(seconds >= Seconds - 1 && seconds <= Seconds + 10, `until ${MutedUntil}, in ${seconds} seconds`);
    return [row(person, Role, undefined, { MutedUntil })];
  };
  return changes(room, device, "mute-member", { Member: person.id, Seconds }, { What: "Muted", user: person, rows });
}

const unmute = (room, device, person, Role) =>
  changes(room, device, "mute-member", { Member: person.id, Seconds: 0 }, { What: "Unmuted", user: person, rows: [row(person, Role)] });

/// Whom a change takes out of the group, as told with it.
const gone = (person) => [{ ...row(person, "Member"), Gone: true }];

/// Bans a member by a device: older clients hear of a kick, the requester has its acknowledgement alone.
async function ban(room, device, person) {
  await changes(room, device, "ban-member", { Member: person.id }, {
    What: "Banned", user: person, rows: gone(person), older: "someone-kicked-out",
  });
  for (const own of room.devicesOf(person)) assert.deepEqual(await own.next("kicked-out"), { ...room.name, GroupName: "Band" });
}

const bans = async (device, ChatId) => {
  const { Ok, ...answer } = await device.must("fetch-bans", { ChatId });
  hasKeys(answer, "ChatId", "Bans");
  assert.equal(answer.ChatId, ChatId);
  for (const ban of answer.Bans) {
    hasKeys(ban, "_id", "Name", "By", "At");
    isTime(ban.At);
  }
  return answer.Bans.map(({ _id, Name, By }) => ({ _id, Name, By })).sort((one, other) => (one._id < other._id ? -1 : 1));
};

test("a mute is told to all with its end, a longer one and a shorter one too, and so is its end before time", async () => {
  const { bob, cat } = stage;
  const { room, owner, moderator } = await led();
  await room.say(owner, "one");
  await mute(room, moderator, cat, "Member", 60);
  for (const Seconds of [3_600, 60, 60, FOREVER]) await mute(room, owner, cat, "Member", Seconds);
  await unmute(room, moderator, cat, "Member");
  await stays(room, moderator, "mute-member", { Member: cat.id, Seconds: 0 });
  await mute(room, owner, bob, "Moderator", 60);
  await unmute(room, owner, bob, "Moderator");
  await room.quiet();
  room.leave();
});

test("whoever is muted changes nothing that others see, and learns how long", async () => {
  const { cat } = stage;
  const { room, ChatId, owner, member } = await led();
  await configure(room, { WhoPins: "Member" });
  const ClientId = `muted-${ChatId}`;
  const own = await room.say(member, "own", { ClientId });
  const other = await room.say(owner, "other");
  await room.change(member, "react", { Seq: other.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await room.ownOthers(member)[0].next("message-mine");
  await mute(room, owner, cat, "Member", 600);
  for (const [event, payload] of Object.values(speech(room, own, other))) {
    const wait = await heldBack(member, event, payload, "muted");
    assert.ok(wait > 540 && wait <= 600, `${event}: ${wait} seconds`);
  }
  await heldBack(room.ownOthers(member)[0], room.send, { ...room.name, Content: "no" }, "muted");
  // Whoever may not speak comes before what is answered, shape before both, and what is stored already before all but shape.
  await heldBack(member, room.send, { ...room.name, Content: "no", ReplyTo: 1_000 }, "muted");
  await heldBack(member, "edit-message", { ChatId, Seq: other.Seq, Content: "no" }, "muted");
  await heldBack(member, "react", { ChatId, Seq: 1_000, Emoji: "👍", On: true }, "muted");
  await refused(member, room.send, [{ ...room.name, Content: "" }], "bad_request");
  const again = await member.must(room.send, { ...room.name, Content: "again", ClientId });
  assert.deepEqual([again.Seq, again.Repeat], [own.Seq, true]);
  await room.quiet();

  await room.mark(member, "star-message", { Seq: other.Seq, On: true });
  await room.mark(member, "hide-message", { Seq: other.Seq });
  await room.reads(member);
  await room.change(member, "delete-message", { Seq: own.Seq }, "Deleted");
  await member.must("forward-message", { ChatId, Seq: other.Seq, To: cat.id });
  await room.ownOthers(member)[0].next("sent-self-message");
  await unmute(room, owner, cat, "Member");
  await room.say(member, "at last");
  await room.quiet();
  room.leave();
});

test("what a role forbids is forbidden to the muted too, before all else", async () => {
  const { cat } = stage;
  const { room, ChatId, owner, member } = await led();
  const own = await room.say(member, "own");
  await configure(room, { WhoPosts: "Moderator", SlowMode: 60 });
  await mute(room, owner, cat, "Member", 600);
  const { send, forward, typing, pin, edit } = speech(room, own, own);
  for (const [event, payload] of [send, forward, typing, pin]) await refused(member, event, [payload], "forbidden");
  await heldBack(member, ...edit, "muted");
  await configure(room, { WhoPosts: "Member" });
  await heldBack(member, ...send, "muted");
  await unmute(room, owner, cat, "Member");
  const said = await member.must(room.send, { ...room.name, Content: "first" });
  await room.hears(member, said);
  await heldBack(member, ...send, "slow_mode");
  await mute(room, owner, cat, "Member", 600);
  await heldBack(member, ...send, "muted");
  await refused(member, "edit-group", [{ ChatId, Name: "No" }], "forbidden");
  room.leave();
});

test("a moderator who is muted writes nothing and keeps order all the same", async () => {
  const { bob, cat } = stage;
  const { room, ChatId, owner, moderator } = await led();
  const { Seq } = await room.say(owner, "one");
  await mute(room, owner, bob, "Moderator", 600);
  await heldBack(moderator, room.send, { ...room.name, Content: "no" }, "muted");
  await heldBack(moderator, "pin-message", { ChatId, Seq, On: true }, "muted");
  await mute(room, moderator, cat, "Member", 60);
  await changes(room, moderator, "edit-group", { Name: "Choir" }, { What: "Edited", info: { Name: "Choir" }, Fields: ["Name"] });
  await room.change(moderator, "delete-message", { Seq }, "Deleted");
  await refused(moderator, "mute-member", [{ ChatId, Member: bob.id, Seconds: 0 }], "conflict");
  await room.quiet();
  room.leave();
});

test("a mute ends by the clock, unheard", async () => {
  const { cat } = stage;
  const { room, owner, member } = await led();
  await mute(room, owner, cat, "Member", 2);
  await heldBack(member, room.send, { ...room.name, Content: "no" }, "muted");
  const next = await once(member, room.send, { ...room.name, Content: "at last" }, "muted", 5);
  assert.equal(next.Ok, true, JSON.stringify(next));
  await room.hears(member, next);
  await room.quiet();
  room.leave();
});

test("whoever becomes owner is muted no more", async () => {
  const { ann, bob } = stage;
  const { room, ChatId, owner, moderator } = await led();
  await mute(room, owner, bob, "Moderator", 600);
  await changes(room, owner, "change-admin", { Member: bob.id }, {
    What: "AdminChanged",
    user: bob,
    rows: [row(ann, "Member"), row(bob, "Owner")],
    info: { Admin: bob.id },
    older: "change-admin-success-receiver",
  });
  await owner.next("change-admin-success-creator");
  await room.say(moderator, "my first word");
  await moderator.must("change-admin", { ...room.name, Member: ann.id });
  const { Roster } = await moderator.must("fetch-chat", { ChatId });
  assert.ok(Roster.Members.every((row) => !("MutedUntil" in row)));
  await moderator.must(room.send, { ...room.name, Content: "nor afterwards" });
  room.leave();
});

test("a mute outlives leaving, removal and a crash", async () => {
  const { server, ann, cat } = stage;
  const { room, ChatId, owner, member } = await led();
  const { name, send } = room;
  const { Members } = await mute(room, owner, cat, "Member", 3_600);
  const [{ MutedUntil }] = Members;
  const comesBack = async () => {
    const answer = await owner.must("add-member", { ...name, Member: cat.id });
    assert.equal(answer.Members[0].MutedUntil, MutedUntil);
    await member.next("new-grp-added");
    await heldBack(member, send, { ...name, Content: "no" }, "muted");
  };
  await member.must("leave-grp", name);
  await comesBack();
  await owner.must("kickout", { ...name, Member: cat.id });
  await comesBack();
  const before = await owner.must("fetch-chat", { ChatId });
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const [anns, cats] = [await ann.connect(), await cat.connect()];
  assert.deepEqual(await anns.must("fetch-chat", { ChatId }), before);
  await heldBack(cats, send, { ...name, Content: "no" }, "muted");
  for (const device of [anns, cats]) device.close();
});

for (const [event, more] of [["mute-member", { Seconds: 60 }], ["ban-member", {}]]) {
  test(`the owner may do it to anybody else, a moderator to members: ${event}`, async () => {
    const { ann, bob, cat, eve } = stage;
    const { room, ChatId, owner, moderator, member, second } = await led();
    const ask = (device, { id }, code) => refused(device, event, [{ ChatId, Member: id, ...more }], code);
    for (const person of [ann, bob, cat, eve, { id: NOBODY }, { id: "x" }]) await ask(member, person, "forbidden");
    for (const device of [owner, moderator]) await ask(device, { id: "x" }, "not_found");
    await ask(moderator, ann, "forbidden");
    await ask(moderator, dan, "forbidden");
    await ask(second, bob, "forbidden");
    await ask(moderator, bob, "conflict");
    await ask(owner, ann, "conflict");
    const outsider = await eve.connect();
    await ask(outsider, cat, "not_found");
    await room.quiet();
    await owner.must(event, { ChatId, Member: bob.id, ...more });
    await second.must(event, { ChatId, Member: cat.id, ...more });
    outsider.close();
    room.leave();
  });
}

test("only members are muted", async () => {
  const { eve } = stage;
  const { room, ChatId, owner, moderator } = await led();
  for (const device of [owner, moderator]) {
    for (const Seconds of [60, 0]) await refused(device, "mute-member", [{ ChatId, Member: eve.id, Seconds }], "not_member");
  }
  await room.quiet();
  room.leave();
});

test("seconds are a whole number of at most ten years, before all else", async () => {
  const { cat, eve } = stage;
  const { room, ChatId, owner, member } = await led();
  const outsider = await eve.connect();
  for (const Seconds of [-1, FOREVER + 1, 1.5, "60", null, true, {}]) {
    for (const device of [owner, member, outsider]) await refused(device, "mute-member", [{ ChatId, Member: cat.id, Seconds }], "bad_request");
  }
  await room.quiet();
  outsider.close();
  room.leave();
});

test("whoever is banned is out at once and is not taken in again until it is taken back", async () => {
  const { bob, cat } = stage;
  const { room, ChatId, owner, moderator, member } = await led();
  await ban(room, moderator, cat);
  await refused(member, "fetch-chat", [{ ChatId }], "not_found");
  await refused(member, room.send, [{ ...room.name, Content: "no" }], "not_found");
  await refused(owner, "add-member", [{ ...room.name, Member: cat.id }], "conflict");
  const listed = [{ _id: cat.id, Name: cat.name, By: bob.id }];
  for (const device of [owner, moderator]) assert.deepEqual(await bans(device, ChatId), listed);
  owner.emit("fetch-bans", { ChatId });
  assert.deepEqual((await owner.next("bans")).Bans.map(({ _id }) => _id), [cat.id]);
  await stays(room, owner, "ban-member", { Member: cat.id });
  assert.deepEqual(await bans(owner, ChatId), listed, "as it was first");

  const before = await owner.must("fetch-chat", { ChatId });
  for (let n = 0; n < 2; n += 1) {
    assert.deepEqual(await moderator.must("unban-member", { ChatId, Member: cat.id }), { Ok: true, ChatId });
    assert.deepEqual(await bans(owner, ChatId), []);
  }
  assert.deepEqual(await owner.must("fetch-chat", { ChatId }), before);
  await room.quiet();
  await owner.must("add-member", { ...room.name, Member: cat.id });
  await member.next("new-grp-added");
  room.leave();
});

test("people who are not in are banned as well: no number, no word to anybody", async () => {
  const { eve } = stage;
  const { room, ChatId, owner, moderator } = await led();
  const eves = await eve.connect();
  await refused(owner, "ban-member", [{ ChatId, Member: NOBODY }], "not_found");
  const before = await owner.must("fetch-chat", { ChatId });
  for (let n = 0; n < 2; n += 1) await stays(room, moderator, "ban-member", { Member: eve.id });
  assert.deepEqual(await owner.must("fetch-chat", { ChatId }), before);
  assert.deepEqual((await bans(owner, ChatId)).map(({ _id }) => _id), [eve.id]);
  await refused(owner, "add-member", [{ ...room.name, Member: eve.id }], "conflict");
  await eves.quiet(room.fetch, room.name);
  eves.close();
  room.leave();
});

test("bans are the business of owner and moderators", async () => {
  const { cat, eve } = stage;
  const { room, ChatId, member } = await led();
  const outsider = await eve.connect();
  for (const Member of [cat.id, eve.id, NOBODY, "x"]) {
    await refused(member, "unban-member", [{ ChatId, Member }], "forbidden");
    await refused(outsider, "unban-member", [{ ChatId, Member }], "not_found");
  }
  await refused(member, "fetch-bans", [{ ChatId }], "forbidden");
  await refused(outsider, "fetch-bans", [{ ChatId }], "not_found");
  await room.quiet();
  outsider.close();
  room.leave();
});

test("a kick is no ban", async () => {
  const { cat } = stage;
  const { room, ChatId, owner } = await led();
  await owner.must("kickout", { ...room.name, Member: cat.id });
  assert.deepEqual(await bans(owner, ChatId), []);
  await owner.must("add-member", { ...room.name, Member: cat.id });
  room.leave();
});

for (const [event, more, code] of [["mute-member", { Seconds: 600 }, "muted"], ["ban-member", {}, "not_found"]]) {
  test(`nothing is stored behind it by the one whom it hits: ${event}`, async () => {
    const { cat } = stage;
    const { room, ChatId, owner, member } = await led();
    const said = Array.from({ length: 40 }, (_, n) => member.ask(room.send, { ...room.name, Content: `${n}` }));
    await owner.must(event, { ChatId, Member: cat.id, ...more });
    const { LastSeq } = await owner.must("fetch-chat", { ChatId });
    for (const answer of await Promise.all(said)) {
      assert.ok(answer.Ok ? answer.Seq <= LastSeq : answer.Code === code, JSON.stringify(answer));
    }
    assert.equal((await owner.must("fetch-chat", { ChatId })).LastSeq, LastSeq);
    room.leave();
  });
}

test("mutes and bans are caught up with, and survive a crash", async () => {
  const { server, ann, bob, cat, eve } = stage;
  const { room, ChatId, owner, moderator } = await led();
  await converges(stage, room, bob, async () => {
    await owner.must("mute-member", { ChatId, Member: cat.id, Seconds: 600 });
    await owner.must("mute-member", { ChatId, Member: dan.id, Seconds: 600 });
    await moderator.must("ban-member", { ChatId, Member: eve.id });
    await owner.must("mute-member", { ChatId, Member: dan.id, Seconds: 0 });
    await moderator.must("ban-member", { ChatId, Member: cat.id });
  });
  const [before, listed] = [await owner.must("fetch-chat", { ChatId }), await bans(owner, ChatId)];
  assert.deepEqual(listed.map(({ _id }) => _id), [cat.id, eve.id].sort());
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const anns = await ann.connect();
  assert.deepEqual(await anns.must("fetch-chat", { ChatId }), before);
  assert.deepEqual(await bans(anns, ChatId), listed);
  await refused(anns, "add-member", [{ ...room.name, Member: cat.id }], "conflict");
  anns.close();
});

test("a group bans so many", async () => {
  const { server, cat, eve } = stage;
  await server.restart({ settings: { "groups.bans": "2" } });
  const { room, ChatId, owner } = await led();
  const [fay] = await server.people("Fay");
  for (const { id } of [cat, eve]) await owner.must("ban-member", { ChatId, Member: id });
  await owner.must("ban-member", { ChatId, Member: eve.id });
  for (const { id } of [fay, dan]) await refused(owner, "ban-member", [{ ChatId, Member: id }], "too_large");
  assert.ok((await owner.must("fetch-chat", { ChatId })).Roster.Members.some(({ _id }) => _id === dan.id));
  await owner.must("unban-member", { ChatId, Member: eve.id });
  await owner.must("ban-member", { ChatId, Member: fay.id });
  room.leave();
});
