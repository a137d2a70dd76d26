// A node is killed under load, again and again. Its clients come back by another node, and nobody else notices.
import { once } from "node:events";
import { after, before, test } from "node:test";

import { Town, scale } from "../faults/town.mjs";
import { Traffic } from "../faults/traffic.mjs";
import { Server } from "../interop/server.mjs";
import { fast, within } from "./limits.mjs";
import { NODES } from "./nodes.mjs";
import { Proxy } from "./proxy.mjs";
import { Stopwatch } from "./stopwatch.mjs";

const KILLS = scale(4, 30);
const RATE = scale(80, 200);
const BETWEEN = scale(80, 400);
const SERVED_MS = 3_000;
const OTHERS_MS = 1_500;

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

test("a node that is killed under load costs its own clients a moment, and nobody a message", { skip: NODES === 1 && "nodes are needed" }, async (t) => {
  const { members, book } = town;
  const watch = new Stopwatch(members);
  const traffic = new Traffic({ members, book, rate: RATE });
  const served = [];
  const others = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await book.more(BETWEEN);
    const node = proxy.busiest;
    const hit = members.filter((member) => member.ready && proxy.nodeOf(member.socket) === node);
    const spared = members.filter((member) => !hit.includes(member));
    const begun = performance.now();
    const back = hit.map((member) => once(member, "gone").then(() => watch.acked(member)));
    await node.stop("SIGKILL");
    served.push(await within(SERVED_MS, Promise.all(back), "the clients of the node"));
    others.push(...watch.sendsOf(spared, begun));
    await node.launch();
  }
  await book.more(BETWEEN);
  await traffic.stop();
  const slow = fast(others, 0.99, OTHERS_MS, "sends of others, p99");
  await town.holds((figures) => {
    t.diagnostic(`${KILLS} kills: clients served again after ${Math.round(Math.max(...served))} ms at most, sends of others p99 ${slow} ms; ${figures}`);
  });
});
