// The same thing is changed at all nodes at once: one of them is first, the others are decided on what it left, and no bound is passed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { scale } from "../faults/town.mjs";
import { Stage } from "../interop/room.mjs";

const ROUNDS = scale(10, 300);
const PINS = 3;
const STARS = 3;

let stage, server;
before(async () => {
  stage = await Stage.open({ "messages.pins": `${PINS}`, "messages.stars": `${STARS}`, "chats.pinned": "1", "groups.invites": "2" });
  ({ server } = stage);
});
after(() => stage?.close());

/// A group with a device of each member at every node; owner's first.
async function group(Settings = {}) {
  const room = await stage.room("Group");
  room.leave();
  const people = [stage.ann, stage.bob, stage.cat];
  const devices = await Promise.all(people.map((person) => server.everywhere(person)));
  await devices[0][0].must("edit-group", { ChatId: room.ChatId, Settings: { WhoPins: "Member", WhoAdds: "Member", ...Settings } });
  return { ...room.name, ChatId: room.ChatId, devices, close: () => devices.flat().forEach((device) => device.close()) };
}

const say = (device, GroupId, Content = "here") => device.must("send-group-message", { GroupId, Content });
const codes = (answers) => answers.map(({ Ok, Code }) => (Ok ? "ok" : Code)).sort();
const some = (count, name) => Array.from({ length: count }, () => name);

test("of edits on the same state one comes true, and the others are told", async () => {
  const { ChatId, GroupId, devices: [anns], close } = await group();
  const { Seq } = await say(anns[0], GroupId);
  for (let IfEdits = 0; IfEdits < ROUNDS; IfEdits += 1) {
    const answers = await Promise.all(
      anns.map((device, n) => device.ask("edit-message", { ChatId, Seq, Content: `${IfEdits} ${n}`, IfEdits })),
    );
    assert.deepEqual(codes(answers), [...some(anns.length - 1, "conflict"), "ok"]);
    const { Message } = answers.find(({ Ok }) => Ok);
    assert.deepEqual([Message.Edits, Message.Content.split(" ")[0]], [IfEdits + 1, `${IfEdits}`]);
    for (const device of anns) {
      const { Messages } = await device.fetch("fetch-group-chat", { GroupId, Limit: 1 });
      assert.deepEqual([Messages[0].Content, Messages[0].Rev], [Message.Content, Message.Rev]);
    }
  }
  close();
});

test("reactions of all at once are all counted, and each answer shows what was so then", async () => {
  const { ChatId, GroupId, devices, close } = await group();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { Seq } = await say(devices[0][0], GroupId);
    const asked = devices.map((own, n) => own[(round + n) % own.length].must("react", { ChatId, Seq, Emoji: "👍", On: true }));
    const answers = (await Promise.all(asked)).sort((one, other) => one.Rev - other.Rev);
    assert.deepEqual(answers.map(({ Message }) => Message.Reactions[0].Count), [1, 2, 3]);
    const { Users } = await devices[1][round % devices[1].length].must("fetch-reactions", { ChatId, Seq, Emoji: "👍" });
    assert.equal(Users.length, devices.length);
  }
  close();
});

test("the same reaction of one person at all nodes is one", async () => {
  const { ChatId, GroupId, devices: [, bobs], close } = await group();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { Seq } = await say(bobs[0], GroupId);
    const answers = await Promise.all(bobs.map((device) => device.must("react", { ChatId, Seq, Emoji: "🎉", On: true })));
    assert.deepEqual(new Set(answers.map(({ Rev }) => Rev)).size, 1, "the others were told the present number");
    assert.deepEqual(answers.map(({ Message }) => Message.Reactions[0].Count), some(bobs.length, 1));
  }
  close();
});

test("a message that is deleted at one node is edited and reacted to at no other afterwards", async () => {
  const { ChatId, GroupId, devices: [anns, bobs], close } = await group();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { Seq } = await say(anns[0], GroupId, `secret ${round}`);
    const at = round % anns.length;
    const elsewhere = (round + 1) % anns.length;
    const [gone, ...others] = await Promise.all([
      anns[at].must("delete-message", { ChatId, Seq }),
      anns[elsewhere].ask("edit-message", { ChatId, Seq, Content: `edited ${round}` }),
      bobs[elsewhere].ask("react", { ChatId, Seq, Emoji: "👍", On: true }),
    ]);
    for (const { Ok, Code, Rev } of others) assert.ok(Ok ? Rev < gone.Rev : Code === "conflict", `${Code} ${Rev} ${gone.Rev}`);
    assert.equal((await bobs[elsewhere].ask("react", { ChatId, Seq, Emoji: "🎉", On: true })).Code, "conflict");
    for (const device of bobs) {
      const { Messages } = await device.fetch("fetch-group-chat", { GroupId, Limit: 1 });
      const { Content, Reactions, DeletedBy, Rev } = Messages[0];
      assert.deepEqual([Content, Reactions, DeletedBy, Rev], ["", undefined, stage.ann.id, gone.Rev]);
    }
  }
  close();
});

test("pins, stars, pinned chats and invitations keep their bounds", async () => {
  const { ChatId, GroupId, devices: [anns, bobs], close } = await group();
  const seqs = [];
  for (let n = 0; n < 6; n += 1) seqs.push((await say(anns[0], GroupId, `${n}`)).Seq);
  const all = (event, devices, payloads) => Promise.all(payloads.map((payload, n) => devices[n % devices.length].ask(event, payload)));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [event, found, bound] of [["pin-message", "fetch-pinned", PINS], ["star-message", "fetch-starred", STARS]]) {
      const answers = await all(event, bobs, seqs.map((Seq) => ({ ChatId, Seq, On: true })));
      assert.deepEqual(codes(answers), [...some(bound, "ok"), ...some(seqs.length - bound, "too_large")], event);
      const { Messages } = await bobs[round % bobs.length].must(found, { ChatId });
      assert.equal(Messages.length, bound);
      const undone = await all(event, bobs, seqs.map((Seq) => ({ ChatId, Seq, On: false })));
      assert.ok(undone.every(({ Ok }) => Ok));
    }
    const pinned = await all("set-chat-prefs", bobs, [ChatId, stage.bob.id].map((id) => ({ ChatId: id, Pinned: true })));
    assert.deepEqual(codes(pinned), ["ok", "too_large"]);
    for (const id of [ChatId, stage.bob.id]) await bobs[0].must("set-chat-prefs", { ChatId: id, Pinned: false });
    const made = await all("create-invite", anns, some(4, { ChatId }));
    assert.deepEqual(codes(made), ["ok", "ok", "too_large", "too_large"]);
    for (const { Invite } of made.filter(({ Ok }) => Ok)) await anns[0].must("revoke-invite", { ChatId, Id: Invite.Id });
  }
  close();
});

test("an invitation is used as often as it says, however many follow it where", async () => {
  const { ChatId, GroupId, devices: [anns], close } = await group();
  const guests = await server.people("Dan", "Eli", "Fay");
  const devices = await Promise.all(guests.map((person, n) => server.connect(person, n)));
  for (let round = 0; round < ROUNDS; round += 1) {
    const { Invite } = await anns[round % anns.length].must("create-invite", { ChatId, MaxUses: 2 });
    const answers = await Promise.all(devices.map((device) => device.ask("join-group", { Token: Invite.Token })));
    assert.deepEqual(codes(answers), ["expired", "ok", "ok"]);
    const { Roster } = await anns[0].must("fetch-chat", { ChatId });
    assert.equal(Roster.Members.length, 5);
    for (const [n, { Ok }] of answers.entries()) if (Ok) await devices[n].must("leave-grp", { GroupId });
    await anns[0].must("revoke-invite", { ChatId, Id: Invite.Id });
  }
  for (const device of devices) device.close();
  close();
});

test("slow mode counts what was said at every node", async () => {
  const { GroupId, devices: [, bobs, cats], close } = await group({ SlowMode: 3_600 });
  const answers = await Promise.all(bobs.map((device) => device.ask("send-group-message", { GroupId, Content: "me first" })));
  assert.deepEqual(codes(answers), ["ok", ...some(bobs.length - 1, "slow_mode")]);
  await say(cats[1 % cats.length], GroupId);
  for (const device of cats) assert.equal((await device.ask("send-group-message", { GroupId, Content: "again" })).Code, "slow_mode");
  close();
});

test("there is one chat for two, whoever begins it where", async () => {
  for (let round = 0; round < Math.min(ROUNDS, 4); round += 1) {
    const pair = await server.people("Dan", "Eli");
    const devices = await Promise.all(pair.map((person) => server.everywhere(person)));
    const answers = await Promise.all(devices.flatMap((own, n) => own.map((device) => device.must("create-personal-chat", { Receiver: pair[1 - n].id }))));
    assert.ok(answers.every(({ Ok }) => Ok));
    const lists = await Promise.all(devices.flat().map((device) => device.fetch("list-chats")));
    const ids = lists.map(({ PersonalChatList }) => PersonalChatList.map(({ _id }) => _id));
    assert.deepEqual([ids[0].length, new Set(ids.flat()).size], [1, 1]);
    for (const device of devices.flat()) device.close();
  }
});
