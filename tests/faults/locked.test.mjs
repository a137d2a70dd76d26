// Another process holds the SQLite database for itself.
import { after, before, test } from "node:test";

import { Holder } from "./holder.mjs";
import { survives } from "./outage.mjs";
import { Town } from "./town.mjs";

let town;
before(async () => (town = await Town.found()));
after(() => town?.close());

test("while another process locks the database sends are refused in time, and afterwards all goes on", async (t) => {
  let holder;
  const begin = async () => {
    holder = await Holder.of(town.server);
  };
  const end = () => holder.release();
  t.after(() => holder?.kill());
  await survives({ town, begin, end, say: (figures) => t.diagnostic(figures) });
});
