// Groups: how they begin, what is said in them, how they end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";
import { hasKeys, isGroupRow, isId, isLive, isStored, refused } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

test("a group begins: its creator is admin and first, every other device of a member hears of it", async () => {
  const [ann, bob, cat, eve] = await server.people("Ann", "Bob", "Cat", "Eve");
  const [phone, laptop, bobs, cats, outsider] = [
    await ann.connect(),
    await ann.connect(),
    await bob.connect(),
    await cat.connect(),
    await eve.connect(),
  ];
  const Participants = [bob.id, cat.id, bob.id, ann.id];
  await phone.must("create-group-chat", { Name: "Band", Description: "Thursdays", Participants });
  const created = await phone.next("create-group-chat-creator");
  const { GroupId } = created;
  isId(GroupId);
  assert.deepEqual(created, { GroupId, Name: "Band" });
  for (const device of [laptop, bobs, cats]) {
    assert.deepEqual(await device.next("create-group-chat-receiver"), { GroupId, Name: "Band" });
  }

  const group = await cats.fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(group, {
    Admin: ann.id,
    Name: "Band",
    Description: "Thursdays",
    Participants: { [ann.id]: ann.name, [bob.id]: bob.name, [cat.id]: cat.name },
    Messages: [],
    GroupId,
    HasMore: false,
    Rev: 0,
    Own: 0,
    FirstSeq: 1,
  });
  assert.deepEqual(Object.keys(group.Participants), [ann.id, bob.id, cat.id], "in joining order");

  for (const device of [phone, laptop, bobs, cats]) await device.quiet("fetch-group-chat", { GroupId });
  await outsider.quiet("fetch-group-chat", { GroupId });
  for (const [person, count] of [
    [ann, 1],
    [cat, 1],
    [eve, 0],
  ]) {
    const { groups, personal } = (await person.connect()).opening;
    assert.equal(groups.length, count);
    assert.deepEqual(personal, []);
    groups.forEach(isGroupRow);
  }
});

test("a group may begin with its creator alone and without a description", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  await device.must("create-group-chat", { Name: "Alone", Description: "", Participants: [] });
  const { GroupId } = await device.next("create-group-chat-creator");
  const group = await device.fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(group.Participants, { [ann.id]: ann.name });
  assert.equal(group.Description, "");
});

test("one unknown participant refuses the whole group", async () => {
  const [ann, bob] = await server.people("Ann", "Bob");
  const [device, bobs] = [await ann.connect(), await bob.connect()];
  for (const stranger of ["01890000-0000-7000-8000-000000000000", "", "nobody"]) {
    const payload = { Name: "Band", Description: "", Participants: [bob.id, stranger] };
    await refused(device, "create-group-chat", [payload], "not_found");
  }
  await device.quiet();
  await bobs.quiet();
  assert.deepEqual((await bob.connect()).opening.groups, []);
});

test("a message reaches every other member's devices and the own others, never the sender or an outsider", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [ann] = people;
  const [annsPhone, bobs, cats] = devices;
  const [laptop, [eve]] = [await ann.connect(), await server.people("Eve")];
  const outsider = await eve.connect();
  const stored = await annsPhone.must("send-group-message", { GroupId, Content: "hello", ClientId: "g-1" });
  isStored(stored, GroupId, 1);
  for (const device of [bobs, cats]) {
    isLive(await device.next("receive-group-message"), stored, ann, "hello", { GroupId, ClientId: "g-1" });
  }
  isLive(await laptop.next("sent-group-message"), stored, ann, "hello", { GroupId, ClientId: "g-1" });
  for (const device of [...devices, laptop, outsider]) await device.quiet("fetch-group-chat", { GroupId });
});

test("the history names senders by name and id, the newest first", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [ann, bob, cat] = people;
  const first = await devices[0].must("send-group-message", { GroupId, Content: "one" });
  const second = await devices[1].must("send-group-message", { GroupId, Content: "two" });
  const row = ({ _id, Seq, Timestamp }, sender, Content) => ({
    Content,
    Sender: sender.name,
    SenderId: sender.id,
    ReadStatus: Object.fromEntries([ann, bob, cat].map(({ id }) => [id, id === sender.id ? "Read" : "Unread"])),
    Timestamp,
    Id: _id,
    _id,
    Seq,
  });
  const group = await devices[2].fetch("fetch-group-chat", { GroupId });
  assert.deepEqual(group.Messages, [row(second, bob, "two"), row(first, ann, "one")]);

  const [list] = (await cat.connect()).opening.groups;
  const { _id, Name, Unread, LastSeq, LastChat } = list;
  assert.deepEqual({ _id, Name, Unread, LastSeq, LastChat }, { _id: GroupId, Name: "Band", Unread: 2, LastSeq: 2, LastChat: second.Timestamp });
});

test("all members hear everything in one order without gaps", async () => {
  const { GroupId, devices } = await band(server, "Ann", "Bob", "Cat");
  const count = 20;
  await Promise.all(
    devices.flatMap((device, who) =>
      Array.from({ length: count }, (_, n) => device.must("send-group-message", { GroupId, Content: `${who} ${n}` })),
    ),
  );
  const group = await devices[0].fetch("fetch-group-chat", { GroupId, Limit: 200 });
  const order = group.Messages.toReversed();
  assert.deepEqual(order.map(({ Seq }) => Seq), Array.from({ length: 3 * count }, (_, n) => n + 1));
  for (const [who, device] of devices.entries()) {
    const heard = await device.take("receive-group-message", 2 * count);
    const expected = order.filter(({ Content }) => !Content.startsWith(`${who} `));
    assert.deepEqual(heard.map(({ Seq, Content }) => ({ Seq, Content })), expected.map(({ Seq, Content }) => ({ Seq, Content })));
  }
});

test("the same ClientId is told once", async () => {
  const { GroupId, devices } = await band(server, "Ann", "Bob");
  const message = { GroupId, Content: "once", ClientId: "again" };
  const first = await devices[0].must("send-group-message", message);
  assert.deepEqual(await devices[0].must("send-group-message", message), { ...first, Repeat: true });
  await devices[1].next("receive-group-message");
  await devices[1].quiet("fetch-group-chat", { GroupId });
});

test("the admin ends a group: everybody hears it, then a fresh list, and nothing is left", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [annsPhone, bobs, cats] = devices;
  const laptop = await people[0].connect();
  await annsPhone.must("send-group-message", { GroupId, Content: "soon gone" });
  for (const device of [bobs, cats]) await device.next("receive-group-message");
  await laptop.next("sent-group-message");

  await refused(bobs, "delete-grp", [{ GroupId }], "not_admin");
  await annsPhone.must("delete-grp", { GroupId });
  assert.deepEqual(await annsPhone.next("delete-group-chat-creator"), { GroupId });
  for (const device of [laptop, bobs, cats]) {
    const ended = await device.either("delete-grp-success-receiver", "group-chat-list");
    assert.deepEqual(ended, { name: "delete-grp-success-receiver", payload: { GroupId } });
    assert.deepEqual(await device.next("group-chat-list"), { GroupChatList: [] });
  }
  for (const device of devices) {
    await refused(device, "fetch-group-chat", [{ GroupId }], "not_found");
    await refused(device, "send-group-message", [{ GroupId, Content: "hello?" }], "not_found");
    await refused(device, "delete-grp", [{ GroupId }], "not_found");
    await device.quiet();
    hasKeys(await device.fetch("list-chats"), "PersonalChatList");
  }
  assert.deepEqual((await people[1].connect()).opening.groups, []);
});
