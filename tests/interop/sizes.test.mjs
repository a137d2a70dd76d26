// What chats hold at its largest: every answer comes, in pieces where it can, and the connection stays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage } from "./room.mjs";

/// As long as a text can be, and six times as long in JSON.
const LONGEST = "\u0001".repeat(16_384);
const COUNT = 50;

let stage, room, phone, said;
before(async () => {
  stage = await Stage.open();
  room = await stage.room("Group");
  [[phone]] = room.devices;
  for (const device of [...room.ownOthers(phone), ...room.others(phone)]) device.close();
  said = [];
  for (let n = 0; n < COUNT; n += 1) said.push((await phone.must(room.send, { ...room.name, Content: LONGEST })).Seq);
});
after(() => stage?.close());

test("all that can be pinned can be asked for", async () => {
  const { ChatId } = room;
  for (const Seq of said) await phone.must("pin-message", { ChatId, Seq, On: true });
  const { Messages } = await phone.must("fetch-pinned", { ChatId });
  assert.deepEqual(Messages.map(({ Seq }) => Seq), said.toReversed());
  assert.ok(Messages.every(({ Content }) => Content === LONGEST));
  assert.ok(phone.socket.connected);
});

test("stars come in pages that miss nothing", async () => {
  for (const Seq of said) await phone.must("star-message", { ChatId: room.ChatId, Seq, On: true });
  const found = [];
  let Cursor;
  do {
    const page = await phone.must("fetch-starred", { Limit: 100, ...(Cursor && { Cursor }) });
    assert.ok(page.Messages.length > 0);
    found.push(...page.Messages.map(({ Seq }) => Seq));
    Cursor = page.HasMore ? page.Cursor : undefined;
  } while (Cursor);
  assert.deepEqual(found, said.toReversed());
  assert.ok(phone.socket.connected);
});

test("whoever missed all changes of several chats gets them in answers that are bounded", async () => {
  const self = await stage.room("Self", undefined, room);
  for (let n = 0; n < COUNT; n += 1) {
    const { Seq } = await phone.must(self.send, { Content: "short" });
    await phone.must("edit-message", { ChatId: self.ChatId, Seq, Content: LONGEST });
  }
  const positions = Object.fromEntries([room, self].map(({ ChatId }) => [ChatId, { Seq: COUNT, Rev: 0, Own: 0 }]));
  const changed = new Map(Object.keys(positions).map((id) => [id, []]));
  for (let more = true; more; ) {
    const answer = await phone.must("sync", { Chats: positions, Limit: 200 });
    assert.ok(JSON.stringify(answer).length <= 512 * 1024, "half of what may wait for a socket");
    more = false;
    for (const { Id, Rev, Own, Changed, ChangedMore, HasMore } of answer.Chats.filter(({ Id }) => positions[Id])) {
      changed.get(Id).push(...Changed.map(({ Seq }) => Seq));
      Object.assign(positions[Id], { Rev, Own });
      more ||= ChangedMore || HasMore;
    }
  }
  for (const seqs of changed.values()) assert.deepEqual(seqs, said);
  assert.ok(phone.socket.connected);
});
