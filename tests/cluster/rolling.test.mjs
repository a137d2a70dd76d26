// A node joins, and all are restarted one by one, as for an upgrade, while people talk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Town, scale } from "../faults/town.mjs";
import { Traffic } from "../faults/traffic.mjs";
import { Server } from "../interop/server.mjs";
import { NODES } from "./nodes.mjs";
import { Proxy } from "./proxy.mjs";

const ROUNDS = scale(1, 5);
const RATE = scale(80, 200);
const BETWEEN = scale(80, 600);
/// The share of sends that may be refused or go unanswered; of few sends, those that were on their way as a socket was closed.
const SHARE = 0.001;
const ON_THEIR_WAY = 3;
const skip = NODES === 1 && "nodes are needed";

let town, proxy;
before(async () => {
  const server = await Server.start();
  proxy = await Proxy.start(server);
  town = await Town.found({ server });
});
after(async () => {
  for (const member of town?.members ?? []) member.close();
  proxy?.close();
  await town?.close();
});

/// Answers that are none: a refusal, or the end of the connection.
const failed = ({ answers }) => Object.entries(answers).filter(([kind]) => !["ok", "repeat"].includes(kind)).reduce((sum, [, count]) => sum + count, 0);

test("a node that joins disturbs nobody", { skip }, async (t) => {
  const { members, book, server } = town;
  const traffic = new Traffic({ members, book, rate: RATE });
  await book.more(BETWEEN);
  await server.join();
  await book.more(BETWEEN);
  await traffic.stop();
  assert.equal(failed(book), 0, `${book}`);
  await town.holds((figures) => t.diagnostic(figures));
});

test("all nodes are restarted one after the other, and nearly nothing has to be sent again", { skip }, async (t) => {
  const { members, book, server } = town;
  const before = failed(book);
  const sent = book.sent.size;
  const traffic = new Traffic({ members, book, rate: RATE });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const node of server.nodes) {
      await book.more(BETWEEN);
      await node.restart();
      await town.present();
    }
  }
  await book.more(BETWEEN);
  await traffic.stop();
  const allowed = Math.max(ON_THEIR_WAY, (book.sent.size - sent) * SHARE);
  assert.ok(failed(book) - before <= allowed, `${failed(book) - before} of ${book.sent.size - sent}, where ${allowed} are allowed: ${book}`);
  await town.holds((figures) => t.diagnostic(`${ROUNDS * server.nodes.length} restarts: ${figures}`));
});
