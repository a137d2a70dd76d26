// The process is killed under load, again and again.
import { after, before, test } from "node:test";

import { Town, scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const KILLS = scale(3, 30);
const RATE = 200;
const BETWEEN = 400;

let town;
before(async () => (town = await Town.found()));
after(() => town?.close());

test("a server that is killed under load loses, doubles and reorders nothing", async (t) => {
  const { server, members, book } = town;
  const traffic = new Traffic({ members, book, rate: RATE });
  for (let kill = 0; kill < KILLS; kill += 1) {
    await book.more(BETWEEN);
    await server.restart({ signal: "SIGKILL" });
    await town.present();
  }
  await book.more(BETWEEN);
  await traffic.stop();
  await town.holds((figures) => t.diagnostic(`${KILLS} kills at ${RATE} messages a second: ${figures}`));
});
