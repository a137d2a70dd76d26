// Changes of who is in a group, as newer clients are told of them, and the list of those that were.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { change, row, told } from "./members.mjs";
import { Stage } from "./room.mjs";
import { hasKeys, refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

test("whoever is added is told to all with the new row, and the new one is told too", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone, laptop], bobs] = room.devices;
  const cats = [await cat.connect(), await cat.connect()];
  await room.say(phone, "before");
  const answer = await phone.must("add-member", { ...room.name, Member: cat.id });
  const Members = [row(cat, "Member", 1)];
  assert.deepEqual(answer, { Ok: true, ChatId: room.ChatId, Rev: 1, Members });
  const added = change(room, 1, 1, "Added", ann, cat, { Members });
  await told([laptop, ...bobs], "add-member-success", added);
  await phone.next("add-member-success");
  for (const device of cats) {
    await device.next("new-grp-added");
    await told([device], "create-group-chat-receiver", added);
  }
  const { Roster, Prefs } = await cats[0].must("fetch-chat", { ChatId: room.ChatId });
  assert.deepEqual(Roster, { Rev: 1, Members: [row(ann, "Owner", 0), row(bob, "Member", 0), ...Members] });
  assert.equal(Prefs.FirstSeq, 2);
  for (const device of cats) await device.quiet(room.fetch, room.name);
  await room.quiet();
  room.leave();
});

test("the owner's role moves: both rows and the group change", async () => {
  const { ann, bob } = stage;
  const room = await stage.room("Group");
  const [[phone, laptop], bobs, cats] = room.devices;
  const { Info } = await phone.must("fetch-chat", { ChatId: room.ChatId });
  assert.deepEqual([Info.Rev, Info.Admin], [0, ann.id]);
  const { Ok, ...answer } = await phone.must("change-admin", { ...room.name, Member: bob.id });
  const byId = (rows) => rows.toSorted((one, other) => (one._id < other._id ? -1 : 1));
  const { Members } = answer;
  const changed = { ...Info, Rev: 1, Admin: bob.id };
  assert.deepEqual(answer, { ChatId: room.ChatId, Rev: 1, Members, Info: changed });
  assert.deepEqual(byId(Members), byId([row(ann, "Member", 1), row(bob, "Owner", 1)]));
  const moved = change(room, 1, 0, "AdminChanged", ann, bob, { Members, Info: changed });
  await told([laptop, ...bobs, ...cats], "change-admin-success-receiver", moved);
  await phone.next("change-admin-success-creator");
  await room.quiet();
  assert.equal((await room.row(bobs[0])).Role, "Owner");
  assert.equal((await room.row(phone)).Role, "Member");
  room.leave();
});

test("whoever is removed is gone from the rows, and is not told that", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone, laptop], bobs, cats] = room.devices;
  const answer = await phone.must("kickout", { ...room.name, Member: cat.id });
  const { Members } = answer;
  assert.equal(Members.length, 1);
  const [{ Role, ...gone }] = Members;
  assert.deepEqual(gone, { _id: cat.id, Name: cat.name, Rev: 1, Gone: true });
  assert.deepEqual(answer, { Ok: true, ChatId: room.ChatId, Rev: 1, Members });
  await told([laptop, ...bobs], "someone-kicked-out", change(room, 1, 0, "Removed", ann, cat, { Members }));
  await phone.next("kickout-successful");
  for (const device of cats) {
    await device.next("kicked-out");
    await device.quiet(room.fetch, room.name);
  }
  await phone.quiet(room.fetch, room.name);
  const { Roster, Rev } = await bobs[0].must("fetch-chat", { ChatId: room.ChatId });
  assert.deepEqual([Rev, Roster], [1, { Rev: 1, Members: [row(ann, "Owner", 0), row(bob, "Member", 0)] }]);
  room.leave();
});

test("whoever leaves is told to those who stay, and not to the other devices of the one who left", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [anns, [bobs, laptop], cats] = room.devices;
  const answer = await bobs.must("leave-grp", room.name);
  const { Members } = answer;
  const [{ Role, ...gone }] = Members;
  assert.deepEqual(gone, { _id: bob.id, Name: bob.name, Rev: 1, Gone: true });
  assert.deepEqual(answer, { Ok: true, ChatId: room.ChatId, Rev: 1, Members });
  await told([...anns, ...cats], "user-left-grp", change(room, 1, 0, "Left", bob, bob, { Members }));
  for (const device of [bobs, laptop]) {
    await device.next("group-left-success");
    await device.quiet(room.fetch, room.name);
  }
  room.leave();
});

test("the end of an account is told in each group as leaving, and as a new owner where it was one", async () => {
  const { ann, server } = stage;
  const [dan] = await server.people("Dan");
  const led = await stage.room("Group", [dan, ann]);
  const joined = await stage.room("Group", [ann, dan], led);
  const answer = await fetch(`${server.url}/me`, {
    method: "DELETE",
    headers: { "content-type": "application/json", authorization: `Bearer ${dan.tokens.accessToken}` },
    body: JSON.stringify({ currentPassword: dan.password }),
  });
  assert.equal(answer.status, 200);
  const [device] = joined.devices[0];
  const heard = await device.take("chat-changed", 3);
  const of = (room) => heard.filter(({ ChatId }) => ChatId === room.ChatId).map(({ What, User }) => [What, User]);
  assert.deepEqual(of(joined), [["Left", dan.id]]);
  assert.deepEqual(of(led).sort(), [["AdminChanged", ann.id], ["Left", dan.id]]);
  const { Info, Roster } = await device.must("fetch-chat", { ChatId: led.ChatId });
  assert.equal(Info.Admin, ann.id);
  assert.deepEqual(Roster.Members.map(({ _id, Role }) => [_id, Role]), [[ann.id, "Owner"]]);
  led.leave();
});

test("refused changes of membership take no number", async () => {
  const { ann, bob, cat, eve } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone], [bobs]] = room.devices;
  await refused(bobs, "add-member", [{ ...room.name, Member: cat.id }], "not_admin");
  await refused(phone, "add-member", [{ ...room.name, Member: bob.id }], "conflict");
  await refused(bobs, "kickout", [{ ...room.name, Member: ann.id }], "not_admin");
  await refused(phone, "kickout", [{ ...room.name, Member: eve.id }], "not_member");
  await refused(bobs, "change-admin", [{ ...room.name, Member: bob.id }], "not_admin");
  await refused(phone, "leave-grp", [room.name], "conflict");
  await room.quiet();
  assert.equal((await phone.must("fetch-chat", { ChatId: room.ChatId })).Rev, 0);
  room.leave();
});

test("a right ends with the change that ends it, whatever is under way", async () => {
  const { bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs], [cats]] = room.devices;
  const { ChatId, name } = room;
  const { Seq } = await room.say(bobs, "0");
  const edits = Array.from({ length: 40 }, (_, n) => bobs.ask("edit-message", { ChatId, Seq, Content: `${n + 1}` }));
  const { Rev } = await phone.must("kickout", { ...name, Member: bob.id });
  const answers = await Promise.all(edits);
  for (const answer of answers) assert.ok(answer.Ok ? answer.Rev < Rev : answer.Code === "not_found", JSON.stringify(answer));
  const held = answers.filter(({ Ok }) => Ok).length;
  assert.equal((await room.shown(cats, Seq)).Content, `${held}`);
  assert.equal(Rev, held + 1);

  const pins = Array.from({ length: 40 }, (_, n) => phone.ask("pin-message", { ChatId, Seq, On: n % 2 === 0 }));
  const moved = phone.must("change-admin", { ...name, Member: cat.id });
  const late = Array.from({ length: 5 }, (_, n) => phone.ask("pin-message", { ChatId, Seq, On: n % 2 === 1 }));
  assert.ok((await Promise.all(pins)).every(({ Ok }) => Ok));
  assert.equal((await moved).Rev, Rev + 41);
  for (const { Code } of await Promise.all(late)) assert.equal(Code, "forbidden");
  room.leave();
});

test("whoever is out changes nothing and learns nothing", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [[phone], bobs] = room.devices;
  const { ChatId, name } = room;
  const { Seq } = await room.say(bobs[0], "bob's own");
  await room.mark(bobs[0], "star-message", { Seq, On: true });
  await phone.must("kickout", { ...name, Member: bob.id });
  for (const device of bobs) await device.next("kicked-out");
  for (const [event, more] of [
    ["edit-message", { Content: "x" }],
    ["edit-message", { Content: "bob's own" }],
    ["delete-message", {}],
    ["hide-message", {}],
    ["react", { Emoji: "👍", On: true }],
    ["react", { Emoji: "👍", On: false }],
    ["fetch-reactions", { Emoji: "👍" }],
    ["pin-message", { On: true }],
    ["star-message", { On: false }],
    ["fetch-pinned", {}],
    ["fetch-activity", {}],
    ["fetch-chat", {}],
    ["forward-message", { To: bob.id }],
  ]) {
    await refused(bobs[0], event, [{ ChatId, Seq, ...more }], "not_found");
  }
  await phone.must("react", { ChatId, Seq, Emoji: "👍", On: true });
  await phone.must("delete-message", { ChatId, Seq });
  for (const device of bobs) await device.quiet(room.fetch, name);
  room.leave();
});

test("the activity of a group lists what was told, newest first, without the rows", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone, laptop], [bobs]] = room.devices;
  const { ChatId, name } = room;
  const changes = [];
  const step = async (event, more) => {
    await phone.must(event, { ...name, ...more });
    const { Members, Info, ...told } = await laptop.next("chat-changed");
    changes.unshift(told);
  };
  const page = async (device, more = {}) => {
    const { Ok, ...activity } = await device.must("fetch-activity", { ChatId, ...more });
    hasKeys(activity, "ChatId", "Events", "HasMore");
    assert.equal(activity.ChatId, ChatId);
    return activity;
  };
  assert.deepEqual(await page(phone), { ChatId, Events: [], HasMore: false });
  await step("add-member", { Member: cat.id });
  const { Seq } = await phone.must(room.send, { ...name, Content: "hello" });
  await phone.must("edit-message", { ChatId, Seq, Content: "hello!" });
  await step("kickout", { Member: cat.id });
  await phone.must(room.send, { ...name, Content: "bye" });
  await step("add-member", { Member: cat.id });
  await step("change-admin", { Member: bob.id });
  assert.deepEqual(changes.map(({ What, Rev, AfterSeq }) => [What, Rev, AfterSeq]), [
    ["AdminChanged", 5, 2],
    ["Added", 4, 2],
    ["Removed", 3, 1],
    ["Added", 1, 0],
  ]);
  for (const device of [phone, bobs]) assert.deepEqual(await page(device), { ChatId, Events: changes, HasMore: false });
  assert.deepEqual(await page(phone, { Limit: 2 }), { ChatId, Events: changes.slice(0, 2), HasMore: true });
  assert.deepEqual(await page(phone, { Limit: 2, Before: 4 }), { ChatId, Events: changes.slice(2), HasMore: false });
  assert.deepEqual(await page(phone, { Before: 3, Limit: 1_000_000 }), { ChatId, Events: changes.slice(3), HasMore: false });
  assert.deepEqual(await page(phone, { Before: 1 }), { ChatId, Events: [], HasMore: false });

  const cats = await cat.connect();
  assert.deepEqual((await page(cats)).Events, changes.slice(0, 2), "from the own joining on");
  phone.emit("fetch-activity", { ChatId, Limit: 1 });
  assert.deepEqual(await phone.next("activity"), { ChatId, Events: changes.slice(0, 1), HasMore: true });
  cats.close();
  room.leave();
});

test("only groups have activity", async () => {
  const pair = await stage.room("Personal");
  const [[phone]] = pair.devices;
  for (const ChatId of [pair.ChatId, stage.ann.id]) await refused(phone, "fetch-activity", [{ ChatId }], "not_found");
  pair.leave();
});

test("numbers go on where they were when somebody comes back, and after a crash", async () => {
  const { server, ann, bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId, name } = room;
  const { Seq } = await room.say(phone, "one");
  const first = await room.mark(bobs, "star-message", { Seq, On: true });
  await room.change(phone, "edit-message", { Seq, Content: "uno" }, "Edited");
  await bobs.must("leave-grp", name);
  await phone.must("add-member", { ...name, Member: bob.id });
  await bobs.next("new-grp-added");
  const back = await bobs.must("fetch-chat", { ChatId });
  assert.equal(back.Rev, 3);
  assert.ok(back.Own >= first.Own);
  assert.deepEqual(back.Roster.Members.map(({ _id, Rev }) => [_id, Rev]), [[ann.id, 0], [cat.id, 0], [bob.id, 3]]);
  await server.restart({ signal: "SIGKILL" });
  const again = await bob.connect();
  assert.deepEqual(await again.must("fetch-chat", { ChatId }), back);
  const next = await again.must(room.send, { ...name, Content: "two" });
  assert.ok((await again.must("star-message", { ChatId, Seq: next.Seq, On: true })).Own > back.Own);
  assert.equal((await again.must("react", { ChatId, Seq: next.Seq, Emoji: "👍", On: true })).Rev, 4);
  again.close();
});
