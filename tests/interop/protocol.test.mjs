// The protocol without the chat: the published JavaScript clients against the conformance server, over each transport.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { io as io4 } from "socket.io-client";
import { io as io3 } from "socket.io-client-3";

import { Echo } from "./echo.mjs";

const CLIENTS = { "socket.io-client 4.8": io4, "socket.io-client 3.1": io3 };
const MODES = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };
const PATIENCE_MS = 10_000;
const LARGE = 200_000;
const bytes = (...values) => Buffer.from(values);

/// What clients say, and must hear again as it was.
const ARGUMENTS = {
  nothing: [],
  numbers: [0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER],
  "all of JSON": [null, true, "text", [1, [2, []]], { a: { b: [{}] } }],
  emoji: ["é€😀", { "😀": "\u0000\u001e\"\\" }],
  "nested binary": [bytes(1, 2, 3), { deep: [{ er: bytes() }, bytes(0, 255)] }, "and text"],
  "200 KB of text": ["x".repeat(LARGE)],
  "200 KB of bytes": [Buffer.alloc(LARGE, 7)],
};

let echo;
before(async () => (echo = await Echo.start()));
after(() => echo.close());

/// The arguments of the next `event`, or a failure that names it.
function heard(emitter, event) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event}`)), PATIENCE_MS);
    emitter.once(event, (...args) => {
      clearTimeout(late);
      resolve(args);
    });
  });
}

/// Emits, and waits for what comes back.
function asked(socket, answer, event, ...args) {
  const answered = heard(socket, answer);
  socket.emit(event, ...args);
  return answered;
}

function acknowledged(socket, event, ...args) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ack of ${event}`)), PATIENCE_MS);
    socket.emit(event, ...args, (...answer) => {
      clearTimeout(late);
      resolve(answer);
    });
  });
}

/// A client that is connected and speaks over the transport of its mode.
async function connected(io, transports, options = {}) {
  const socket = io(echo.url, { transports, forceNew: true, auth: { token: "t" }, reconnectionDelay: 10, ...options });
  const [auth] = await heard(socket, "auth");
  assert.deepEqual(auth, { token: "t" });
  await upgraded(socket, transports);
  return socket;
}

async function upgraded(socket, transports) {
  const { engine } = socket.io;
  if (engine.transport.name !== transports.at(-1)) await heard(engine, "upgrade");
  assert.equal(engine.transport.name, transports.at(-1));
}

for (const [title, io] of Object.entries(CLIENTS)) {
  for (const [mode, transports] of Object.entries(MODES)) {
    const by = `${title} by ${mode}`;

    for (const [what, args] of Object.entries(ARGUMENTS)) {
      test(`${by}: ${what}, as event, as ack, and asked by the server`, async () => {
        const socket = await connected(io, transports);
        assert.deepEqual(await asked(socket, "message-back", "message", ...args), args);
        assert.deepEqual(await acknowledged(socket, "message-with-ack", ...args), args);
        socket.once("ask", (...all) => {
          const answer = all.pop();
          assert.deepEqual(all, args);
          answer(...args);
        });
        assert.deepEqual(await asked(socket, "ask-result", "ask", ...args), args);
        socket.close();
      });
    }

    test(`${by}: a question without an answer times out`, async () => {
      const socket = await connected(io, transports);
      assert.deepEqual(await asked(socket, "ask-result", "ask", "anybody?"), ["timeout"]);
      socket.close();
    });

    test(`${by}: a thousand events keep their order, from the first packet on`, async () => {
      const socket = io(echo.url, { transports, forceNew: true });
      const numbers = Array.from({ length: 1000 }, (_, n) => n);
      const all = [];
      socket.on("message-back", (n) => all.push(n));
      for (const n of numbers) socket.emit("message", n);
      // The answer to the last event comes after all the others.
      await acknowledged(socket, "message-with-ack");
      assert.deepEqual(all, numbers);
      await upgraded(socket, transports);
      socket.close();
    });

    test(`${by}: a client that was cut off comes back`, async () => {
      const socket = await connected(io, transports);
      const first = socket.id;
      const gone = heard(socket, "disconnect");
      const back = heard(socket, "auth");
      socket.io.engine.close();
      await gone;
      await back;
      assert.notEqual(socket.id, first);
      assert.deepEqual(await asked(socket, "message-back", "message", 1), [1]);
      socket.close();
    });

    test(`${by}: the server disconnects a client, and it may connect again`, async () => {
      const socket = await connected(io, transports);
      assert.equal((await asked(socket, "disconnect", "kick"))[0], "io server disconnect");
      const back = heard(socket, "auth");
      socket.connect();
      await back;
      assert.deepEqual(await acknowledged(socket, "message-with-ack", 2), [2]);
      socket.close();
    });

    test(`${by}: an unknown namespace is refused, and others on the connection are not`, async () => {
      const socket = await connected(io, transports);
      const unknown = socket.io.socket("/unknown", {});
      const refused = heard(unknown, "connect_error");
      assert.equal((await refused)[0].message, "Invalid namespace");
      const custom = socket.io.socket("/custom", {});
      const welcome = heard(custom, "auth");
      assert.deepEqual(await welcome, [{}]);
      assert.deepEqual(await asked(socket, "message-back", "message", 3), [3]);
      for (const each of [unknown, custom, socket]) each.close();
    });

    test(`${by}: the heartbeat keeps it alive`, async () => {
      const socket = await connected(io, transports);
      // Each answer below comes half a second after its question; a missed ping would end the connection in as long.
      for (let n = 0; n < 3; n += 1) assert.deepEqual(await asked(socket, "ask-result", "ask", n), ["timeout"]);
      assert.ok(socket.connected);
      socket.close();
    });
  }
}
