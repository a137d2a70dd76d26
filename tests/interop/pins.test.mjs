// Messages that are pinned for all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, Stage, state } from "./room.mjs";
import { hasKeys, refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const pin = (room, device, Seq, On = true) => room.change(device, "pin-message", { Seq, On }, On ? "Pinned" : "Unpinned");

for (const kind of ALL_KINDS) {
  test(`a pinned message says so, everywhere, until it is unpinned: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const { ChatId } = room;
    const said = await room.say(phone, "house rules");
    const pinned = await pin(room, phone, said.Seq);
    hasKeys(pinned, "Ok", "ChatId", "Seq", "Rev", "Message");
    const message = { ...said, Rev: pinned.Rev, Pinned: true };
    assert.deepEqual(pinned.Message, message);
    for (const [device] of room.devices) {
      assert.deepEqual(state(await room.shown(device, said.Seq)), state(message));
      assert.deepEqual(await device.must("fetch-pinned", { ChatId }), { Ok: true, ChatId, Messages: [message] });
      device.emit("fetch-pinned", { ChatId });
      assert.deepEqual(await device.next("pinned-messages"), { ChatId, Messages: [message] });
    }
    await room.repeats(phone, "pin-message", { Seq: said.Seq, On: true }, pinned);
    const back = await pin(room, phone, said.Seq, false);
    assert.deepEqual(back.Message, { ...said, Rev: pinned.Rev + 1 });
    assert.deepEqual((await phone.must("fetch-pinned", { ChatId })).Messages, []);
    await room.repeats(phone, "pin-message", { Seq: said.Seq, On: false }, back);
    room.leave();
  });
}

test("the latest pinned comes first, as it is now", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const said = [];
  for (const text of ["one", "two", "three"]) said.push(await room.say(phone, text));
  const [one, two, three] = said.map(({ Seq }) => Seq);
  for (const Seq of [two, three, one]) await pin(room, phone, Seq);
  const seqs = async () => (await bobs.must("fetch-pinned", { ChatId })).Messages.map(({ Seq }) => Seq);
  assert.deepEqual(await seqs(), [one, three, two]);
  await pin(room, phone, two, false);
  await pin(room, phone, two);
  await room.change(phone, "edit-message", { Seq: three, Content: "drei" }, "Edited");
  assert.deepEqual(await seqs(), [two, one, three]);
  const { Messages } = await bobs.must("fetch-pinned", { ChatId });
  assert.deepEqual([Messages[2].Content, Messages[2].Pinned], ["drei", true]);
  await room.change(phone, "delete-message", { Seq: one }, "Deleted");
  assert.deepEqual(await seqs(), [two, three]);
  room.leave();
});

test("own marks come with pinned messages to whoever made them", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "starred by bob");
  await pin(room, phone, Seq);
  const { My } = await room.mark(bobs, "star-message", { Seq, On: true });
  assert.deepEqual((await bobs.must("fetch-pinned", { ChatId })).Messages[0].My, My);
  assert.ok(!("My" in (await phone.must("fetch-pinned", { ChatId })).Messages[0]));
  room.leave();
});

test("in groups the owner pins, in a chat of two both", async () => {
  const group = await stage.room("Group");
  const [[phone], [bobs]] = group.devices;
  const { Seq } = await group.say(bobs, "bob's");
  for (const On of [true, false]) {
    await refused(bobs, "pin-message", [{ ChatId: group.ChatId, Seq, On }], "forbidden");
    // The caller's role comes before the message.
    await refused(bobs, "pin-message", [{ ChatId: group.ChatId, Seq: Seq + 1, On }], "forbidden");
    await refused(phone, "pin-message", [{ ChatId: group.ChatId, Seq: Seq + 1, On }], "not_found");
    await refused(phone, "pin-message", [{ ChatId: group.ChatId, Seq: 0, On }], "not_found");
  }
  await group.quiet();
  await pin(group, phone, Seq);
  await phone.must("change-admin", { ...group.name, Member: stage.bob.id });
  await refused(phone, "pin-message", [{ ChatId: group.ChatId, Seq, On: false }], "forbidden");
  await bobs.must("pin-message", { ChatId: group.ChatId, Seq, On: false });
  group.leave();

  const pair = await stage.room("Personal");
  const [[anns], [theirs]] = pair.devices;
  const said = await pair.say(anns, "ann's");
  await pin(pair, theirs, said.Seq);
  await pin(pair, anns, said.Seq, false);
  pair.leave();
});

test("somebody who joined later sees the pins that are visible", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const before = await room.say(phone, "before");
  await pin(room, phone, before.Seq);
  await phone.must("add-member", { ...room.name, Member: cat.id });
  const cats = await cat.connect();
  assert.deepEqual((await cats.must("fetch-pinned", { ChatId })).Messages, []);
  const { Seq } = await phone.must(room.send, { ...room.name, Content: "after" });
  await phone.must("pin-message", { ChatId, Seq, On: true });
  assert.deepEqual((await cats.must("fetch-pinned", { ChatId })).Messages.map((message) => message.Seq), [Seq]);
  assert.equal((await phone.must("fetch-pinned", { ChatId })).Messages.length, 2);
  cats.close();
  room.leave();
});

test("a chat has so many pins, also when many are pinned at once, and they survive a crash", async () => {
  const { server, bob } = stage;
  await server.restart({ settings: { "messages.pins": "3" } });
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const said = [];
  for (let n = 0; n < 6; n += 1) said.push(await room.say(phone, `${n}`));
  const answers = await Promise.all(said.map(({ Seq }) => phone.ask("pin-message", { ChatId, Seq, On: true })));
  assert.deepEqual(answers.map(({ Ok, Code }) => Ok || Code), [true, true, true, "too_large", "too_large", "too_large"]);
  for (const device of [...room.ownOthers(phone), ...room.others(phone)]) await device.take("message-changed", 3);
  await room.repeats(phone, "pin-message", { Seq: said[0].Seq, On: true }, answers[0]);
  await pin(room, phone, said[1].Seq, false);
  await pin(room, phone, said[5].Seq);
  await refused(phone, "pin-message", [{ ChatId, Seq: said[3].Seq, On: true }], "too_large");
  await server.restart({ signal: "SIGKILL" });
  const back = await bob.connect();
  const { Messages } = await back.must("fetch-pinned", { ChatId });
  assert.deepEqual(Messages.map(({ Content }) => Content), ["5", "2", "0"]);
  back.close();
});
