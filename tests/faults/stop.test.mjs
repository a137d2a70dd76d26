// The process is told to stop under load, and starts again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Town, scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const STOPS = scale(2, 20);
const RATE = 200;
const BETWEEN = 300;
const SHUTDOWN_MS = 10_000;

let town;
before(async () => (town = await Town.found({ settings: { "server.shutdown_timeout": `${SHUTDOWN_MS}ms` } })));
after(() => town?.close());

test("a server that is told to stop under load ends in time, with code 0, and loses nothing", async (t) => {
  const { server, members, book } = town;
  const traffic = new Traffic({ members, book, rate: RATE });
  const took = [];
  for (let stop = 0; stop < STOPS; stop += 1) {
    await book.more(BETWEEN);
    const begun = performance.now();
    server.child.once("exit", () => took.push(performance.now() - begun));
    // Fails if the exit code is not 0.
    await server.restart();
    await town.present();
  }
  await book.more(BETWEEN);
  await traffic.stop();
  const longest = Math.max(...took);
  assert.ok(longest < SHUTDOWN_MS, `a stop took ${longest} ms`);
  await town.holds((figures) => t.diagnostic(`${STOPS} stops, the longest took ${Math.round(longest)} ms: ${figures}`));
});
