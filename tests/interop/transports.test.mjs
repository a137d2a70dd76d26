// The published JavaScript clients of both protocol generations that are current, over each transport.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { io as io4 } from "socket.io-client";
import { io as io3 } from "socket.io-client-3";

import { Server } from "./server.mjs";
import { isLive, isStored } from "./shapes.mjs";

const CLIENTS = { "socket.io-client 4.8": io4, "socket.io-client 3.1": io3 };
const MODES = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };
const TEXT = 'é€😀 "\\ \u001e';

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

/// Waits until the client speaks over the transport of its mode.
function settled({ socket }, transports) {
  const { engine } = socket.io;
  const last = transports.at(-1);
  if (engine.transport.name === last) return undefined;
  return new Promise((resolve) => engine.once("upgrade", (transport) => resolve(assert.equal(transport.name, last))));
}

async function together(ann, bob, options) {
  const [anns, bobs] = [await ann.connect(options), await bob.connect(options)];
  await anns.must("create-personal-chat", { Receiver: bob.id });
  const { ChatId } = await anns.next("create-personal-chat-creator");
  await bobs.next("create-personal-chat-partner");
  return { anns, bobs, ChatId };
}

for (const [title, client] of Object.entries(CLIENTS)) {
  for (const [mode, transports] of Object.entries(MODES)) {
    test(`${title} by ${mode}: connect, send, receive, acknowledge, disconnect, reconnect`, async () => {
      const [ann, bob] = await server.people("Ann", "Bob");
      const { anns, bobs, ChatId } = await together(ann, bob, { client, transports });
      await Promise.all([settled(anns, transports), settled(bobs, transports)]);
      assert.equal(anns.socket.io.engine.transport.name, transports.at(-1));

      const stored = await anns.must("send-personal-message", { ChatId, Content: TEXT });
      isStored(stored, ChatId, 1);
      isLive(await bobs.next("receive-personal-message"), stored, ann, TEXT);
      bobs.emit("read-personal-message", { ChatId });
      assert.deepEqual(await anns.next("read-personal-msg-ack"), { ChatId, Reader: bob.id, Seq: 1 });

      const first = bobs.socket.id;
      const closed = new Promise((resolve) => bobs.socket.io.engine.once("close", resolve));
      bobs.close();
      assert.equal(await bobs.next("disconnect"), "io client disconnect");
      await closed;
      const missed = await anns.must("send-personal-message", { ChatId, Content: "meanwhile" });
      bobs.socket.connect();
      assert.equal((await bobs.next("user-id")).userId, bob.id);
      const { PersonalChatList } = await bobs.next("personal-chat-list");
      assert.equal(PersonalChatList[0].LastSeq, missed.Seq);
      assert.equal(PersonalChatList[0].Unread, 1);
      await bobs.next("group-chat-list");
      assert.notEqual(bobs.socket.id, first);
      const again = await anns.must("send-personal-message", { ChatId, Content: "welcome back" });
      isLive(await bobs.next("receive-personal-message"), again, ann, "welcome back");
      for (const device of [anns, bobs]) {
        await device.quiet("fetch-personal-chat", { ChatId });
        device.close();
      }
    });

    test(`${title} by ${mode}: a burst keeps its order, from the first packet on`, async () => {
      const [ann, bob] = await server.people("Ann", "Bob");
      const { anns, bobs, ChatId } = await together(ann, bob, { client, transports });
      const texts = Array.from({ length: 60 }, (_, n) => `${n} ${TEXT}`);
      const acks = await Promise.all(texts.map((Content) => anns.must("send-personal-message", { ChatId, Content })));
      assert.deepEqual(acks.map((ack) => ack.Seq), texts.map((_, n) => n + 1));
      const heard = await bobs.take("receive-personal-message", texts.length);
      assert.deepEqual(heard.map((message) => message.Content), texts);
      await Promise.all([settled(anns, transports), settled(bobs, transports)]);
      for (const device of [anns, bobs]) {
        await device.quiet("fetch-personal-chat", { ChatId });
        device.close();
      }
    });
  }
}

test("a refused namespace leaves the socket beside it alone", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  const elsewhere = device.socket.io.socket("/elsewhere");
  const refusal = await new Promise((resolve) => elsewhere.once("connect_error", resolve));
  assert.equal(refusal.message, "Invalid namespace");
  await device.quiet();
  device.close();
});
