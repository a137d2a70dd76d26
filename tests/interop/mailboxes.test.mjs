// Each class of actors with a mailbox as small as can be: what its setting says happens, its number tells, and nobody else is harmed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";

const FLOOD = 400;
const ROUNDS = 20;
const CHATS = 40;
/// Much more than what the kernel takes for a socket that is not read.
const UNREAD = 48 * 1024 * 1024;

/// A server with these settings, for one test.
async function withSettings(settings, use) {
  const server = await Server.start(settings);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

const times = (count, make) => Array.from({ length: count }, (_, n) => make(n));

/// Floods until somebody is told busy, `asks` making one round, with `meanwhile` amid each. Nothing else may be said, and the class
/// `label` must have counted every refusal.
async function busy(server, label, asks, meanwhile) {
  let refused = 0;
  for (let round = 0; round < ROUNDS && refused === 0; round += 1) {
    const asked = asks();
    await meanwhile();
    const answers = await Promise.all(asked);
    const others = answers.filter((answer) => !answer.Ok && answer.Code !== "busy");
    assert.deepEqual(others, [], "only Ok and busy");
    refused += answers.filter((answer) => !answer.Ok).length;
  }
  assert.ok(refused > 0, "somebody was told busy");
  const numbers = await server.numbers();
  assert.equal(numbers.of("greenroom_mailbox_capacity", { class: label }), 1);
  assert.equal(numbers.of("greenroom_refusals_total", { class: label, code: "busy" }), refused);
  assert.equal(numbers.of("greenroom_refusals_total"), refused, "no other class refused");
  assert.equal((await server.admin("/health/ready")).status, 200);
}

test("a full chat refuses as busy, and other chats know nothing of it", async () => {
  await withSettings({ "actors.chat.mailbox_capacity": "1" }, async (server) => {
    const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
    const [ann, bob, cat] = devices;
    const asks = () => times(FLOOD, (n) => bob.ask("send-group-message", { GroupId, Content: `${n}` }));
    await busy(server, "chat", asks, () => cat.must("send-self-message", { Content: "meanwhile" }));
    await ann.must("kickout", { GroupId, Member: people[1].id });
  });
});

test("a full shard of the registry refuses as busy, and what needs no chat goes on", async () => {
  await withSettings({ "actors.registry.mailbox_capacity": "1", "actors.arbiters": "1" }, async (server) => {
    const { GroupId, devices } = await band(server, "Ann", "Bob", "Cat", "Dan");
    const ask = (device, n) => device.ask("send-group-message", { GroupId, Content: `${n}` });
    const asks = () => times(FLOOD, (n) => ask(devices[n % devices.length], n));
    await busy(server, "registry", asks, () => devices[0].must("list-chats", {}));
    assert.equal((await ask(devices[0], "afterwards")).Ok, true);
  });
});

test("a full writer refuses as busy, nobody is shown what it did not take, and reading goes on", async () => {
  await withSettings({ "actors.writer.mailbox_capacity": "1" }, async (server) => {
    // What one chat decides in a row is one record, so it takes many chats.
    const { people, devices } = await band(server, "Ann", "Bob", "Cat", "Dan");
    const Participants = people.map((person) => person.id);
    const found = (n) => devices[0].must("create-group-chat", { Name: `${n}`, Description: "", Participants });
    const groups = await Promise.all(times(CHATS, found));
    await devices[3].take("create-group-chat-receiver", CHATS);
    const answers = [];
    const ask = async (device, n) => {
      const { GroupId } = groups[n % CHATS];
      const answer = await device.ask("send-group-message", { GroupId, Content: `${n}` });
      answers.push(answer);
      return answer;
    };
    const asks = () => times(FLOOD, (n) => ask(devices[n % 3], n));
    await busy(server, "writer", asks, () => devices[0].must("list-chats", {}));
    const stored = answers.filter((answer) => answer.Ok).map((answer) => answer._id);
    const heard = await devices[3].take("receive-group-message", stored.length);
    assert.deepEqual(new Set(heard.map((message) => message._id)), new Set(stored));
    await devices[3].quiet();
  });
});

test("the socket of a session whose mailbox is full is not read for a while, and nothing of it is lost", async () => {
  await withSettings({ "actors.session.mailbox_capacity": "1" }, async (server) => {
    const { devices } = await band(server, "Ann", "Bob");
    const [ann, bob] = devices;
    const order = [];
    const asked = times(FLOOD, async (n) => {
      await ann.must("search-user", { Name: `nobody ${n}`, Type: "Search" });
      order.push(n);
    });
    await bob.must("send-self-message", { Content: "meanwhile" });
    await Promise.all(asked);
    assert.deepEqual(order, times(FLOOD, (n) => n), "each is answered, in order");
    const numbers = await server.numbers();
    assert.equal(numbers.of("greenroom_mailbox_capacity", { class: "session" }), 1);
    assert.ok(numbers.of("greenroom_reading_paused_total") > 0);
    assert.equal(numbers.of("greenroom_refusals_total"), 0);
    assert.equal(numbers.of("greenroom_disconnects_total"), 0);
  });
});

test("a client that does not read is disconnected at its bound of bytes, and the others hear everything", async (t) => {
  const bound = 1024 * 1024;
  await withSettings({ "actors.session.outbound_bytes": `${bound}` }, async (server) => {
    const { GroupId, people, devices } = await band(server, "Ann", "Bob", "Cat");
    const [ann, bob, cat] = devices;
    const line = bob.socket.io.engine.transport.ws._socket.pause();
    // A socket that is not read does not notice its end.
    t.after(() => line.destroy());
    const Content = "x".repeat(16_000);
    let said = 0;
    const ended = async () => (await server.numbers()).of("greenroom_disconnects_total", { reason: "slow reader" });
    while ((await ended()) === 0) {
      assert.ok(said * Content.length < UNREAD, "disconnected in time");
      const { length } = await Promise.all(times(20, () => ann.must("send-group-message", { GroupId, Content })));
      said += length;
      await cat.take("receive-group-message", length);
    }
    const numbers = await server.numbers();
    assert.equal(await ended(), 1);
    assert.equal(numbers.of("greenroom_outbound_capacity_bytes"), bound);
    assert.ok(numbers.of("greenroom_outbound_queued_bytes") <= 3 * bound, "what waited is given back");
    const back = await people[1].connect();
    assert.equal(back.opening.groups[0].LastSeq, said, "nothing is lost to the slow one");
  });
});
