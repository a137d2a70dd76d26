// One person, many devices.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

test("every other device hears each own message once, in each kind of chat", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [ann, bob] = people;
  const [phone, bobs] = devices;
  await phone.must("create-personal-chat", { Receiver: bob.id });
  const { ChatId } = await phone.next("create-personal-chat-creator");
  await bobs.next("create-personal-chat-partner");
  const others = await Promise.all(Array.from({ length: 5 }, () => ann.connect()));
  const journey = [
    ["send-self-message", {}, "sent-self-message", undefined, "fetch-self-chat"],
    ["send-personal-message", { ChatId }, "sent-personal-message", "receive-personal-message", "fetch-personal-chat"],
    ["send-group-message", { GroupId }, "sent-group-message", "receive-group-message", "fetch-group-chat"],
  ];
  for (const [send, chat, sent, received, fetch] of journey) {
    const stored = await phone.must(send, { ...chat, Content: "x" });
    for (const device of others) assert.equal((await device.next(sent))._id, stored._id);
    if (received) assert.equal((await bobs.next(received))._id, stored._id);
    for (const device of [phone, ...others]) await device.quiet(fetch, chat);
  }
  await bobs.quiet();
});

test("a device that is gone is not missed, and the rest hear on", async () => {
  const [ann] = await server.people("Ann");
  const [phone, laptop, tablet] = [await ann.connect(), await ann.connect(), await ann.connect()];
  laptop.socket.io.engine.close();
  tablet.close();
  await laptop.next("disconnect");
  const desktop = await ann.connect();
  await phone.must("send-self-message", { Content: "still here" });
  assert.equal((await desktop.next("sent-self-message")).Content, "still here");
});

test("who was offline finds everything on coming back", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [phone, bobs] = devices;
  bobs.close();
  await phone.must("create-personal-chat", { Receiver: people[1].id });
  const { ChatId } = await phone.next("create-personal-chat-creator");
  await phone.must("send-personal-message", { ChatId, Content: "missed one" });
  await phone.must("send-group-message", { GroupId, Content: "missed two" });

  const back = await people[1].connect();
  assert.deepEqual(back.opening.personal.map(({ _id, Unread }) => ({ _id, Unread })), [{ _id: ChatId, Unread: 1 }]);
  assert.deepEqual(back.opening.groups.map(({ _id, Unread }) => ({ _id, Unread })), [{ _id: GroupId, Unread: 1 }]);
  const personal = await back.fetch("fetch-personal-chat", { ChatId });
  const group = await back.fetch("fetch-group-chat", { GroupId });
  assert.deepEqual([...personal.Messages, ...group.Messages].map((message) => message.Content), ["missed one", "missed two"]);
  await back.quiet();
});

test("a client reads its own writes without waiting for their acknowledgement", async () => {
  const { GroupId, devices } = await band(server, "Ann", "Bob");
  const [phone] = devices;
  for (let n = 1; n <= 20; n += 1) {
    phone.emit("send-group-message", { GroupId, Content: `${n}` });
    const { Messages } = await phone.fetch("fetch-group-chat", { GroupId, Limit: 1 });
    assert.equal(Messages[0].Content, `${n}`);
  }
});
