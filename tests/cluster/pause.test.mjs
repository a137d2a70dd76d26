// A node stops in the middle of whatever it does, and goes on after a while, as a machine does that is moved or short of memory.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as lasting } from "node:timers/promises";

import { Town, scale } from "../faults/town.mjs";
import { Traffic } from "../faults/traffic.mjs";
import { until } from "../interop/patience.mjs";
import { Server } from "../interop/server.mjs";
import { fast, limit } from "./limits.mjs";
import { NODES } from "./nodes.mjs";
import { Proxy } from "./proxy.mjs";
import { Stopwatch } from "./stopwatch.mjs";

const PAUSES = scale(2, 10);
const PAUSE_MS = scale(5_000, 30_000);
const RATE = scale(80, 200);
const BETWEEN = scale(80, 400);
const OTHERS_MS = 1_500;
const ABREAST_MS = 2_000;

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

test("a node that sleeps holds up nobody else, and wakes without a fault", { skip: NODES === 1 && "nodes are needed" }, async (t) => {
  const { members, book, server } = town;
  const pids = server.nodes.map(({ child }) => child.pid);
  const watch = new Stopwatch(members);
  const traffic = new Traffic({ members, book, rate: RATE });
  const others = [];
  const ready = [];
  for (let pause = 0; pause < PAUSES; pause += 1) {
    await book.more(BETWEEN);
    const node = proxy.busiest;
    const spared = members.filter((member) => member.ready && proxy.nodeOf(member.socket) !== node);
    const begun = performance.now();
    node.child.kill("SIGSTOP");
    await lasting(PAUSE_MS);
    node.child.kill("SIGCONT");
    const woken = performance.now();
    others.push(...watch.sendsOf(spared, begun));
    const isReady = async () => (await node.admin("/health/ready")).status === 200;
    await until(isReady, limit(ABREAST_MS), async () => (await node.admin("/health/ready")).text);
    ready.push(performance.now() - woken);
    await town.present();
  }
  await book.more(BETWEEN);
  await traffic.stop();
  assert.deepEqual(server.nodes.map(({ child }) => child.pid), pids, "the same processes");
  const slow = fast(others, 0.99, OTHERS_MS, "sends of others, p99");
  await town.holds((figures) => {
    t.diagnostic(`${PAUSES} pauses of ${PAUSE_MS} ms: ready again after ${Math.round(Math.max(...ready))} ms at most, sends of others p99 ${slow} ms; ${figures}`);
  });
});
