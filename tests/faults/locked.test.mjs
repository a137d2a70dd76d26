// Another process holds the SQLite database for itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { survives } from "./outage.mjs";
import { Town } from "./town.mjs";

/// Takes the lock, says so, and holds it until its input ends.
const HOLDER = `
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
`;

let town;
before(async () => (town = await Town.found()));
after(() => town?.close());

test("while another process locks the database sends are refused in time, and afterwards all goes on", async (t) => {
  let holder;
  const begin = async () => {
    const file = join(town.server.home, "data", "greenroom.db");
    holder = spawn("python3", ["-c", HOLDER, file], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.stdout, "data");
  };
  const end = async () => {
    holder.stdin.end();
    await once(holder, "exit");
  };
  t.after(() => holder?.kill("SIGKILL"));
  await survives({ town, begin, end, say: (figures) => t.diagnostic(figures) });
});
