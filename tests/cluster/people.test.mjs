// Names, pictures of oneself, preferences and blocks across nodes; and, where there is a bus, who is online, who types, and what has arrived.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage } from "../interop/room.mjs";
import { limit } from "./limits.mjs";
import { BUS, NODES } from "./nodes.mjs";

const NAMED_MS = 5_000;
const skip = NODES > 1 && !BUS && "NOT TESTED: presence and typing go by the bus alone";

let stage, server;
before(async () => {
  stage = await Stage.open({ "presence.interval": "1s", "presence.grace": "2s" });
  ({ server } = stage);
});
after(() => stage?.close());

/// Two who share a chat of two, and a device of each at every node.
async function pair() {
  const [dan, eli] = await server.people("Dan", "Eli");
  const [dans, elis] = await Promise.all([dan, eli].map((person) => server.everywhere(person)));
  await dans[0].must("create-personal-chat", { Receiver: eli.id });
  const { ChatId } = await dans[0].next("create-personal-chat-creator");
  for (const device of [...dans.slice(1), ...elis]) await device.next("create-personal-chat-partner");
  const close = () => [...dans, ...elis].forEach((device) => device.close());
  return { dan, eli, dans, elis, ChatId, close };
}

test("messages carry a new name within five seconds, at whatever node they are said and heard", async () => {
  const { dan, dans, elis, ChatId, close } = await pair();
  const Name = `${dan.name} the Great`;
  const { Profile } = await dans[0].must("edit-profile", { Name });
  for (const device of dans.slice(1)) assert.deepEqual(await device.next("profile-changed"), { Profile });
  const begun = performance.now();
  for (const device of dans) {
    for (let named = false; !named; ) {
      await device.must("send-personal-message", { ChatId, Content: "who is it?" });
      const told = await Promise.all(elis.map((other) => other.next("receive-personal-message")));
      named = told.every(({ Sender }) => Sender === Name);
      assert.ok(named || performance.now() - begun < limit(NAMED_MS), JSON.stringify(told));
    }
  }
  for (const device of elis) {
    const { Profiles } = await device.must("fetch-profiles", { Users: [dan.id] });
    assert.equal(Profiles[0].Name, Name);
    assert.equal((await device.fetch("list-chats")).PersonalChatList[0].Partner, Name);
  }
  close();
});

test("what one sets for oneself at one node one's devices at all nodes hear, and nobody else", async () => {
  const { eli, dans, elis, ChatId, close } = await pair();
  const [phone, ...others] = dans;
  const heard = async (name, expected) => {
    for (const device of others) assert.deepEqual(await device.next(name), expected);
  };
  const { Prefs } = await phone.must("set-chat-prefs", { ChatId, Archived: true, Mute: 3_600 });
  await heard("chat-prefs", { ChatId, Prefs });
  const { Privacy } = await phone.must("set-privacy", { ReadReceipts: false });
  await heard("privacy-changed", { Privacy });
  await phone.must("block-user", { User: eli.id, On: true });
  await heard("user-blocked", { User: eli.id, On: true });
  await phone.must("block-user", { User: eli.id, On: false });
  await heard("user-blocked", { User: eli.id, On: false });
  const { Seq } = await elis[0].must("send-personal-message", { ChatId, Content: "hello" });
  for (const device of [...dans, ...elis.slice(1)]) await device.either("receive-personal-message", "sent-personal-message");
  const { My } = await phone.must("star-message", { ChatId, Seq, On: true });
  await heard("message-mine", { ChatId, Seq, My });
  await phone.must("read-personal-message", { ChatId });
  await heard("chat-read", { ChatId, Seq, Unread: 0, Mentioned: 0 });
  for (const device of [...dans, ...elis]) await device.quiet("fetch-personal-chat", { ChatId });
  close();
});

test("a hidden chat comes back at all nodes before the message that brings it", async () => {
  const { dans, elis, ChatId, close } = await pair();
  for (const [at, device] of dans.entries()) {
    await device.must("set-chat-prefs", { ChatId, Hidden: true });
    for (const other of dans) if (other !== device) await other.next("chat-prefs");
    await elis[(at + 1) % elis.length].must("send-personal-message", { ChatId, Content: "peek-a-boo" });
    for (const other of dans) {
      const names = ["create-personal-chat-partner", "receive-personal-message"];
      assert.equal((await other.either(...names)).name, names[0], "it is back");
      await other.next("receive-personal-message");
      await other.next("chat-prefs");
    }
  }
  close();
});

test("coming and going is told at every node", { skip }, async () => {
  const { dan, eli, dans, elis, close } = await pair();
  for (const device of elis) device.close();
  const rows = async (device) => (await device.must("watch-presence", { Users: [eli.id] })).Users;
  for (const device of dans) await rows(device);
  /// The last that is told of Eli, once it is this.
  const isOnline = async (device, Online) => {
    for (let row; row?.Online !== Online; ) row = (await device.next("presence")).Users.find(({ _id }) => _id === eli.id);
  };
  await Promise.all(dans.map((device) => isOnline(device, false)));
  const back = await server.connect(eli, 1);
  await Promise.all(dans.map((device) => isOnline(device, true)));
  for (const device of dans) assert.deepEqual(await rows(device), [{ _id: eli.id, Online: true }]);
  const more = await server.connect(eli, 2);
  back.close();
  more.close();
  await Promise.all(dans.map((device) => isOnline(device, false)));
  assert.ok((await rows(dans[0]))[0].LastSeen, `${dan.name} sees when`);
  close();
});

test("whoever types is told of at every node, and so is that it ends", { skip }, async () => {
  const { dan, dans, elis, ChatId, close } = await pair();
  const heard = async (On) => {
    for (const device of elis) assert.deepEqual(await device.next("typing"), { ChatId, User: dan.id, Name: dan.name, On, ExpiresIn: 6 });
  };
  for (const device of dans) {
    await device.must("typing", { ChatId, On: true });
    await heard(true);
    await device.must("typing", { ChatId, On: false });
    await heard(false);
  }
  close();
});

test("what has arrived at one node is told at the partner's", { skip }, async () => {
  const { eli, dans, elis, ChatId, close } = await pair();
  const { Seq } = await dans[0].must("send-personal-message", { ChatId, Content: "knock" });
  for (const device of elis) await device.next("receive-personal-message");
  await elis.at(-1).must("delivered", { ChatId, Seq });
  for (const device of dans) assert.deepEqual(await device.next("delivered-ack"), { ChatId, User: eli.id, Seq });
  close();
});
