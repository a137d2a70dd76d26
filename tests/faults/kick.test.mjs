// A member is removed from a group at the very moment when the member's messages are on their way.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "../interop/server.mjs";
import { Arena } from "./arena.mjs";
import { scale } from "./town.mjs";

const RACES = scale(200, 10_000);
const ARENAS = scale(8, 20);

let server;
before(async () => (server = await Server.start()));
after(() => server?.close());

test("what a member says while being removed is stored before the removal or refused, and nothing is told after it", async (t) => {
  const arenas = await Arena.open(server, ARENAS);
  let races = 0;
  await Promise.all(
    arenas.map(async (arena) => {
      for (; races < RACES; races += 1) await arena.race();
      await arena.isWhole();
    }),
  );
  const { stored, refused } = arenas.reduce((sum, arena) => ({
    stored: sum.stored + arena.stored,
    refused: sum.refused + arena.refused,
  }));
  t.diagnostic(`${RACES} races in ${ARENAS} groups: ${stored} messages stored before the removal, ${refused} refused`);
  assert.ok(stored > 0 && refused > 0, "both sides of the race were seen");
  assert.ok(server.running);
});
