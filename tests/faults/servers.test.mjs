// A database server of the test's own is stopped under load, and started again, or it hangs for a while.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MariaDb } from "../databases/mariadb.mjs";
import { Postgres } from "../databases/postgres.mjs";
import { survives } from "./outage.mjs";
import { Town, scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const STOPS = scale(2, 8);
const RATE = 200;
const BETWEEN = 150;

for (const Kind of [Postgres, MariaDb]) {
  const missing = Kind.missing();
  const skip = missing ? `NOT TESTED: ${missing}` : false;

  describe(Kind.NAME, { skip }, () => {
    let database;
    let town;
    before(async () => {
      database = await Kind.start();
      town = await Town.found({ settings: { "database.url": await database.create("greenroom") } });
    });
    after(async () => {
      await town?.close();
      await database?.remove();
    });

    test("while the database server is stopped sends are refused in time, and afterwards all goes on", async (t) => {
      const [begin, end] = [() => database.down(), () => database.up()];
      await survives({ town, begin, end, say: (figures) => t.diagnostic(figures) });
    });

    test("while the database server hangs sends are refused in time, and afterwards all goes on", async (t) => {
      const begin = async () => {
        database.hang();
        assert.equal((await town.server.admin("/health/ready")).status, 503);
      };
      const end = () => database.wake();
      t.after(end);
      await survives({ town, begin, end, say: (figures) => t.diagnostic(figures) });
    });

    test("a database server that is stopped and started again and again keeps nobody waiting", async (t) => {
      const { members, book } = town;
      const traffic = new Traffic({ members, book, rate: RATE });
      for (let stop = 0; stop < STOPS; stop += 1) {
        await book.more(BETWEEN);
        await database.down();
        await database.up();
      }
      await book.more(BETWEEN);
      await traffic.stop();
      await town.holds((figures) => t.diagnostic(`${STOPS} stops: ${figures}`));
    });
  });
}
