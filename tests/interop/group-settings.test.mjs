// What a group is called and what holds in it: who edits, posts, pins and calls all, how fast members write, and what newcomers see.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SETTINGS, appoint, changes, configure, converges, stays } from "./members.mjs";
import { Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";
import { heldBack, once, speech } from "./speech.mjs";

const ROLES = ["Member", "Moderator", "Owner"];

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const seqs = ({ Messages }) => Messages.map(({ Seq }) => Seq);

/// Ann's group, which Bob moderates and Cat is in.
async function led(Settings) {
  const room = await stage.room("Group");
  await appoint(room, stage.bob);
  if (Settings) await configure(room, Settings);
  const [[owner], [moderator], [member]] = room.devices;
  return { room, ChatId: room.ChatId, Owner: owner, Moderator: moderator, Member: member };
}

/// Edits the group; `Fields` are told, with what they are now. What is null stays.
function edit(room, device, payload, ...Fields) {
  const info = JSON.parse(JSON.stringify(payload, (_, value) => value ?? undefined));
  return changes(room, device, "edit-group", payload, { What: "Edited", info, Fields });
}

test("a group's name and description change for all; older clients see it in their next list", async () => {
  const { room, ChatId, Owner, Moderator, Member } = await led();
  await room.say(Owner, "one");
  await edit(room, Moderator, { Name: "Quartet", Description: "Fridays" }, "Name", "Description");
  await edit(room, Owner, { Description: "" }, "Description");
  await edit(room, Moderator, { Name: "n".repeat(64), Description: "d".repeat(512) }, "Name", "Description");
  await edit(room, Owner, { Name: "Quintet", Description: null }, "Name");
  assert.equal((await room.row(Member)).Name, "Quintet");
  const { Name, Description, Admin } = await room.page(Member);
  assert.deepEqual([Name, Description, Admin], ["Quintet", "d".repeat(512), stage.ann.id]);
  await room.quiet();
  await Moderator.must("kickout", { ...room.name, Member: stage.cat.id });
  assert.deepEqual(await Member.next("kicked-out"), { ...room.name, GroupName: "Quintet" });
  await refused(Member, "edit-group", [{ ChatId, Name: "Mine" }], "not_found");
  room.leave();
});

test("what is called so already is no change, and of several fields those are told that change", async () => {
  const { room, Owner, Moderator } = await led();
  await stays(room, Moderator, "edit-group", { Name: "Band", Description: "Thursdays" });
  await stays(room, Owner, "edit-group", { Settings: SETTINGS });
  await changes(room, Moderator, "edit-group", { Name: "Band", Description: "Fridays" }, {
    What: "Edited", info: { Description: "Fridays" }, Fields: ["Description"],
  });
  room.leave();
});

test("settings change one by one or together, and the others stay", async () => {
  const { room, Owner } = await led();
  await edit(room, Owner, { Settings: { WhoPins: "Member" } }, "Settings");
  await edit(room, Owner, { Settings: { WhoPosts: "Owner", SlowMode: 21_600, OpenHistory: true, WhoAdds: null } }, "Settings");
  const Settings = { WhoEdits: "Owner", WhoMentionsAll: "Moderator", WhoAdds: "Member", SlowMode: 0 };
  await edit(room, Owner, { Name: "Choir", Settings }, "Name", "Settings");
  await room.quiet();
  room.leave();
});

test("name and description are for those whom WhoEdits names and above, settings for the owner", async () => {
  const { room, ChatId, Owner, ...others } = await led({ WhoEdits: "Owner" });
  const forbids = (role, info) => refused({ Owner, ...others }[role], "edit-group", [{ ChatId, ...info }], "forbidden");
  for (const WhoEdits of ["Member", "Moderator", "Owner"]) {
    await configure(room, { WhoEdits });
    for (const role of ROLES) {
      if (ROLES.indexOf(role) < ROLES.indexOf(WhoEdits)) {
        for (const info of [{ Name: "No" }, { Description: "no" }, { Name: "Band", Description: "Thursdays" }]) await forbids(role, info);
      } else {
        await edit(room, { Owner, ...others }[role], { Name: `${WhoEdits} ${role}` }, "Name");
      }
      if (role === "Owner") continue;
      for (const Settings of [{ SlowMode: 5 }, { WhoEdits }]) await forbids(role, { Settings });
      await forbids(role, { Name: "Half", Settings: { SlowMode: 5 } });
    }
  }
  await room.quiet();
  room.leave();
});

test("names, descriptions and settings have their bounds, and at least one is named", async () => {
  const { room, ChatId, Owner, Member } = await led();
  const names = ["", " ", "n".repeat(65), "a\0b", "\ud800", 5, {}].map((Name) => ({ Name }));
  const descriptions = ["d".repeat(513), "a\0b", 5, []].map((Description) => ({ Description }));
  const nothing = [{}, { Name: null }, { Settings: null, Description: null }, { Title: "x" }];
  const roles = ["WhoPosts", "WhoAdds", "WhoPins", "WhoEdits", "WhoMentionsAll"];
  const whos = roles.flatMap((who) => ["owner", "", "Nobody", 1, true, {}].map((value) => ({ [who]: value })));
  const slow = [-1, 21_601, 1.5, "5", true, {}].map((SlowMode) => ({ SlowMode }));
  const open = ["true", 1, {}, []].map((OpenHistory) => ({ OpenHistory }));
  const settings = [...whos, ...slow, ...open].map((Settings) => ({ Settings }));
  const odd = ["x", 5, true, [], ["SlowMode"]].map((Settings) => ({ Settings }));
  const outsider = await stage.eve.connect();
  for (const wrong of [...nothing, ...names, ...descriptions, ...settings, ...odd, { Name: "Good", Settings: { SlowMode: -1 } }]) {
    await refused(Owner, "edit-group", [{ ChatId, ...wrong }], "bad_request");
    // Shape comes before the chat and the caller's role.
    for (const device of [Member, outsider]) await refused(device, "edit-group", [{ ChatId, ...wrong }], "bad_request");
  }
  await refused(outsider, "edit-group", [{ ChatId, Name: "No" }], "not_found");
  await room.quiet();
  outsider.close();
  room.leave();
});

test("in announcement mode those below say nothing; what they said before they may still change", async () => {
  const { room, ChatId, Owner, Moderator, Member } = await led();
  const own = await room.say(Member, "before", { ClientId: `before-${room.ChatId}` });
  const other = await room.say(Owner, "news");
  await configure(room, { WhoPosts: "Moderator", WhoPins: "Member" });
  const { send, forward, typing } = speech(room, own, other);
  for (const [event, payload] of [send, forward, typing]) await refused(Member, event, [payload], "forbidden");
  await refused(Member, "typing", [{ ChatId, On: false }], "forbidden");
  // Whoever is out learns nothing, not even that there is such a group.
  const outsider = await stage.eve.connect();
  for (const [event, payload] of [send, forward, typing]) await refused(outsider, event, [payload], "not_found");
  outsider.close();
  // The caller comes before what is answered or forwarded, shape before both, and what is stored already before all but shape.
  await refused(Member, room.send, [{ ...room.name, Content: "no", ReplyTo: 1_000 }], "forbidden");
  await refused(Member, room.send, [{ ...room.name, Content: "" }], "bad_request");
  const again = await Member.must(room.send, { ...room.name, Content: "before", ClientId: `before-${room.ChatId}` });
  assert.deepEqual([again.Seq, again.Repeat], [own.Seq, true]);
  await room.quiet();

  await room.change(Member, "edit-message", { Seq: own.Seq, Content: "as before" }, "Edited");
  await room.change(Member, "react", { Seq: other.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await room.ownOthers(Member)[0].next("message-mine");
  await room.change(Member, "pin-message", { Seq: other.Seq, On: true }, "Pinned");
  await room.mark(Member, "star-message", { Seq: other.Seq, On: true });
  await room.change(Member, "delete-message", { Seq: own.Seq }, "Deleted");
  await Member.must("forward-message", { ChatId, Seq: other.Seq, To: stage.cat.id });
  await room.ownOthers(Member)[0].next("sent-self-message");
  for (const device of [Owner, Moderator]) await room.say(device, "hear, hear");

  await configure(room, { WhoPosts: "Owner" });
  await refused(Moderator, room.send, [{ ...room.name, Content: "no" }], "forbidden");
  await room.say(Owner, "the last word");
  await configure(room, { WhoPosts: "Member" });
  await room.say(Member, "at last");
  await room.quiet();
  room.leave();
});

test("who pins is a setting", async () => {
  const { room, ChatId, ...devices } = await led({ WhoPins: "Owner" });
  const { Seq } = await room.say(devices.Owner, "rules");
  for (const WhoPins of ["Member", "Moderator", "Owner"]) {
    await configure(room, { WhoPins });
    for (const role of ROLES) {
      if (ROLES.indexOf(role) < ROLES.indexOf(WhoPins)) {
        for (const On of [true, false]) await refused(devices[role], "pin-message", [{ ChatId, Seq, On }], "forbidden");
        continue;
      }
      await room.change(devices[role], "pin-message", { Seq, On: true }, "Pinned");
      await room.change(devices[role], "pin-message", { Seq, On: false }, "Unpinned");
    }
  }
  await room.quiet();
  room.leave();
});

test("who calls all is a setting: from others it is left out, and they are told", async () => {
  const { bob } = stage;
  const { room, ChatId, ...devices } = await led({ WhoMentionsAll: "Moderator" });
  const { send, name } = room;
  const Mentions = ["all", bob.id];
  const said = await devices.Member.must(send, { ...name, Content: "hey", Mentions });
  assert.deepEqual(said.NotMentioned, ["all"]);
  assert.deepEqual((await room.hears(devices.Member, said)).Mentions, [bob.id]);
  const edited = await devices.Member.must("edit-message", { ChatId, Seq: said.Seq, Content: "all!", Mentions: ["all"] });
  assert.deepEqual([edited.NotMentioned, "Mentions" in edited.Message], [["all"], false]);
  await room.everywhere(devices.Member, "message-changed");
  assert.deepEqual((await room.say(devices.Moderator, "hear", { Mentions: ["all"] })).Mentions, ["all"]);
  await configure(room, { WhoMentionsAll: "Owner" });
  const unheard = await devices.Moderator.must(send, { ...name, Content: "hear", Mentions: ["all"] });
  assert.deepEqual(unheard.NotMentioned, ["all"]);
  await room.hears(devices.Moderator, unheard);
  assert.deepEqual((await room.say(devices.Owner, "hear", { Mentions: ["all"] })).Mentions, ["all"]);
  room.leave();
});

test("in slow mode a member waits after each message, and learns how long", async () => {
  const { room, ChatId, Owner, Moderator, Member } = await led({ SlowMode: 600 });
  const said = await room.say(Member, "one", { ClientId: `slow-${ChatId}` });
  const more = { ...room.name, Content: "two" };
  const wait = await heldBack(Member, room.send, more, "slow_mode");
  assert.ok(wait > 540 && wait <= 600, `${wait} seconds`);
  await heldBack(room.ownOthers(Member)[0], room.send, more, "slow_mode");
  await heldBack(Member, "forward-message", { ChatId, Seq: said.Seq, To: ChatId }, "slow_mode");
  await heldBack(Member, room.send, { ...more, ReplyTo: 1_000 }, "slow_mode");
  await refused(Member, room.send, [{ ...more, Content: "" }], "bad_request");
  const again = await Member.must(room.send, { ...more, ClientId: `slow-${ChatId}` });
  assert.deepEqual([again.Seq, again.Repeat], [said.Seq, true]);

  await room.change(Member, "edit-message", { Seq: said.Seq, Content: "uno" }, "Edited");
  await room.change(Member, "react", { Seq: said.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await room.ownOthers(Member)[0].next("message-mine");
  await Member.must("typing", { ChatId, On: true });
  for (const other of room.others(Member)) await other.next("typing");
  await Member.must("forward-message", { ChatId, Seq: said.Seq, To: stage.cat.id });
  await room.ownOthers(Member)[0].next("sent-self-message");
  for (const device of [Owner, Owner, Moderator, Moderator]) await room.say(device, "as fast as I like");
  await heldBack(Member, room.send, more, "slow_mode");
  await room.quiet();
  room.leave();
});

test("slow mode counts forwards too, outlives leaving and a crash, and ends with the setting", async () => {
  const { server, ann, cat } = stage;
  const { room, ChatId, Owner, Member } = await led({ SlowMode: 600 });
  const { name, send } = room;
  const { Seq } = await room.say(Owner, "news");
  await room.hears(Member, await Member.must("forward-message", { ChatId, Seq, To: ChatId }));
  await heldBack(Member, send, { ...name, Content: "no" }, "slow_mode");
  await Member.must("leave-grp", name);
  await Owner.must("add-member", { ...name, Member: cat.id });
  await Member.next("new-grp-added");
  await heldBack(Member, send, { ...name, Content: "no" }, "slow_mode");
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const [anns, cats] = [await ann.connect(), await cat.connect()];
  await heldBack(cats, send, { ...name, Content: "no" }, "slow_mode");
  await anns.must("edit-group", { ChatId, Settings: { SlowMode: 0 } });
  await cats.must(send, { ...name, Content: "yes" });
  for (const device of [anns, cats]) device.close();
});

test("after the time that was named a member writes again, and a refusal does not put it off", async () => {
  const { room, Member } = await led({ SlowMode: 2 });
  await room.say(Member, "one");
  const begun = performance.now();
  const next = await once(Member, room.send, { ...room.name, Content: "two" }, "slow_mode", 5);
  assert.equal(next.Ok, true, JSON.stringify(next));
  assert.ok(performance.now() - begun > 1_000, "not much earlier");
  await room.hears(Member, next);
  await heldBack(Member, room.send, { ...room.name, Content: "three" }, "slow_mode");
  room.leave();
});

test("an open history is seen by those who come then, and by nobody else", async () => {
  const { server, ann, bob, cat } = stage;
  const [dan, fay] = await server.people("Dan", "Fay");
  const room = await stage.room("Group", [ann, bob]);
  const [[phone]] = room.devices;
  const { ChatId, name } = room;
  await room.say(phone, "one");
  const view = async (person) => {
    const device = await person.connect();
    const page = await device.fetch(room.fetch, name);
    const { Prefs, ReadSeq } = await device.must("fetch-chat", { ChatId });
    const row = await room.missed(device);
    assert.deepEqual([page.FirstSeq, row.FirstSeq, seqs(row)], [Prefs.FirstSeq, Prefs.FirstSeq, seqs(page).toReversed()]);
    const { Unread } = await room.row(device);
    device.close();
    return { FirstSeq: Prefs.FirstSeq, seqs: seqs(page), ReadSeq, Unread };
  };
  await phone.must("add-member", { ...name, Member: cat.id });
  await phone.must("edit-group", { ChatId, Settings: { OpenHistory: true } });
  await phone.must("add-member", { ...name, Member: dan.id });
  await phone.must("edit-group", { ChatId, Settings: { OpenHistory: false } });
  await phone.must("add-member", { ...name, Member: fay.id });
  const two = await phone.must(room.send, { ...name, Content: "two" });
  const later = { FirstSeq: 2, seqs: [two.Seq], ReadSeq: 1, Unread: 1 };
  assert.deepEqual(await view(cat), later);
  assert.deepEqual(await view(dan), { FirstSeq: 1, seqs: [two.Seq, 1], ReadSeq: 1, Unread: 1 });
  assert.deepEqual(await view(fay), later);
  room.leave();
});

test("what a group is and what holds in it is caught up with, and survives a crash", async () => {
  const { server, ann, cat } = stage;
  const { room, ChatId, Owner, Moderator } = await led();
  const { info } = await converges(stage, room, cat, async () => {
    await Owner.must("edit-group", { ChatId, Settings: { WhoPosts: "Moderator", SlowMode: 5 } });
    await Moderator.must("edit-group", { ChatId, Name: "Quartet" });
    await Owner.must("edit-group", { ChatId, Description: "Fridays", Settings: { WhoPosts: "Member", OpenHistory: true } });
    await Owner.must("edit-group", { ChatId, Settings: { OpenHistory: true } });
  });
  const Settings = { ...SETTINGS, SlowMode: 5, OpenHistory: true };
  assert.deepEqual(info, { Rev: 4, Name: "Quartet", Description: "Fridays", Admin: ann.id, Settings });
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const back = await cat.connect();
  assert.deepEqual((await back.must("fetch-chat", { ChatId })).Info, info);
  back.close();
});
