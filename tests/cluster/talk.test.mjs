// People whose devices are at different nodes talk: everybody hears everything once, and all nodes show the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, Stage, state } from "../interop/room.mjs";
import { isStored } from "../interop/shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

for (const kind of ALL_KINDS) {
  test(`what each device says all others hear, own ones too, whatever node they are at: ${kind}`, async () => {
    const room = await stage.room(kind);
    const devices = room.devices.flat();
    const uris = new Set(devices.map((device) => device.socket.io.uri));
    assert.equal(uris.size, Math.min(devices.length, stage.server.nodes.length), "they are spread over the nodes");
    const said = [];
    for (const [n, device] of devices.entries()) {
      const ClientId = `${kind} ${n}`;
      const { Ok, ...stored } = await device.must(room.send, { ...room.name, Content: `hello ${n}`, ClientId });
      isStored({ Ok, ...stored }, room.ChatId, n + 1);
      if (devices.length > 1) said.unshift(await room.hears(device, stored));
      const [other] = room.ownOthers(device);
      const again = await other.ask(room.send, { ...room.name, Content: `hello ${n}`, ClientId });
      assert.deepEqual(again, { Ok, ...stored, Repeat: true }, "asked again at another node");
    }
    for (const device of devices) {
      const { Messages } = await room.page(device);
      assert.deepEqual(Messages.map(state), said.map(state));
      assert.equal((await room.row(device))?.LastSeq, kind === "Self" ? undefined : devices.length);
    }
    await room.quiet();
    room.leave();
  });

  test(`who was away gets what was said at other nodes: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone, laptop]] = room.devices;
    const { Seq } = await room.say(phone, "before");
    const person = room.person(laptop);
    laptop.close();
    const missed = [];
    for (const Content of ["one", "two"]) missed.push(await phone.must(room.send, { ...room.name, Content }));
    for (const number of stage.server.nodes.keys()) {
      const back = await stage.server.connect(person, number);
      const { Messages, HasMore, LastSeq } = await room.missed(back, Seq);
      assert.deepEqual([Messages.map(({ _id }) => _id), HasMore], [missed.map(({ _id }) => _id), false]);
      assert.equal(LastSeq, missed.at(-1).Seq);
      back.close();
    }
    room.leave();
  });
}

test("what is read at one node is read at all", async () => {
  for (const kind of ["Personal", "Group"]) {
    const room = await stage.room(kind);
    const [[phone], theirs] = room.devices;
    await room.say(phone, "unread");
    const last = await room.say(phone, "unread too");
    const told = await room.reads(theirs[1]);
    assert.deepEqual(told, { ChatId: room.ChatId, Seq: last.Seq, Unread: 0, Mentioned: 0 });
    for (const device of room.devices.flat()) {
      const { Messages } = await room.page(device, { Limit: 1 });
      assert.equal(Messages[0].ReadStatus[room.people[1].id], "Read");
    }
    for (const device of theirs) {
      const { Unread, ReadSeq } = await room.row(device);
      assert.deepEqual([Unread, ReadSeq], [0, last.Seq]);
    }
    await room.quiet();
    room.leave();
  }
});
