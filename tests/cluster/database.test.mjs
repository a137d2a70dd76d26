// The database goes and comes back, for all nodes or for one of them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as lasting } from "node:timers/promises";

import { MariaDb } from "../databases/mariadb.mjs";
import { Postgres } from "../databases/postgres.mjs";
import { Town, scale } from "../faults/town.mjs";
import { Traffic } from "../faults/traffic.mjs";
import { until } from "../interop/patience.mjs";
import { Server } from "../interop/server.mjs";
import { limit } from "./limits.mjs";
import { NODES } from "./nodes.mjs";
import { Proxy } from "./proxy.mjs";
import { Wire } from "./wire.mjs";

const RATE = scale(80, 200);
const BETWEEN = scale(80, 400);
const HUNG_MS = scale(6_000, 20_000);
const READY_MS = 15_000;
const UNREADY_MS = 6_000;
const ELSEWHERE_MS = 20_000;

const Kind = process.env.GREENROOM_TEST_DATABASE?.startsWith("mysql") ? MariaDb : Postgres;

/// Waits until a node says whether it can work.
async function says(node, status, ms) {
  const answer = () => node.admin("/health/ready");
  await until(async () => (await answer()).status === status, limit(ms), async () => `${node.url}: ${(await answer()).text}`);
}

/// Once there is a database again all nodes are the same processes, ready, and everybody has everything.
async function recovers({ town, traffic, pids }, say) {
  const { server, book } = town;
  const begun = performance.now();
  await Promise.all(server.nodes.map((node) => says(node, 200, READY_MS)));
  const ready = Math.round(performance.now() - begun);
  await book.more(BETWEEN);
  await traffic.stop();
  assert.deepEqual(server.nodes.map(({ child }) => child.pid), pids, "no node has ended");
  await town.holds((figures) => say(`all ready after ${ready} ms; ${figures}`));
}

describe(Kind.NAME, { skip: Kind.missing() && `NOT TESTED: ${Kind.missing()}` }, () => {
  let database, town, traffic, pids, wire, proxy;
  before(async () => (database = await Kind.start()));
  after(() => database?.remove());

  /// A town under load. With a `wire` the last node reaches the database by it, and there is a proxy in front.
  const found = async (name) => {
    const url = await database.create(name);
    const server = await Server.start({ "database.url": url });
    if (wire) {
      const last = server.nodes.at(-1);
      await last.restart({ settings: { ...last.settings, "database.url": wire.through(url) } });
      proxy = await Proxy.start(server);
    }
    town = await Town.found({ server });
    traffic = new Traffic({ members: town.members, book: town.book, rate: RATE });
    pids = server.nodes.map(({ child }) => child.pid);
    await town.book.more(BETWEEN);
    return { town, traffic, pids };
  };

  test("it is stopped and started under load", async (t) => {
    const all = await found("stopped");
    t.after(() => town.close());
    await database.down();
    await database.up();
    await recovers(all, (figures) => t.diagnostic(figures));
  });

  test("it hangs under load, and all nodes say so", async (t) => {
    const all = await found("hung");
    t.after(() => town.close());
    const begun = performance.now();
    database.hang();
    t.after(() => database.wake());
    await Promise.all(town.server.nodes.map((node) => says(node, 503, UNREADY_MS)));
    await lasting(Math.max(0, HUNG_MS - (performance.now() - begun)));
    database.wake();
    await recovers(all, (figures) => t.diagnostic(figures));
  });

  test("one node does not reach it: its clients are served by the others", { skip: NODES === 1 && "nodes are needed" }, async (t) => {
    wire = await Wire.to(database.port);
    const all = await found("unreached");
    const { server, members, book } = town;
    // The node without it ends its sockets, and counts that.
    server.excuse("renewed_total");
    t.after(async () => {
      for (const member of members) member.close();
      proxy.close();
      await town.close();
      wire.close();
    });
    const node = server.nodes.at(-1);
    const hit = members.filter((member) => proxy.nodeOf(member.socket) === node);
    assert.ok(hit.length > 0);
    wire.hang();
    await says(node, 503, UNREADY_MS);
    const isElsewhere = () => hit.every((member) => member.ready && proxy.nodeOf(member.socket) !== node);
    await until(isElsewhere, limit(ELSEWHERE_MS), () => `${hit.filter((member) => !member.ready).length} of ${hit.length} are not served`);
    const others = book.count("ok");
    await book.until(() => book.count("ok") > others + BETWEEN);
    wire.mend();
    await recovers(all, (figures) => t.diagnostic(figures));
  });
});
