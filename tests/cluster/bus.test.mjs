// The bus is a hint: nodes get on without it, and with one that loses, doubles and reorders what it is given.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as lasting } from "node:timers/promises";

import { Town, scale } from "../faults/town.mjs";
import { Traffic } from "../faults/traffic.mjs";
import { Chance } from "../interop/chance.mjs";
import { Server } from "../interop/server.mjs";
import { fast } from "./limits.mjs";
import { Nats } from "./nats.mjs";
import { BUS } from "./nodes.mjs";
import { Stopwatch } from "./stopwatch.mjs";
import { unruly } from "./unruly.mjs";
import { Wire } from "./wire.mjs";

const AWAY_MS = scale(4_000, 30_000);
const RATE = scale(80, 200);
const MESSAGES = scale(400, 6_000);
const AWAY_TOLD_MS = 500;
const UNRULY_TOLD_MS = 300;
const SEED = Number(process.env.BUS_SEED ?? 1);
const skip = !BUS && "NOT TESTED: there is no bus";

/// A town whose nodes reach the bus by a line, and its load.
async function found(carry) {
  const nats = await Nats.start();
  const wire = await Wire.to(nats.port, carry);
  const town = await Town.found({ server: await Server.start({ "cluster.nats_url": wire.through(nats.url) }) });
  const watch = new Stopwatch(town.members);
  const traffic = new Traffic({ members: town.members, book: town.book, rate: RATE });
  const close = async () => {
    await town.close();
    wire.close();
    await nats.remove();
  };
  return { nats, wire, town, watch, traffic, close };
}

/// Nothing was refused, by anybody, and everybody has everything.
async function undisturbed({ town, watch, traffic }, ms, say) {
  await traffic.stop();
  const refused = Object.keys(town.book.answers).filter((answer) => !["ok", "repeat"].includes(answer));
  assert.deepEqual(refused, [], `${town.book}`);
  const told = fast(watch.told, 0.99, ms, "told after the acknowledgement, p99");
  await town.holds((figures) => say(`told p99 ${told} ms after the acknowledgement: ${figures}`));
}

test("while the bus is away nothing is refused, and others hear a little later", { skip }, async (t) => {
  const all = await found();
  t.after(all.close);
  const { nats, wire, town } = all;
  for (const [away, back] of [[() => nats.down(), () => nats.up()], [() => wire.hang(), () => wire.mend()], [() => wire.cut(), () => wire.mend()]]) {
    await town.book.more(MESSAGES / 8);
    await away();
    await lasting(AWAY_MS);
    await back();
  }
  await town.book.more(MESSAGES / 8);
  await undisturbed(all, AWAY_TOLD_MS, (figures) => t.diagnostic(figures));
});

test(`a bus that loses, doubles and reorders costs nothing but a look (BUS_SEED=${SEED})`, { skip }, async (t) => {
  const all = await found(unruly(new Chance(SEED), { lost: 0.2, doubled: 0.2, late: 0.2 }));
  t.after(all.close);
  await all.town.book.more(MESSAGES);
  await undisturbed(all, UNRULY_TOLD_MS, (figures) => t.diagnostic(figures));
});
