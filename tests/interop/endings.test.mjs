// Whatever the server ends a connection for: the published JavaScript clients come back by themselves, over each transport.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { io as io4 } from "socket.io-client";
import { io as io3 } from "socket.io-client-3";

import { Echo } from "./echo.mjs";

const CLIENTS = { "socket.io-client 4.8": io4, "socket.io-client 3.1": io3 };
const MODES = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };
const PATIENCE_MS = 20_000;
/// Who answers no ping is gone after a ping interval and this.
const PING_TIMEOUT_MS = "1000";
const OVER_MAX_PAYLOAD = "x".repeat(1_000_001);

let echo;
before(async () => (echo = await Echo.start({ pingTimeout: PING_TIMEOUT_MS })));
after(() => echo.close());

function heard(emitter, event) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event}`)), PATIENCE_MS);
    emitter.once(event, (...args) => {
      clearTimeout(late);
      resolve(args);
    });
  });
}

/// What ends a connection, and what a client says that has lived through it.
const ENDINGS = {
  "a packet of Engine.IO that is none": ({ io: { engine } }) => engine.transport.send([{ type: "noop" }, { type: "ping" }]),
  "a packet of Socket.IO that is none": ({ io: { engine } }) => engine.send("abc"),
  "too many attachments": ({ io: { engine } }) => engine.send('511-["message"]'),
  "more than the server takes": (socket) => socket.emit("message", OVER_MAX_PAYLOAD),
  "no answer to a ping": ({ io: { engine } }) => {
    const send = engine._sendPacket ? "_sendPacket" : "sendPacket";
    const original = engine[send].bind(engine);
    engine[send] = (type, ...rest) => (type === "pong" ? undefined : original(type, ...rest));
  },
};

async function comesBack(io, transports, end) {
  const socket = io(echo.url, { transports, forceNew: true, reconnectionDelay: 10 });
  await heard(socket, "auth");
  const { engine } = socket.io;
  if (engine.transport.name !== transports.at(-1)) await heard(engine, "upgrade");
  const first = socket.id;
  const [gone, back] = [heard(socket, "disconnect"), heard(socket, "auth")];
  end(socket);
  const [reason] = await gone;
  assert.ok(["transport close", "transport error"].includes(reason), reason);
  await back;
  assert.notEqual(socket.id, first);
  const answered = heard(socket, "message-back");
  socket.emit("message", "still here");
  assert.deepEqual(await answered, ["still here"]);
  socket.close();
}

for (const [what, end] of Object.entries(ENDINGS)) {
  test(`after ${what} every client comes back`, async () => {
    const all = Object.values(CLIENTS).flatMap((io) => Object.values(MODES).map((transports) => comesBack(io, transports, end)));
    await Promise.all(all);
  });
}

test("a client that cannot send binary frames sends binary all the same", async () => {
  for (const io of Object.values(CLIENTS)) {
    for (const transports of Object.values(MODES)) {
      const socket = io(echo.url, { transports, forceNew: true, forceBase64: true });
      await heard(socket, "auth");
      const args = [Buffer.from([1, 2, 3]), { deep: Buffer.alloc(100, 7) }];
      const answered = heard(socket, "message-back");
      socket.emit("message", ...args);
      assert.deepEqual(await answered, args);
      socket.close();
    }
  }
});
