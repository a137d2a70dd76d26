// Whatever a client sends, it gets a clear refusal, the connection and the server stay, and nothing is stored.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";

import { io as io4 } from "socket.io-client";
import { io as io3 } from "socket.io-client-3";

import { band } from "./groups.mjs";
import { Polling, event } from "./polling.mjs";
import { Server } from "./server.mjs";
import { refused, refusedByAck, refusedByEvent } from "./shapes.mjs";

const NOBODY = "01890000-0000-7000-8000-000000000000";

let server, ann, bob, phone, bobs, connection, GroupId, ChatId;

before(async () => {
  server = await Server.start();
  const group = await band(server, "Ann", "Bob");
  ({ GroupId } = group);
  [ann, bob] = group.people;
  const [device] = group.devices;
  await device.must("create-personal-chat", { Receiver: bob.id });
  ({ ChatId } = await device.next("create-personal-chat-creator"));
  for (const device of group.devices) device.close();
});
after(() => server.close());

beforeEach(async () => {
  [phone, bobs] = [await ann.connect(), await bob.connect()];
  connection = phone.socket.id;
});

afterEach(async () => {
  assert.equal(phone.socket.id, connection, "the connection stays");
  for (const device of [phone, bobs]) {
    for (const [fetch, chat] of [
      ["fetch-self-chat", {}],
      ["fetch-personal-chat", { ChatId }],
      ["fetch-group-chat", { GroupId }],
    ]) {
      await device.quiet(fetch, chat);
      assert.deepEqual((await device.fetch(fetch, chat)).Messages, [], "nothing is stored");
    }
  }
  const { PersonalChatList } = await phone.fetch("list-chats");
  assert.equal(PersonalChatList.length, 1, "no chat began");
  phone.close();
  bobs.close();
});

/// A payload that each event takes, and under `optional` the fields that may be missing.
const events = () => ({
  "fetch-user-details": {},
  "list-chats": {},
  "fetch-self-chat": { optional: { Before: 1, Limit: 1 } },
  "search-user": { Name: "a", Type: "Search" },
  "check-chat": { Receiver: bob.id },
  "create-personal-chat": { Receiver: bob.id },
  "fetch-personal-chat": { ChatId, optional: { Before: 1, Limit: 1 } },
  "send-personal-message": { ChatId, Content: "no", optional: { ClientId: "x" } },
  "read-personal-message": { ChatId, optional: { Seq: 1 } },
  "send-self-message": { Content: "no", optional: { ClientId: "x" } },
  "create-group-chat": { Name: "No", Description: "", Participants: [] },
  "fetch-group-chat": { GroupId, optional: { Before: 1, Limit: 1 } },
  "send-group-message": { GroupId, Content: "no", optional: { ClientId: "x" } },
  "read-group-message": { GroupId, optional: { Seq: 1 } },
  "add-member": { GroupId, Member: NOBODY },
  "change-admin": { GroupId, Member: NOBODY },
  kickout: { GroupId, Member: NOBODY },
  "leave-grp": { GroupId },
  "delete-grp": { GroupId },
});

test("a payload that is no object is refused by every event", async () => {
  for (const event of Object.keys(events())) {
    for (const payload of [null, [], [{}], "text", "", 5, 0, true, false]) {
      await refused(phone, event, [payload], "bad_request");
    }
  }
});

test("a missing payload is refused by every event that needs one", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    if (Object.keys(needed).length === 0) continue;
    await refused(phone, event, [], "bad_request");
    await refused(phone, event, [{}], "bad_request");
  }
});

test("a second payload is refused by every event", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    await refused(phone, event, [needed, needed], "bad_request");
    await refused(phone, event, [needed, null], "bad_request");
  }
});

test("each field must be there and of its type", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    for (const field of Object.keys(needed)) {
      const { [field]: _, ...without } = needed;
      await refused(phone, event, [without], "bad_request");
      for (const wrong of [null, 5, true, {}, { $ne: null }, [5], [null], [[]]]) {
        await refused(phone, event, [{ ...needed, [field]: wrong }], "bad_request");
      }
    }
  }
});

test("an optional field that is there must be of its type", async () => {
  for (const [event, { optional = {}, ...needed }] of Object.entries(events())) {
    for (const field of Object.keys(optional)) {
      for (const wrong of [true, {}, [], [1], ...(field === "ClientId" ? [5] : ["1", 1.5])]) {
        await refused(phone, event, [{ ...needed, [field]: wrong }], "bad_request");
      }
    }
  }
});

test("bytes where an object or a text belongs are refused", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    await refused(phone, event, [Buffer.from("bytes")], "bad_request");
    for (const field of Object.keys(needed)) {
      await refused(phone, event, [{ ...needed, [field]: Buffer.from("bytes") }], "bad_request");
    }
  }
});

test("bytes are refused, whichever client sends them and however they travel", async () => {
  for (const client of [io4, io3]) {
    for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
      for (const forceBase64 of [false, true]) {
        const device = await ann.connect({ client, transports, forceBase64 });
        const first = device.socket.id;
        await refused(device, "send-self-message", [{ Content: Buffer.alloc(100) }], "bad_request");
        await refused(device, "no-such-event", [Buffer.alloc(0), Buffer.alloc(1)], "bad_request");
        assert.equal(device.socket.id, first, "the connection stays");
        device.close();
      }
    }
  }
});

test("bytes are refused as the Java client writes them, with line breaks", async () => {
  const polling = await Polling.open(server);
  await polling.send(`40${JSON.stringify(ann.tokens)}`);
  await polling.until((packet) => packet.startsWith('42["group-chat-list"'));
  const lines = `b${"QUJD".repeat(19)}\n${"QUJD".repeat(19)}\nQQ==\n`;
  await polling.send('451-7["send-self-message",{"Content":{"_placeholder":true,"num":0}}]', lines);
  const answer = (await polling.until((packet) => packet.startsWith("437"))).at(-1);
  assert.equal(JSON.parse(answer.slice(3))[0].Code, "bad_request");
  await polling.send('451-["send-self-message",{"_placeholder":true,"num":0}]', lines);
  const told = event((await polling.until((packet) => packet.startsWith("42["))).at(-1));
  assert.deepEqual([told[0], told[1].Event, told[1].Code], ["request-failed", "send-self-message", "bad_request"]);
  assert.equal(await polling.send("41", "1"), 200);
});

test("a text must not be empty, too long, or hold NUL or half a character", async () => {
  const sends = [
    ["send-self-message", {}],
    ["send-personal-message", { ChatId }],
    ["send-group-message", { GroupId }],
  ];
  for (const [event, chat] of sends) {
    for (const Content of ["", "\0", "a\0b", "\ud800", "a\udfffb"]) {
      await refused(phone, event, [{ ...chat, Content }], "bad_request");
    }
    for (const Content of ["a".repeat(16_385), "é".repeat(8_193), "a".repeat(60_000)]) {
      await refused(phone, event, [{ ...chat, Content }], "too_large");
    }
    for (const ClientId of ["", "k".repeat(65), "a\0b", "\ud800"]) {
      await refused(phone, event, [{ ...chat, Content: "no", ClientId }], "bad_request");
    }
  }
});

test("a group's name and description have their bounds", async () => {
  const group = { Name: "Band", Description: "", Participants: [] };
  for (const Name of ["", " ", "n".repeat(65), "a\0b", "\ud800"]) {
    await refused(phone, "create-group-chat", [{ ...group, Name }], "bad_request");
  }
  for (const Description of ["d".repeat(513), "a\0b"]) {
    await refused(phone, "create-group-chat", [{ ...group, Description }], "bad_request");
  }
  for (const Participants of ["", bob.id, { 0: bob.id }, [bob.id, 5], [[bob.id]]]) {
    await refused(phone, "create-group-chat", [{ ...group, Participants }], "bad_request");
  }
});

test("an id that names nothing is not found, whatever it looks like", async () => {
  const ids = [NOBODY, "", " ", "x", "%", "_", "(", "\\", "' OR 1=1 --", "../x", "__proto__", "é€😀", "9".repeat(500), GroupId.toUpperCase(), `{${GroupId}}`];
  for (const id of ids) {
    await refused(phone, "fetch-personal-chat", [{ ChatId: id }], "not_found");
    await refused(phone, "send-personal-message", [{ ChatId: id, Content: "no" }], "not_found");
    await refused(phone, "read-personal-message", [{ ChatId: id }], "not_found");
    for (const [event, more] of [
      ["fetch-group-chat", {}],
      ["send-group-message", { Content: "no" }],
      ["read-group-message", {}],
      ["add-member", { Member: bob.id }],
      ["change-admin", { Member: bob.id }],
      ["kickout", { Member: bob.id }],
      ["leave-grp", {}],
      ["delete-grp", {}],
    ]) {
      await refused(phone, event, [{ GroupId: id, ...more }], "not_found");
    }
  }
});

test("shape is checked before membership, and membership before role", async () => {
  await refused(phone, "send-personal-message", [{ ChatId: NOBODY, Content: "" }], "bad_request");
  await refused(phone, "kickout", [{ GroupId: NOBODY, Member: 5 }], "bad_request");
  await refused(bobs, "kickout", [{ GroupId: NOBODY, Member: ann.id }], "not_found");
  await refused(bobs, "kickout", [{ GroupId, Member: NOBODY }], "not_admin");
});

test("unknown events are refused by name", async () => {
  for (const event of ["nonsense", "", "Send-Self-Message", "send-self-message ", "__proto__", "constructor", "é€😀", "error", "sync-result"]) {
    for (const args of [[], [{}], [{ Content: "no" }], [null], ["a", "b"]]) {
      await refused(phone, event, args, "bad_request");
    }
  }
});

test("unknown fields are ignored, however odd", async () => {
  const odd = { constructor: 1, toString: null, Extra: { Nested: [1, [2, { Deep: true }]] }, "": "", "é€😀": 1 };
  await phone.must("fetch-user-details", odd);
  await phone.next("user-details");
  await phone.must("fetch-personal-chat", { ...odd, ChatId, Partner: 5 });
  await phone.next("personal-chat");
});

test("many refusals in one breath are all answered, in order", async () => {
  const asked = Array.from({ length: 100 }, (_, n) => `no-such-event-${n}`);
  for (const event of asked) phone.emit(event, {});
  const told = await phone.take("request-failed", asked.length);
  assert.deepEqual(told.map((failure) => failure.Event), asked);
});

test("what the protocol itself forbids ends that connection alone", async () => {
  const nested = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const faults = [
    `42["send-self-message",{"Content":"no","x":${nested(5_000)}}]`,
    `42["send-self-message",{"Content":"no"}`,
    '42["send-self-message",{"Content":"no"}] ]',
    "42{}",
    '42["connect",{}]',
    "4",
    "49",
    '42["send-self-message",{"Content":"\\x"}]',
    '451-["send-self-message",{"Content":{"_placeholder":true,"num":7}}]\x1e42["list-chats"]',
    "hello",
  ];
  for (const fault of faults) {
    const polling = await Polling.open(server, { authorization: `Bearer ${ann.tokens.accessToken}` });
    await polling.send("40");
    await polling.until((packet) => packet.includes("group-chat-list"));
    await polling.send(fault);
    const over = (frame) => frame === "1" || frame.startsWith("status 400");
    const told = await polling.poll();
    assert.ok(told.some(over) || (await polling.poll()).some(over), `${fault.slice(0, 60)}: ${told}`);
  }
});

test("a message over the transport's limit is never read", async () => {
  const polling = await Polling.open(server, { authorization: `Bearer ${ann.tokens.accessToken}` });
  await polling.send("40");
  await polling.until((packet) => packet.includes("group-chat-list"));
  const huge = JSON.stringify(["send-self-message", { Content: "x".repeat(200_000) }]);
  assert.equal(await polling.send(`42${huge}`), 413);
  assert.deepEqual(await polling.poll(), ["status 400"], "the session is over, and whoever polls learns of it");
  assert.equal(await polling.send('421["fetch-user-details"]'), 400);

  const device = await ann.connect();
  device.emit("send-self-message", { Content: "x".repeat(200_000) });
  assert.match(await device.next("disconnect"), /^transport (close|error)$/);
});

test("refusals with and without an acknowledgement do not mix", async () => {
  await refusedByAck(phone, "leave-grp", [{ GroupId }], "conflict");
  await phone.quiet();
  await refusedByEvent(phone, "leave-grp", [{ GroupId }], "conflict");
  await phone.quiet();
});
