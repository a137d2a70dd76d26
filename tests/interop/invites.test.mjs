// Joining a group by an invitation: who makes and ends one, what it shows, and whom it lets in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { appoint, change, configure, converges, row, told } from "./members.mjs";
import { NOBODY, Stage } from "./room.mjs";
import { hasKeys, isId, isTime, refused } from "./shapes.mjs";

const HOME = "https://chat.example.org";
const WEEK = 604_800;
const YEAR = 31_536_000;

let stage, dan;
before(async () => {
  stage = await Stage.open({ "server.public_url": HOME });
  [dan] = await stage.server.people("Dan");
});
after(() => stage?.close());

/// Ann's group, which Bob moderates and Cat is in.
async function led(Settings) {
  const room = await stage.room("Group");
  await appoint(room, stage.bob);
  if (Settings) await configure(room, Settings);
  const [[owner], [moderator], [member]] = room.devices;
  return { room, ChatId: room.ChatId, owner, moderator, member };
}

async function invites(device, ChatId, more = {}) {
  const { Ok, ...answer } = await device.must("create-invite", { ChatId, ...more });
  hasKeys(answer, "Invite");
  return answer.Invite;
}

const list = async (device, ChatId) => {
  const { Ok, ...answer } = await device.must("list-invites", { ChatId });
  hasKeys(answer, "ChatId", "Invites");
  assert.equal(answer.ChatId, ChatId);
  return answer.Invites;
};

/// Takes these events one after the other.
async function hears(device, ...events) {
  const names = events.map(([name]) => name);
  for (const [name, payload] of events) assert.deepEqual(await device.either(...names, "chat-changed"), { name, payload });
}

/// Somebody comes in by the first of these devices, and belongs to the room then; all hear of it, older clients as they always did.
async function joins(room, person, devices, { Token }) {
  const { ChatId, name } = room;
  const [[owner]] = room.devices;
  const before = await owner.must("fetch-chat", { ChatId });
  const { Name } = before.Info;
  const Rev = before.Rev + 1;
  assert.deepEqual(await devices[0].must("join-group", { Token }), { Ok: true, ChatId, Name, Rev });
  const Members = [row(person, "Member", Rev)];
  for (const device of room.devices.flat()) {
    await hears(device, ["add-member-success", { ...name, ChatId, Member: person.id, MemberName: person.name }]);
  }
  const heard = [["new-grp-added", { ...name, ChatId, Name }], ["create-group-chat-receiver", { ...name, Name }]];
  for (const device of devices) await hears(device, ...heard);
  room.people.push(person);
  room.devices.push(devices);
  await told(room.devices.flat(), undefined, change(room, Rev, before.LastSeq, "Joined", person, person, { Members }));
  const { Roster, Info, Prefs, ReadSeq } = await devices[0].must("fetch-chat", { ChatId });
  assert.deepEqual(Roster, { Rev, Members: [...before.Roster.Members, ...Members] });
  assert.deepEqual([Info, Prefs.FirstSeq, ReadSeq], [before.Info, before.LastSeq + 1, before.LastSeq]);
}

/// Somebody leaves the room again, unheard by what is tested.
async function leaves(room, device) {
  await device.must("leave-grp", room.name);
  for (const own of room.devices.pop()) await own.next("group-left-success");
  room.people.pop();
  for (const other of room.devices.flat()) for (const name of ["user-left-grp", "chat-changed"]) await other.next(name);
}

test("an invitation says who made it, how long it holds and how often it was used", async () => {
  const { ann } = stage;
  const { room, ChatId, owner } = await led();
  const made = [];
  for (const [more, seconds] of [
    [{}, WEEK],
    [{ Seconds: 60, MaxUses: 1 }, 60],
    [{ Seconds: YEAR, MaxUses: 10_000 }, YEAR],
    [{ Seconds: null, MaxUses: null }, WEEK],
  ]) {
    const invite = await invites(owner, ChatId, more);
    const { Id, Url, Token, CreatedAt, ExpiresAt, ...rest } = invite;
    assert.deepEqual(rest, { By: ann.id, Uses: 0, ...(more.MaxUses && { MaxUses: more.MaxUses }) });
    isId(Id);
    for (const time of [CreatedAt, ExpiresAt]) isTime(time);
    assert.equal(Date.parse(ExpiresAt) - Date.parse(CreatedAt), seconds * 1_000);
    assert.ok(Math.abs(Date.now() - Date.parse(CreatedAt)) < 10_000);
    assert.equal(Url, `${HOME}/join/${Token}`);
    assert.match(Token, /^[A-Za-z0-9_.~-]{16,}$/, "it stands in an address as it is, and is not guessed");
    made.unshift(invite);
  }
  assert.equal(new Set(made.flatMap(({ Id, Token }) => [Id, Token])).size, 2 * made.length);
  assert.deepEqual(await list(owner, ChatId), made, "the newest first");
  owner.emit("list-invites", { ChatId });
  assert.deepEqual(await owner.next("invites"), { ChatId, Invites: made });
  await room.quiet();
  assert.equal((await owner.must("fetch-chat", { ChatId })).Rev, 1, "an invitation takes no number");
  room.leave();
});

test("whoever has an invitation sees what it leads to, and comes in by it", async () => {
  const { eve } = stage;
  const { room, ChatId, owner, member } = await led();
  const { Token, Id } = await invites(owner, ChatId);
  const devices = [await eve.connect(), await eve.connect()];
  const [phone] = devices;
  await room.say(owner, "before");
  const seen = { ChatId, Name: "Band", Description: "Thursdays", Members: 3, Joined: false };
  assert.deepEqual(await phone.must("preview-invite", { Token }), { Ok: true, ...seen });
  phone.emit("preview-invite", { Token });
  assert.deepEqual(await phone.next("invite"), seen);
  assert.deepEqual(await member.must("preview-invite", { Token }), { Ok: true, ...seen, Joined: true });
  await room.quiet();
  await joins(room, eve, devices, { Token });
  const uses = async () => (await list(owner, ChatId)).find((invite) => invite.Id === Id).Uses;
  assert.equal(await uses(), 1);
  for (const device of [phone, member]) {
    assert.deepEqual(await device.must("join-group", { Token }), { Ok: true, ChatId, Name: "Band", Joined: true });
  }
  assert.equal(await uses(), 1);
  assert.deepEqual(await phone.must("preview-invite", { Token }), { Ok: true, ...seen, Members: 4, Joined: true });
  await room.say(phone, "hello");
  const { Messages } = await room.page(phone);
  assert.deepEqual(Messages.map(({ Content }) => Content), ["hello"]);
  await room.quiet();
  room.leave();
});

test("the activity of a group tells who joined", async () => {
  const { eve } = stage;
  const { room, ChatId, owner } = await led();
  await joins(room, eve, [await eve.connect()], await invites(owner, ChatId));
  const { Events } = await owner.must("fetch-activity", { ChatId });
  const { At, ...joined } = Events[0];
  isTime(At);
  assert.deepEqual(joined, change(room, 2, 0, "Joined", eve, eve));
  room.leave();
});

test("by one's own will one comes in, whoever may add one to groups, and again after a kick", async () => {
  const { ChatId, room, owner } = await led({ OpenHistory: true });
  const invite = await invites(owner, ChatId);
  await room.say(owner, "before");
  const [shy] = await stage.server.people("Shy");
  const device = await shy.connect();
  await device.must("set-privacy", { AddToGroups: "Nobody" });
  assert.equal((await device.must("join-group", invite)).ChatId, ChatId);
  const seqs = async () => (await device.fetch(room.fetch, room.name)).Messages.map(({ Seq }) => Seq);
  assert.deepEqual(await seqs(), [1], "the history is open");
  await owner.must("kickout", { ...room.name, Member: shy.id });
  await refused(device, room.fetch, [room.name], "not_found");
  assert.equal((await device.must("join-group", invite)).ChatId, ChatId);
  assert.equal((await list(owner, ChatId))[0].Uses, 2);
  device.close();
  room.leave();
});

test("those who may add somebody invite, others not; who keeps order sees and ends all, others their own", async () => {
  const { ann, bob, cat } = stage;
  const { room, ChatId, owner, moderator, member } = await led();
  const outsider = await dan.connect();
  for (const device of [moderator, member]) await refused(device, "create-invite", [{ ChatId }], "forbidden");
  for (const event of ["create-invite", "list-invites", "revoke-invite"]) await refused(outsider, event, [{ ChatId, Id: NOBODY }], "not_found");
  assert.deepEqual(await list(member, ChatId), []);
  await configure(room, { WhoAdds: "Moderator" });
  await refused(member, "create-invite", [{ ChatId }], "forbidden");
  await configure(room, { WhoAdds: "Member" });
  const [anns, bobs, cats] = [await invites(owner, ChatId), await invites(moderator, ChatId), await invites(member, ChatId)];
  assert.deepEqual([anns.By, bobs.By, cats.By], [ann.id, bob.id, cat.id]);
  for (const device of [owner, moderator]) assert.deepEqual(await list(device, ChatId), [cats, bobs, anns]);
  assert.deepEqual(await list(member, ChatId), [cats]);

  const revoke = (device, { Id }) => device.must("revoke-invite", { ChatId, Id });
  for (const { Id } of [anns, bobs]) await refused(member, "revoke-invite", [{ ChatId, Id }], "forbidden");
  for (const device of [member, owner]) await refused(device, "revoke-invite", [{ ChatId, Id: NOBODY }], "not_found");
  for (const [device, invite] of [[member, cats], [moderator, anns], [owner, bobs]]) {
    for (let n = 0; n < 2; n += 1) assert.deepEqual(await revoke(device, invite), { Ok: true, ChatId });
    assert.ok((await list(owner, ChatId)).every(({ Id }) => Id !== invite.Id));
    await refused(outsider, "preview-invite", [{ Token: invite.Token }], "not_found");
  }
  await room.quiet();
  outsider.close();
  room.leave();
});

test("an invitation of another group is none of this one's", async () => {
  const { ann, bob } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const other = await stage.room("Group", [ann, bob], room);
  const [[owner]] = room.devices;
  const { Id } = await invites(owner, other.ChatId);
  await refused(owner, "revoke-invite", [{ ChatId: room.ChatId, Id }], "not_found");
  assert.deepEqual(await list(owner, room.ChatId), []);
  assert.equal((await list(owner, other.ChatId)).length, 1);
  room.leave();
});

test("what is unknown, revoked or leads to a group that is gone leads nowhere; members are in whatever became of it", async () => {
  const { room, ChatId, owner, member } = await led();
  const outsider = await dan.connect();
  const nowhere = async (Token) => {
    for (const event of ["preview-invite", "join-group"]) await refused(outsider, event, [{ Token }], "not_found");
  };
  const { Token, Id } = await invites(owner, ChatId);
  for (const unknown of ["", "x", NOBODY, Id, `${Token}x`, Token.slice(1), "../x", "é"]) await nowhere(unknown);
  await owner.must("revoke-invite", { ChatId, Id });
  await nowhere(Token);
  assert.equal((await member.must("preview-invite", { Token })).Joined, true);
  const second = await invites(owner, ChatId);
  await room.quiet();
  await owner.must("delete-grp", room.name);
  await nowhere(second.Token);
  await refused(owner, "preview-invite", [{ Token: second.Token }], "not_found");
  outsider.close();
  room.leave();
});

test("an invitation that is used up lets nobody in but does not throw out, and is listed no more", async () => {
  const { eve } = stage;
  const { room, ChatId, owner } = await led();
  const once = await invites(owner, ChatId, { MaxUses: 1 });
  const [eves, dans] = [await eve.connect(), await dan.connect()];
  await joins(room, eve, [eves], once);
  for (const event of ["preview-invite", "join-group"]) await refused(dans, event, [{ Token: once.Token }], "expired");
  assert.deepEqual(await list(owner, ChatId), []);
  assert.deepEqual(await eves.must("join-group", once), { Ok: true, ChatId, Name: "Band", Joined: true });
  assert.equal((await eves.must("preview-invite", once)).Joined, true);
  assert.deepEqual(await owner.must("revoke-invite", { ChatId, Id: once.Id }), { Ok: true, ChatId });
  await leaves(room, eves);
  await refused(eves, "join-group", [{ Token: once.Token }], "not_found");
  await room.quiet();
  for (const device of [eves, dans]) device.close();
  room.leave();
});

test("whoever is banned is not let in, be the invitation good or used up", async () => {
  const { eve, cat } = stage;
  const { room, ChatId, owner, member } = await led();
  const [good, used] = [await invites(owner, ChatId), await invites(owner, ChatId, { MaxUses: 1 })];
  const [eves, dans] = [await eve.connect(), await dan.connect()];
  await joins(room, eve, [eves], used);
  for (const { id } of [cat, dan]) await owner.must("ban-member", { ChatId, Member: id });
  for (const device of [member, dans]) {
    for (const { Token } of [good, used]) {
      for (const event of ["preview-invite", "join-group"]) await refused(device, event, [{ Token }], "forbidden");
    }
  }
  await refused(dans, "join-group", [{ Token: "x" }], "not_found");
  await owner.must("unban-member", { ChatId, Member: dan.id });
  assert.equal((await dans.must("join-group", good)).ChatId, ChatId);
  dans.close();
  room.leave();
});

test("an invitation ends with its maker's right to make it", async () => {
  const { ann, bob, cat } = stage;
  const outsider = await dan.connect();
  const ends = [
    ["less may invite", "member", "Member", "owner", "edit-group", { Settings: { WhoAdds: "Moderator" } }],
    ["the maker leaves", "member", "Member", "member", "leave-grp", {}],
    ["the maker is removed", "member", "Member", "moderator", "kickout", { Member: cat.id }],
    ["the maker is banned", "member", "Member", "moderator", "ban-member", { Member: cat.id }],
    ["the maker moderates no more", "moderator", "Moderator", "owner", "set-role", { Member: bob.id, Role: "Member" }],
    ["the maker owns no more", "owner", "Owner", "owner", "change-admin", { Member: bob.id }],
  ];
  for (const [what, maker, WhoAdds, who, event, payload] of ends) {
    const group = await led();
    if (WhoAdds !== "Owner") await configure(group.room, { WhoAdds });
    const { Token } = await invites(group[maker], group.ChatId);
    await outsider.must("preview-invite", { Token });
    await group[who].must(event, { ...group.room.name, ChatId: group.ChatId, ...payload });
    for (const event of ["preview-invite", "join-group"]) assert.equal((await outsider.ask(event, { Token })).Code, "not_found", what);
    for (const device of [group.owner, group.moderator]) assert.deepEqual(await list(device, group.ChatId), [], what);
    group.room.leave();
  }
  const kept = await led({ WhoAdds: "Member" });
  const { Token } = await invites(kept.owner, kept.ChatId);
  await kept.owner.must("change-admin", { ...kept.room.name, Member: bob.id });
  assert.equal((await outsider.must("preview-invite", { Token })).Joined, false, "who may still invite has invited still");
  assert.deepEqual((await list(kept.moderator, kept.ChatId)).map(({ By }) => By), [ann.id]);
  kept.room.leave();
  outsider.close();
});

test("seconds, uses and tokens have their bounds, before all else", async () => {
  const { room, ChatId, owner, member } = await led();
  const seconds = [0, 59, YEAR + 1, -1, 1.5, "60", true, {}, []].map((Seconds) => ({ Seconds }));
  const uses = [0, 10_001, -1, 1.5, "1", true, {}, []].map((MaxUses) => ({ MaxUses }));
  for (const wrong of [...seconds, ...uses, { Seconds: 60, MaxUses: 0 }]) {
    for (const device of [owner, member]) await refused(device, "create-invite", [{ ChatId, ...wrong }], "bad_request");
    await refused(owner, "create-invite", [{ ChatId: NOBODY, ...wrong }], "bad_request");
  }
  for (const Token of [undefined, null, 5, true, {}, [], ["x"]]) {
    for (const event of ["preview-invite", "join-group"]) await refused(owner, event, [{ Token }], "bad_request");
  }
  assert.deepEqual(await list(owner, ChatId), []);
  await room.quiet();
  room.leave();
});

test("whoever joins is caught up with", async () => {
  const { cat, eve } = stage;
  const { room, ChatId, owner } = await led();
  const { Token } = await invites(owner, ChatId);
  const device = await eve.connect();
  const view = await converges(stage, room, cat, async () => {
    await device.must("join-group", { Token });
    await device.must(room.send, { ...room.name, Content: "hello" });
  });
  assert.equal(view.members.length, 4);
  device.close();
  room.leave();
});

test("the address of an invitation shows the page of the client, whatever the token", async () => {
  const { server } = stage;
  const { room, ChatId, owner } = await led();
  const { Token } = await invites(owner, ChatId);
  const home = await server.get("/");
  assert.equal(home.status, 200);
  for (const path of [`/join/${Token}`, `/join/${NOBODY}`, "/join/x", `/join/${Token}/`]) {
    const { status, text, headers } = await server.get(path);
    assert.deepEqual([status, text, headers.get("content-type")], [200, home.text, home.headers.get("content-type")], path);
  }
  room.leave();
});

test("no more come in than an invitation allows, however many come at once, and over a crash", async () => {
  const { server } = stage;
  const { room, ChatId, owner } = await led();
  const { Token, Id } = await invites(owner, ChatId, { MaxUses: 4 });
  const crowd = await server.people(...Array(8).fill("Guest"));
  const knock = async (people) => {
    const devices = await Promise.all(people.map((person) => person.connect()));
    const answers = await Promise.all(devices.map((device) => device.ask("join-group", { Token })));
    for (const device of devices) device.close();
    for (const answer of answers) assert.ok(answer.Ok || answer.Code === "expired", JSON.stringify(answer));
    return answers.filter(({ Ok }) => Ok).length;
  };
  assert.equal(await knock(crowd.slice(0, 3)), 3);
  assert.equal((await list(owner, ChatId)).find((invite) => invite.Id === Id).Uses, 3);
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  assert.equal(await knock(crowd.slice(3)), 1);
  const back = await stage.ann.connect();
  const { Roster } = await back.must("fetch-chat", { ChatId });
  assert.equal(Roster.Members.length, 3 + 4);
  assert.deepEqual(await list(back, ChatId), []);
  back.close();
});

test("a group that is full lets nobody in, and no use is counted; it has so many usable invitations", async () => {
  const { server, eve } = stage;
  await server.restart({ settings: { "limits.group_members": "4", "groups.invites": "2" } });
  const { room, ChatId, owner } = await led();
  const invite = await invites(owner, ChatId, { MaxUses: 2 });
  const [eves, dans] = [await eve.connect(), await dan.connect()];
  await joins(room, eve, [eves], invite);
  await refused(dans, "join-group", [{ Token: invite.Token }], "too_large");
  assert.equal((await dans.must("preview-invite", invite)).Members, 4);
  assert.equal((await list(owner, ChatId))[0].Uses, 1);
  await leaves(room, eves);
  await joins(room, dan, [dans], invite);
  assert.deepEqual(await list(owner, ChatId), [], "it is used up, and counts no more");

  const answers = await Promise.all(Array.from({ length: 6 }, () => owner.ask("create-invite", { ChatId })));
  assert.deepEqual(answers.map(({ Ok, Code }) => Ok || Code), [true, true, ...Array(4).fill("too_large")]);
  await owner.must("revoke-invite", { ChatId, Id: answers[0].Invite.Id });
  await invites(owner, ChatId);
  await refused(owner, "create-invite", [{ ChatId }], "too_large");
  eves.close();
  room.leave();
});

test("who tries too many tokens is told when to go on", async () => {
  const { server } = stage;
  await server.restart({ settings: { "limits.enabled": "true", "limits.invites_per_user": "1 per 1h, burst 4" } });
  const device = await dan.connect();
  const answers = [];
  for (let n = 0; n < 8; n += 1) answers.push(await device.ask(n % 2 ? "preview-invite" : "join-group", { Token: "guess" }));
  assert.deepEqual(answers.map(({ Code }) => Code), [...Array(4).fill("not_found"), ...Array(4).fill("rate_limited")]);
  for (const { RetryAfter } of answers.slice(4)) assert.ok(RetryAfter > 0);
  device.close();
});
