// A PostgreSQL server of the test's own is stopped under load, and started again.
import { after, before, test } from "node:test";

import { survives } from "./outage.mjs";
import { Postgres } from "./postgres.mjs";
import { LONG, Town } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const STOPS = 8;
const RATE = 200;
const BETWEEN = 150;

const missing = LONG ? Postgres.missing() : "only in the long form";

let postgres;
let town;
before(async () => {
  if (missing) return;
  postgres = await Postgres.start();
  town = await Town.found({ settings: { "database.url": postgres.url } });
});
after(async () => {
  await town?.close();
  await postgres?.remove();
});

const skip = missing ? `NOT TESTED: ${missing}` : false;

test("while PostgreSQL is stopped sends are refused in time, and afterwards all goes on", { skip }, async (t) => {
  const [begin, end] = [() => postgres.down(), () => postgres.up()];
  await survives({ town, begin, end, say: (figures) => t.diagnostic(figures) });
});

test("a PostgreSQL that is stopped and started again and again keeps nobody waiting", { skip }, async (t) => {
  const { members, book } = town;
  const traffic = new Traffic({ members, book, rate: RATE });
  for (let stop = 0; stop < STOPS; stop += 1) {
    await book.more(BETWEEN);
    await postgres.down();
    await postgres.up();
  }
  await book.more(BETWEEN);
  await traffic.stop();
  await town.holds((figures) => t.diagnostic(`${STOPS} stops: ${figures}`));
});
