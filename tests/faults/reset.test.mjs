// All connections are reset at the same moment, as when a network goes down, while the chats go on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";

import { Town, scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const CLIENTS = scale(200, 2_000);
const ROUNDS = scale(1, 3);
const RATE = scale(80, 40);
const BETWEEN = 150;
const BACK_MS = 30_000;

let town;
before(async () => (town = await Town.found({ users: CLIENTS, groups: `${CLIENTS / 25}x25`, devices: 1 })));
after(() => town?.close());

test("all clients whose connections are reset at once are back, and whole, within 30 seconds", async (t) => {
  const { members, book } = town;
  const traffic = new Traffic({ members, book, rate: RATE });
  const took = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await book.more(BETWEEN);
    const gone = members.map((member) => once(member, "gone"));
    const begun = performance.now();
    for (const member of members) member.reset();
    await Promise.all(gone);
    await town.present();
    took.push(performance.now() - begun);
  }
  await book.more(BETWEEN);
  await traffic.stop();
  const longest = Math.max(...took);
  assert.ok(longest < BACK_MS, `${CLIENTS} clients came back in ${longest} ms`);
  await town.holds((figures) => t.diagnostic(`${CLIENTS} clients, all back in ${Math.round(longest)} ms at most: ${figures}`));
});
