// Who comes, who goes, who runs a group, and who hears of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";
import { refused, refusedByAck, refusedByEvent } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

const contents = (group) => group.Messages.map((message) => message.Content);

test("the admin takes somebody in: all members hear who, the new one hears of the group", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [ann] = people;
  const [cat] = await server.people("Cat");
  const [laptop, cats, catsLaptop] = [await ann.connect(), await cat.connect(), await cat.connect()];
  await devices[0].must("add-member", { GroupId, Member: cat.id });
  for (const device of [...devices, laptop]) {
    const told = { ChatId: GroupId, GroupId, Member: cat.id, MemberName: cat.name };
    assert.deepEqual(await device.next("add-member-success"), told);
  }
  for (const device of [cats, catsLaptop]) {
    assert.deepEqual(await device.next("new-grp-added"), { ChatId: GroupId, GroupId, Name: "Band" });
    assert.deepEqual(await device.next("create-group-chat-receiver"), { GroupId, Name: "Band" });
  }
  for (const device of [devices[1], laptop, cats, catsLaptop]) await device.next("chat-changed");
  for (const device of [...devices, laptop, cats, catsLaptop]) await device.quiet("fetch-group-chat", { GroupId });
  const group = await cats.fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(Object.keys(group.Participants), [...people, cat].map(({ id }) => id));

  const stored = await cats.must("send-group-message", { GroupId, Content: "thanks" });
  for (const device of [...devices, laptop]) assert.equal((await device.next("receive-group-message")).Seq, stored.Seq);
});

test("nobody is taken in by a mere member, twice, or out of nowhere", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [cat, eve] = await server.people("Cat", "Eve");
  const [admin, member] = devices;
  const outsider = await eve.connect();
  const cats = await cat.connect();
  const notAdmin = await refused(member, "add-member", [{ GroupId, Member: cat.id }], "not_admin");
  assert.equal(notAdmin, "You Should be admin to add a member");
  assert.equal(await refused(admin, "add-member", [{ GroupId, Member: people[1].id }], "conflict"), "Already in Group");
  assert.equal(await refused(admin, "add-member", [{ GroupId, Member: people[0].id }], "conflict"), "Already in Group");
  await refused(admin, "add-member", [{ GroupId, Member: "01890000-0000-7000-8000-000000000000" }], "not_found");
  await refused(outsider, "add-member", [{ GroupId, Member: eve.id }], "not_found");
  for (const device of [...devices, outsider, cats]) await device.quiet("fetch-group-chat", { GroupId });
});

test("a later member sees the history from joining on, with nothing unread", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [cat] = await server.people("Cat");
  await devices[0].must("send-group-message", { GroupId, Content: "before" });
  await devices[0].must("add-member", { GroupId, Member: cat.id });
  const cats = await cat.connect();
  const [row] = cats.opening.groups;
  assert.equal(row.Unread, 0);
  assert.deepEqual(contents(await cats.fetch("fetch-group-chat", { GroupId })), []);

  await devices[0].must("send-group-message", { GroupId, Content: "after" });
  await cats.next("receive-group-message");
  const theirs = await cats.fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(contents(theirs), ["after"]);
  assert.equal(theirs.HasMore, false);
  const group = await devices[1].fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(contents(group), ["after", "before"]);
  const [ann, bob] = people;
  assert.deepEqual(group.Messages[1].ReadStatus, { [ann.id]: "Read", [bob.id]: "Unread", [cat.id]: "Read" });
  assert.deepEqual(group.Messages[0].ReadStatus, { [ann.id]: "Read", [bob.id]: "Unread", [cat.id]: "Unread" });
});

test("a later member sees everything where the server is set so", async () => {
  const open = await Server.start({ "groups.history_for_new_members": "true" });
  try {
    const { GroupId, devices } = await band(open, "Ann", "Bob");
    const [cat] = await open.people("Cat");
    await devices[0].must("send-group-message", { GroupId, Content: "before" });
    await devices[0].must("add-member", { GroupId, Member: cat.id });
    const cats = await cat.connect();
    assert.deepEqual(contents(await cats.fetch("fetch-group-chat", { GroupId })), ["before"]);
  } finally {
    await open.close();
  }
});

test("a group takes no more members than it may", async () => {
  const small = await Server.start({ "limits.group_members": "2" });
  try {
    const { GroupId, devices } = await band(small, "Ann", "Bob");
    const [cat] = await small.people("Cat");
    await refused(devices[0], "add-member", [{ GroupId, Member: cat.id }], "too_large");
    const [dan, eve] = await small.people("Dan", "Eve");
    const payload = { Name: "Trio", Description: "", Participants: [dan.id, eve.id] };
    await refused(devices[0], "create-group-chat", [payload], "too_large");
  } finally {
    await small.close();
  }
});

test("the admin role moves: the old one is told so, everybody else hears who has it", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [ann, bob] = people;
  const [annsPhone, bobs, cats] = devices;
  const laptop = await ann.connect();
  await annsPhone.must("change-admin", { GroupId, Member: bob.id });
  assert.deepEqual(await annsPhone.next("change-admin-success-creator"), { GroupId });
  for (const device of [laptop, bobs, cats]) {
    assert.deepEqual(await device.next("change-admin-success-receiver"), { GroupId, Admin: bob.id });
    await device.next("chat-changed");
  }
  for (const device of [...devices, laptop]) await device.quiet("fetch-group-chat", { GroupId });
  assert.equal((await cats.fetch("fetch-group-chat", { GroupId })).Admin, bob.id);
  await refused(annsPhone, "delete-grp", [{ GroupId }], "not_admin");
  await annsPhone.must("leave-grp", { GroupId });
});

test("the admin role moves only by the admin and only to a member", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [eve] = await server.people("Eve");
  const outsider = await eve.connect();
  await refused(devices[1], "change-admin", [{ GroupId, Member: people[1].id }], "not_admin");
  await refused(devices[0], "change-admin", [{ GroupId, Member: eve.id }], "not_member");
  await refused(outsider, "change-admin", [{ GroupId, Member: eve.id }], "not_found");
  for (const device of [...devices, outsider]) await device.quiet("fetch-group-chat", { GroupId });
  assert.equal((await devices[1].fetch("fetch-group-chat", { GroupId })).Admin, people[0].id);
});

test("the admin kicks somebody: each side hears its own event, and the kicked one is out at once", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [ann, bob] = people;
  const [annsPhone, bobs, cats] = devices;
  const [laptop, bobsLaptop] = [await ann.connect(), await bob.connect()];
  await annsPhone.must("send-group-message", { GroupId, Content: "while bob is here" });
  for (const device of [bobs, bobsLaptop, cats]) await device.next("receive-group-message");
  await laptop.next("sent-group-message");

  await annsPhone.must("kickout", { GroupId, Member: bob.id });
  assert.deepEqual(await annsPhone.next("kickout-successful"), { GroupId });
  for (const device of [bobs, bobsLaptop]) {
    assert.deepEqual(await device.next("kicked-out"), { GroupId, GroupName: "Band" });
  }
  for (const device of [laptop, cats]) {
    const told = { GroupId, GroupName: "Band", Member: bob.id };
    assert.deepEqual(await device.next("someone-kicked-out"), told);
    await device.next("chat-changed");
  }

  await annsPhone.must("send-group-message", { GroupId, Content: "without bob" });
  await cats.next("receive-group-message");
  await laptop.next("sent-group-message");
  await refused(bobs, "send-group-message", [{ GroupId, Content: "hello?" }], "not_found");
  await refused(bobs, "fetch-group-chat", [{ GroupId }], "not_found");
  await refused(bobs, "read-group-message", [{ GroupId }], "not_found");
  await refused(bobs, "leave-grp", [{ GroupId }], "not_found");
  for (const device of [...devices, laptop, bobsLaptop]) await device.quiet("fetch-group-chat", { GroupId });

  const group = await cats.fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(contents(group), ["without bob", "while bob is here"]);
  assert.deepEqual(Object.keys(group.Participants), [ann.id, people[2].id]);
  for (const message of group.Messages) assert.deepEqual(Object.keys(message.ReadStatus).sort(), [ann.id, people[2].id].sort());
  assert.deepEqual((await bob.connect()).opening.groups, []);
});

test("the others hear of a kick although the kicked one is offline", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  devices[1].close();
  await devices[0].must("kickout", { GroupId, Member: people[1].id });
  assert.equal((await devices[2].next("someone-kicked-out")).Member, people[1].id);
  assert.deepEqual((await people[1].connect()).opening.groups, []);
});

test("nobody kicks without being admin, kicks an outsider or kicks themselves", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [eve] = await server.people("Eve");
  const outsider = await eve.connect();
  await refused(devices[1], "kickout", [{ GroupId, Member: people[0].id }], "not_admin");
  await refused(devices[0], "kickout", [{ GroupId, Member: eve.id }], "not_member");
  await refused(devices[0], "kickout", [{ GroupId, Member: people[0].id }], "conflict");
  await refused(outsider, "kickout", [{ GroupId, Member: people[0].id }], "not_found");
  for (const device of [...devices, outsider]) await device.quiet("fetch-group-chat", { GroupId });
});

test("a member leaves: own devices and the others hear it, later messages do not come", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [annsPhone, bobs, cats] = devices;
  const bobsLaptop = await people[1].connect();
  await bobs.must("leave-grp", { GroupId });
  for (const device of [bobs, bobsLaptop]) {
    assert.deepEqual(await device.next("group-left-success"), { Message: "Group Left Successfully", GroupId });
  }
  for (const device of [annsPhone, cats]) {
    assert.deepEqual(await device.next("user-left-grp"), { GroupId, User: people[1].id });
    await device.next("chat-changed");
  }
  await cats.must("send-group-message", { GroupId, Content: "gone?" });
  await annsPhone.next("receive-group-message");
  for (const device of [...devices, bobsLaptop]) await device.quiet("fetch-group-chat", { GroupId });
  await refusedByAck(bobs, "leave-grp", [{ GroupId }], "not_found");
});

test("the admin must hand over before leaving", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  await refused(devices[0], "leave-grp", [{ GroupId }], "conflict");
  await devices[0].quiet("fetch-group-chat", { GroupId });
  await devices[1].quiet("fetch-group-chat", { GroupId });
  await devices[0].must("change-admin", { GroupId, Member: people[1].id });
  await devices[0].next("change-admin-success-creator");
  await devices[0].must("leave-grp", { GroupId });
  await devices[1].next("user-left-grp");
});

test("somebody who comes back sees what was said from then on", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [annsPhone, bobs] = devices;
  await annsPhone.must("send-group-message", { GroupId, Content: "one" });
  await bobs.must("leave-grp", { GroupId });
  await annsPhone.must("send-group-message", { GroupId, Content: "two" });
  await annsPhone.must("add-member", { GroupId, Member: people[1].id });
  await bobs.next("new-grp-added");
  await annsPhone.must("send-group-message", { GroupId, Content: "three" });
  assert.deepEqual(contents(await bobs.fetch("fetch-group-chat", { GroupId })), ["three"]);
});

test("membership changes and messages have one order: nothing after a removal reaches the removed", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [annsPhone, bobs, cats] = devices;
  const said = Array.from({ length: 40 }, (_, n) => cats.must("send-group-message", { GroupId, Content: `cat ${n}` }));
  await annsPhone.must("kickout", { GroupId, Member: people[1].id });
  const acks = await Promise.all(said);
  await bobs.next("kicked-out");
  await refusedByEvent(bobs, "fetch-group-chat", [{ GroupId }], "not_found");
  const heard = bobs.untaken.filter((name) => name === "receive-group-message").length;
  const seqs = (await bobs.take("receive-group-message", heard)).map((message) => message.Seq);
  assert.deepEqual(seqs, acks.slice(0, heard).map((ack) => ack.Seq), "what was heard is a prefix without gaps");
  await bobs.quiet();
});
