// Another process that holds a server's SQLite database for itself: nothing can be stored, reading goes on.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/// Takes the lock, says so, and holds it until its input ends.
const PROGRAM = `
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
`;

export class Holder {
  #process;

  /// Returns once the database is held.
  static async of(server) {
    const holder = new Holder();
    const file = join(server.home, "data", "greenroom.db");
    holder.#process = spawn("python3", ["-c", PROGRAM, file], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.#process.stdout, "data");
    return holder;
  }

  /// Returns once the database is free again.
  async release() {
    this.#process.stdin.end();
    await once(this.#process, "exit");
  }

  /// For a test that ends early.
  kill() {
    this.#process.kill("SIGKILL");
  }
}
