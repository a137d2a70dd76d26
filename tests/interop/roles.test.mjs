// Owner, moderators and members of a group: who makes whom what, who removes whom, and who takes somebody in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { appoint, changes, configure, converges, row, stays } from "./members.mjs";
import { NOBODY, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";

const ROLES = ["Member", "Moderator", "Owner"];

let stage, dan;
before(async () => {
  stage = await Stage.open();
  [dan] = await stage.server.people("Dan");
});
after(() => stage?.close());

const without = ({ Role, ...row }) => ({ ...row, Gone: true });

/// Ann's group with Bob and Dan as moderators and Cat as a member.
async function led() {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob, cat, dan]);
  await appoint(room, bob, dan);
  return room;
}

/// A device of somebody with this role in a room that `led` made.
const deviceOf = ({ devices: [[owner], [moderator], [member]] }, role) => ({ Owner: owner, Moderator: moderator, Member: member })[role];

test("the owner makes a member a moderator and takes it back, and everybody hears the row", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  await room.say(phone, "one");
  for (const Role of ["Moderator", "Member", "Moderator"]) {
    const payload = { Member: bob.id, Role };
    await changes(room, phone, "set-role", payload, { What: "RoleSet", user: bob, Role, rows: [row(bob, Role)] });
    assert.equal((await room.row(bobs)).Role, Role);
    await stays(room, phone, "set-role", payload);
  }
  room.leave();
});

test("what a member is already is set without a trace", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  await stays(room, phone, "set-role", { Member: stage.cat.id, Role: "Member" });
  room.leave();
});

test("the owner alone sets roles, of other members alone", async () => {
  const { ann, bob, cat, eve } = stage;
  const room = await led();
  const { ChatId } = room;
  const ask = (role, Member, Role, code) => refused(deviceOf(room, role), "set-role", [{ ChatId, Member, Role }], code);
  for (const Role of ["Moderator", "Member"]) {
    for (const caller of ["Moderator", "Member"]) {
      // The caller comes before whoever is meant, whatever that one is.
      for (const { id } of [ann, bob, cat, eve, { id: NOBODY }, { id: "x" }]) await ask(caller, id, Role, "forbidden");
    }
    await ask("Owner", ann.id, Role, "conflict");
    await ask("Owner", eve.id, Role, "not_member");
    await ask("Owner", "x", Role, "not_found");
  }
  const outsider = await eve.connect();
  await refused(outsider, "set-role", [{ ChatId, Member: cat.id, Role: "Moderator" }], "not_found");
  for (const Role of ["Owner", "moderator", "", "Nobody"]) {
    await ask("Owner", cat.id, Role, "bad_request");
    await refused(outsider, "set-role", [{ ChatId, Member: cat.id, Role }], "bad_request");
  }
  await room.quiet();
  outsider.close();
  room.leave();
});

test("the owner hands over to a moderator and is a member then", async () => {
  const { ann, bob, cat } = stage;
  const room = await led();
  const { ChatId } = room;
  const [[phone], [bobs]] = room.devices;
  const rows = [row(ann, "Member"), row(bob, "Owner")];
  const older = "change-admin-success-receiver";
  await changes(room, phone, "change-admin", { Member: bob.id }, { What: "AdminChanged", user: bob, rows, info: { Admin: bob.id }, older });
  await phone.next("change-admin-success-creator");
  await refused(phone, "set-role", [{ ChatId, Member: cat.id, Role: "Moderator" }], "forbidden");
  await refused(phone, "kickout", [{ ...room.name, Member: cat.id }], "not_admin");
  await refused(phone, "change-admin", [{ ...room.name, Member: ann.id }], "not_admin");
  await changes(room, bobs, "set-role", { Member: ann.id, Role: "Moderator" }, {
    What: "RoleSet", user: ann, Role: "Moderator", rows: [row(ann, "Moderator")],
  });
  await room.quiet();
  room.leave();
});

test("a moderator hands over nothing and ends no group", async () => {
  const { bob, cat } = stage;
  const room = await led();
  const [, [bobs]] = room.devices;
  for (const { id } of [bob, cat, dan]) await refused(bobs, "change-admin", [{ ...room.name, Member: id }], "not_admin");
  await refused(bobs, "delete-grp", [room.name], "not_admin");
  await room.quiet();
  room.leave();
});

test("a moderator removes a member; older clients hear what they always heard", async () => {
  const { cat } = stage;
  const room = await led();
  const { ChatId } = room;
  const [, [bobs], cats] = room.devices;
  const { Roster } = await bobs.must("fetch-chat", { ChatId });
  const gone = without(Roster.Members.find(({ _id }) => _id === cat.id));
  await changes(room, bobs, "kickout", { Member: cat.id }, { What: "Removed", user: cat, rows: [gone], older: "someone-kicked-out" });
  assert.deepEqual(await bobs.next("kickout-successful"), room.name);
  for (const device of cats) assert.deepEqual(await device.next("kicked-out"), { ...room.name, GroupName: "Band" });
  await room.quiet();
  await refused(cats[0], "fetch-chat", [{ ChatId }], "not_found");
  room.leave();
});

test("who removes whom", async () => {
  const { ann, bob, cat, eve } = stage;
  const room = await led();
  const remove = (role, { id }, code) => refused(deviceOf(room, role), "kickout", [{ ...room.name, Member: id }], code);
  for (const person of [ann, bob, cat, dan, eve, { id: "x" }]) await remove("Member", person, "not_admin");
  for (const person of [ann, dan]) await remove("Moderator", person, "not_admin");
  for (const role of ["Moderator", "Owner"]) {
    await remove(role, eve, "not_member");
    await remove(role, { id: "x" }, "not_found");
  }
  await remove("Owner", ann, "conflict");
  await room.quiet();
  const [[phone]] = room.devices;
  await phone.must("kickout", { ...room.name, Member: dan.id });
  room.leave();
});

test("who takes somebody in is a setting: the role that it names, and those above", async () => {
  const { eve } = stage;
  const eves = [await eve.connect(), await eve.connect()];
  const room = await led();
  const Group = { ...room.name, Member: eve.id };
  for (const WhoAdds of ["Moderator", "Owner", "Member"]) {
    await configure(room, { WhoAdds });
    for (const role of ROLES) {
      const device = deviceOf(room, role);
      if (ROLES.indexOf(role) < ROLES.indexOf(WhoAdds)) {
        assert.equal(await refused(device, "add-member", [Group], "not_admin"), "You Should be admin to add a member");
        // The caller comes before whoever is meant.
        for (const Member of [stage.bob.id, NOBODY]) await refused(device, "add-member", [{ ...Group, Member }], "not_admin");
        continue;
      }
      await changes(room, device, "add-member", Group, { What: "Added", user: eve, rows: [row(eve, "Member")], older: "add-member-success" });
      const heard = await device.next("add-member-success");
      assert.deepEqual(heard, { ...room.name, ChatId: room.ChatId, Member: eve.id, MemberName: eve.name });
      for (const own of eves) {
        assert.deepEqual(await own.next("new-grp-added"), { ...room.name, ChatId: room.ChatId, Name: "Band" });
        assert.deepEqual(await own.next("create-group-chat-receiver"), { ...room.name, Name: "Band" });
        assert.equal((await own.next("chat-changed")).What, "Added");
      }
      await refused(device, "add-member", [Group], "conflict");
      const [[owner]] = room.devices;
      await owner.must("kickout", Group);
      await owner.next("kickout-successful");
      await room.everywhere(owner, "chat-changed");
      await room.everywhere(owner, "someone-kicked-out");
      for (const own of eves) await own.next("kicked-out");
    }
  }
  await room.quiet();
  for (const device of eves) {
    await device.quiet();
    device.close();
  }
  room.leave();
});

test("nobody is put into groups against their will, be it a new one or one that is there", async () => {
  const { server, ann, bob } = stage;
  const [shy] = await server.people("Shy");
  const pair = await stage.room("Personal", [ann, shy]);
  const [[phone], [shys]] = pair.devices;
  const room = await stage.room("Group", [ann, bob], pair);
  const found = { Name: "Trio", Description: "", Participants: [bob.id, shy.id] };
  const both = async (code) => {
    await refused(phone, "add-member", [{ ...room.name, Member: shy.id }], code);
    await refused(phone, "create-group-chat", [found], code);
  };
  await pair.say(phone, "hello");
  for (const AddToGroups of ["Nobody", "Contacts"]) {
    await shys.must("set-privacy", { AddToGroups });
    await pair.ownOthers(shys)[0].next("privacy-changed");
    await both("forbidden");
  }
  await room.quiet();
  await pair.quiet();

  await pair.say(shys, "hello to you");
  await phone.must("add-member", { ...room.name, Member: shy.id });
  await shys.next("new-grp-added");
  await phone.must("create-group-chat", found);
  await shys.must("set-privacy", { AddToGroups: "Nobody" });
  await refused(phone, "create-group-chat", [found], "forbidden");
  for (const place of [room, pair]) place.leave();
});

test("a group that is full comes after all else that speaks against somebody", async () => {
  const small = await Stage.open({ "limits.group_members": "2" });
  try {
    const { ann, bob, cat, eve } = small;
    const room = await small.room("Group", [ann, bob]);
    const [[phone], [bobs]] = room.devices;
    const eves = await eve.connect();
    await eves.must("set-privacy", { AddToGroups: "Nobody" });
    const add = (device, Member, code) => refused(device, "add-member", [{ ...room.name, Member }], code);
    await add(bobs, cat.id, "not_admin");
    await add(phone, NOBODY, "not_found");
    await add(phone, eve.id, "forbidden");
    await add(phone, bob.id, "conflict");
    await add(phone, cat.id, "too_large");
    await room.quiet();
  } finally {
    await small.close();
  }
});

test("owner and moderators delete what others said, members only their own", async () => {
  const room = await led();
  const { ChatId } = room;
  const [[phone], [bobs], [cats]] = room.devices;
  const said = [];
  for (const device of [phone, bobs, cats]) said.push(await room.say(device, "said"));
  for (const { Seq } of said.slice(0, 2)) await refused(cats, "delete-message", [{ ChatId, Seq }], "forbidden");
  for (const { Seq } of [said[0], said[2]]) await room.change(bobs, "delete-message", { Seq }, "Deleted");
  await room.change(phone, "delete-message", { Seq: said[1].Seq }, "Deleted");
  await room.quiet();
  room.leave();
});

test("whoever comes back is a member, whatever they were before", async () => {
  const { bob } = stage;
  const room = await led();
  const { ChatId } = room;
  const [[phone], [bobs]] = room.devices;
  await bobs.must("leave-grp", room.name);
  const { Members } = await phone.must("add-member", { ...room.name, Member: bob.id });
  assert.deepEqual(Members.map(({ _id, Role }) => [_id, Role]), [[bob.id, "Member"]]);
  const { Roster } = await phone.must("fetch-chat", { ChatId });
  assert.deepEqual(Roster.Members.at(-1), Members[0]);
  await refused(bobs, "kickout", [{ ...room.name, Member: stage.cat.id }], "not_admin");
  room.leave();
});

test("whoever was removed and taken in again while away begins where the new membership does", async () => {
  const { bob } = stage;
  const room = await led();
  const { name, send, ChatId } = room;
  const [[phone], [bobs]] = room.devices;
  const { Seq } = await room.say(phone, "one");
  const { Own } = await room.mark(bobs, "star-message", { Seq, On: true });
  const { prefs } = await converges(stage, room, bob, async () => {
    await phone.must("kickout", { ...name, Member: bob.id });
    await phone.must(send, { ...name, Content: "two" });
    await phone.must("add-member", { ...name, Member: bob.id });
  });
  assert.equal(prefs.FirstSeq, 3);
  assert.ok(prefs.Own > Own, `${prefs.Own} is a new number after ${Own}`);
  assert.equal((await room.missed(bobs, { Seq, Rev: 0, Own })).Prefs.FirstSeq, 3);
  assert.equal((await bobs.must("fetch-chat", { ChatId })).Own, prefs.Own);
  room.leave();
});

test("roles are caught up with, and survive a crash", async () => {
  const { ann, bob, cat, server } = stage;
  const room = await led();
  const { ChatId } = room;
  const [[phone]] = room.devices;
  const view = await converges(stage, room, cat, async () => {
    await phone.must("set-role", { ChatId, Member: bob.id, Role: "Member" });
    await phone.must("set-role", { ChatId, Member: cat.id, Role: "Moderator" });
    await phone.must(room.send, { ...room.name, Content: "between" });
    await phone.must("kickout", { ...room.name, Member: dan.id });
    await phone.must("set-role", { ChatId, Member: cat.id, Role: "Member" });
    await phone.must("set-role", { ChatId, Member: cat.id, Role: "Moderator" });
  });
  const roles = Object.fromEntries(view.members.map(({ _id, Role }) => [_id, Role]));
  assert.deepEqual(roles, { [ann.id]: "Owner", [bob.id]: "Member", [cat.id]: "Moderator" });
  const before = await phone.must("fetch-chat", { ChatId });
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const [anns, cats] = [await ann.connect(), await cat.connect()];
  assert.deepEqual(await anns.must("fetch-chat", { ChatId }), before);
  await cats.must("kickout", { ...room.name, Member: bob.id });
  for (const device of [anns, cats]) device.close();
});

test("a role ends with the change that ends it, whatever is under way", async () => {
  const { bob, cat } = stage;
  const room = await led();
  const { ChatId } = room;
  const [[phone], [bobs]] = room.devices;
  const names = Array.from({ length: 40 }, (_, n) => bobs.ask("edit-group", { ChatId, Name: `Band ${n + 1}` }));
  const { Rev } = await phone.must("set-role", { ChatId, Member: bob.id, Role: "Member" });
  const late = await bobs.ask("mute-member", { ChatId, Member: cat.id, Seconds: 60 });
  assert.equal(late.Code, "forbidden");
  const answers = await Promise.all(names);
  for (const answer of answers) assert.ok(answer.Ok ? answer.Rev < Rev : answer.Code === "forbidden", JSON.stringify(answer));
  const done = answers.filter(({ Ok }) => Ok).length;
  const { Info, Rev: present } = await phone.must("fetch-chat", { ChatId });
  assert.deepEqual([Info.Name, present], [done > 0 ? `Band ${done}` : "Band", Rev]);
  room.leave();
});
