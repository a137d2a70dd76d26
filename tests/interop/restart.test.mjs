// What is there after an orderly stop and after a crash.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

/// All that a person can see.
async function view(person, { ChatId, GroupId }) {
  const device = await person.connect();
  const seen = {
    ...device.opening,
    notes: await device.fetch("fetch-self-chat"),
    personal: await device.fetch("fetch-personal-chat", { ChatId }),
    group: await device.fetch("fetch-group-chat", { GroupId }),
  };
  device.close();
  return seen;
}

/// Three people with notes, a personal chat, a group, and some of it read.
async function history() {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
  const [phone, bobs, cats] = devices;
  await phone.must("create-personal-chat", { Receiver: people[1].id });
  const { ChatId } = await phone.next("create-personal-chat-creator");
  await phone.must("send-self-message", { Content: "note" });
  for (const Content of ["one", "two", "three"]) {
    await phone.must("send-personal-message", { ChatId, Content, ClientId: Content });
    await phone.must("send-group-message", { GroupId, Content, ClientId: Content });
  }
  await bobs.must("read-personal-message", { ChatId, Seq: 2 });
  await bobs.must("read-group-message", { GroupId, Seq: 1 });
  await cats.must("send-group-message", { GroupId, Content: "from cat" });
  await phone.must("kickout", { GroupId, Member: people[2].id });
  await phone.must("change-admin", { GroupId, Member: people[1].id });
  return { ChatId, GroupId, people, devices };
}

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`after ${signal} everybody finds what they had, and goes on from there`, async () => {
    const { people, devices, ...chats } = await history();
    const [ann, bob, cat] = people;
    const before = [await view(ann, chats), await view(bob, chats)];
    await server.restart({ signal });
    for (const device of devices) assert.match(await device.next("disconnect"), /^transport (close|error)$/);
    assert.deepEqual([await view(ann, chats), await view(bob, chats)], before);
    assert.equal(before[1].personal.Messages.length, 3);
    assert.equal(before[1].group.Admin, bob.id);
    assert.deepEqual((await cat.connect()).opening.groups, []);

    const [phone, bobs] = [await ann.connect(), await bob.connect()];
    const { ChatId, GroupId } = chats;
    const repeat = await phone.must("send-personal-message", { ChatId, Content: "three", ClientId: "three" });
    assert.equal(repeat.Seq, 3);
    const next = await phone.must("send-personal-message", { ChatId, Content: "four", ClientId: "four" });
    assert.equal(next.Seq, 4);
    assert.equal((await bobs.next("receive-personal-message")).Seq, 4);
    const again = await phone.must("send-group-message", { GroupId, Content: "two", ClientId: "two" });
    assert.equal(again.Seq, 2);
    await bobs.quiet("fetch-personal-chat", { ChatId });
    await bobs.quiet("fetch-group-chat", { GroupId });
    await bobs.must("kickout", { GroupId, Member: ann.id });
  });
}

test("a crash takes back nothing that was acknowledged or heard", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [phone, bobs] = devices;
  const acknowledged = [];
  const said = Array.from({ length: 200 }, (_, n) => n + 1);
  for (const n of said) {
    phone.socket.emit("send-group-message", { GroupId, Content: `${n}`, ClientId: `${n}` }, (answer) => {
      if (answer.Ok) acknowledged.push(answer);
    });
  }
  const heard = await bobs.take("receive-group-message", 20);
  await server.restart({ signal: "SIGKILL" });
  await bobs.next("disconnect");
  heard.push(...(await bobs.take("receive-group-message", bobs.untaken.filter((name) => name.startsWith("receive")).length)));

  const back = await people[0].connect();
  const { Messages } = await back.fetch("fetch-group-chat", { GroupId, Limit: 200 });
  const kept = new Map(Messages.map((message) => [message._id, message]));
  for (const { _id, Seq } of [...acknowledged, ...heard]) assert.equal(kept.get(_id)?.Seq, Seq);
  assert.deepEqual(Messages.map((message) => message.Seq).toReversed(), said.slice(0, Messages.length));

  for (const n of said) await back.ask("send-group-message", { GroupId, Content: `${n}`, ClientId: `${n}` });
  const whole = await back.fetch("fetch-group-chat", { GroupId, Limit: 200 });
  assert.deepEqual(whole.Messages.map((message) => message.Content).toReversed(), said.map(String));
});

test("a client that reconnects by itself comes back after a restart", async () => {
  const { port } = new URL(server.url);
  const [ann] = await server.people("Ann");
  const device = await ann.connect({ reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
  await server.restart({ settings: { "server.listen": `127.0.0.1:${port}` } });
  assert.match(await device.next("disconnect"), /^transport (close|error)$/);
  assert.equal((await device.next("user-id")).userId, ann.id);
  await device.next("group-chat-list");
  await device.must("send-self-message", { Content: "back" });
  device.close();
});

test("the first signal after the first word stops the server in order", async () => {
  const own = await Server.start();
  try {
    // Anything but exit code 0 is an error there.
    for (const signal of ["SIGTERM", "SIGINT", "SIGTERM", "SIGINT"]) await own.restart({ signal });
  } finally {
    await own.close();
  }
});
