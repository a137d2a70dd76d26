// Runs a command with a private database server. Usage: node with.mjs postgres|mariadb COMMAND... The command finds the server's URL
// in GREENROOM_TEST_DATABASE. Without a command: says what is missing for the server to be had here, if anything.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter } from "node:path";

import { MariaDb } from "./mariadb.mjs";
import { Postgres } from "./postgres.mjs";

const KINDS = { postgres: Postgres, mariadb: MariaDb };

const [kind, command, ...args] = process.argv.slice(2);
const Kind = KINDS[kind];
if (!Kind) throw new Error(`expected one of ${Object.keys(KINDS)}`);

if (command) {
  process.exitCode = await serve();
} else if (Kind.missing()) {
  console.log(Kind.missing());
  process.exitCode = 1;
}

async function serve() {
  const asked = new AbortController();
  let child;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      asked.abort();
      child?.kill(signal);
    });
  }
  const server = await Kind.start();
  try {
    if (asked.signal.aborted) return 1;
    const PATH = [process.env.PATH, ...Kind.FOLDERS].join(delimiter);
    child = spawn(command, args, { stdio: "inherit", env: { ...process.env, PATH, GREENROOM_TEST_DATABASE: server.url } });
    return await new Promise((ended, fail) => {
      child.once("error", fail);
      child.once("exit", (code, signal) => ended(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    await server.remove();
  }
}
