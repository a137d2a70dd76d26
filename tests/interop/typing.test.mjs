// Who is typing: a hint that is told at most so often and ends by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NOBODY, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open({ "presence.typing_members": "3" })));
after(() => stage?.close());

/// What others hear of a person who begins or stops.
const hint = (room, { id, name }, On) => ({ ChatId: room.ChatId, User: id, Name: name, On, ExpiresIn: 6 });

/// All devices of the others hear this next.
async function heard(room, device, On) {
  for (const other of room.others(device)) assert.deepEqual(await other.next("typing"), hint(room, room.person(device), On));
}

for (const kind of ["Personal", "Group"]) {
  test(`others hear that somebody begins and stops, own others do not: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const { ChatId } = room;
    assert.deepEqual(await phone.must("typing", { ChatId, On: true }), { Ok: true });
    await heard(room, phone, true);
    await phone.must("typing", { ChatId, On: false });
    await heard(room, phone, false);
    await room.quiet();
    room.leave();
  });
}

test("while somebody types on, others hear it once in three seconds", async () => {
  const room = await stage.room("Personal");
  const [[phone, laptop]] = room.devices;
  const { ChatId } = room;
  const begun = performance.now();
  // The second device types in the same chat: it is the user that is told of.
  for (let n = 0; n < 20; n += 1) await (n % 2 ? laptop : phone).must("typing", { ChatId, On: true });
  assert.ok(performance.now() - begun < 2_500, "all within the pause");
  await phone.must("typing", { ChatId, On: false });
  await heard(room, phone, true);
  await heard(room, phone, false);
  await room.quiet();
  room.leave();
});

test("after the pause others hear it again", async () => {
  const room = await stage.room("Personal");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  await phone.must("typing", { ChatId, On: true });
  await heard(room, phone, true);
  // The clock is what is waited for.
  await new Promise((resolve) => setTimeout(resolve, 3_100));
  await phone.must("typing", { ChatId, On: true });
  await heard(room, phone, true);
  await room.quiet();
  room.leave();
});

test("stopping is told once, and only of somebody who was told to be typing", async () => {
  const room = await stage.room("Personal");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  await phone.must("typing", { ChatId, On: false });
  await phone.must("typing", { ChatId, On: true });
  for (let n = 0; n < 3; n += 1) await phone.must("typing", { ChatId, On: false });
  await phone.must("typing", { ChatId, On: true });
  for (const On of [true, false, true]) await heard(room, phone, On);
  await room.quiet();
  room.leave();
});

test("a message ends the pause", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  await phone.must("typing", { ChatId, On: true });
  await heard(room, phone, true);
  await room.say(phone, "done");
  await phone.must("typing", { ChatId, On: true });
  await heard(room, phone, true);
  room.leave();
});

test("whose socket is gone types no more", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  await phone.must("typing", { ChatId, On: true });
  await heard(room, phone, true);
  phone.socket.io.engine.close();
  await heard(room, phone, false);
  room.leave();
});

test("each chat and each person is told of by itself", async () => {
  const group = await stage.room("Group");
  const [[phone], [bobs], [cats]] = group.devices;
  const other = await stage.room("Group", [stage.ann, stage.bob], group);
  await phone.must("typing", { ChatId: group.ChatId, On: true });
  await heard(group, phone, true);
  await bobs.must("typing", { ChatId: group.ChatId, On: true });
  await heard(group, bobs, true);
  await phone.must("typing", { ChatId: other.ChatId, On: true });
  await heard(other, phone, true);
  await phone.must("typing", { ChatId: group.ChatId, On: false });
  await heard(group, phone, false);
  await cats.quiet(group.fetch, group.name);
  group.leave();
});

test("in notes and in large groups nobody hears of it", async () => {
  const { ann, bob, cat, eve } = stage;
  for (const [kind, people] of [["Self", [ann]], ["Group", [ann, bob, cat, eve]]]) {
    const room = await stage.room(kind, people);
    const [[phone]] = room.devices;
    for (const On of [true, false]) assert.deepEqual(await phone.must("typing", { ChatId: room.ChatId, On }), { Ok: true });
    await room.quiet();
    room.leave();
  }
});

test("somebody who does not want it is not told of", async () => {
  const room = await stage.room("Personal");
  const [[phone, laptop], [bobs]] = room.devices;
  const { ChatId } = room;
  await phone.must("set-privacy", { Typing: false });
  await laptop.next("privacy-changed");
  for (const On of [true, false]) await phone.must("typing", { ChatId, On });
  await bobs.must("typing", { ChatId, On: true });
  await heard(room, bobs, true);
  await room.quiet();
  await phone.must("set-privacy", { Typing: true });
  await laptop.next("privacy-changed");
  await phone.must("typing", { ChatId, On: true });
  await heard(room, phone, true);
  room.leave();
});

test("one types in chats that one is in", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const outsider = await stage.eve.connect();
  for (const On of [true, false]) {
    await refused(outsider, "typing", [{ ChatId, On }], "not_found");
    await refused(outsider, "typing", [{ ChatId: NOBODY, On }], "not_found");
  }
  await bobs.must("leave-grp", room.name);
  await refused(bobs, "typing", [{ ChatId, On: true }], "not_found");
  await phone.next("user-left-grp");
  await phone.next("chat-changed");
  await phone.quiet(room.fetch, room.name);
  await phone.must("typing", { ChatId, On: true });
  await room.devices[2][0].next("typing");
  await bobs.next("group-left-success");
  await bobs.quiet();
  outsider.close();
  room.leave();
});
