// A private PostgreSQL server: its own folder, its own port, its own user, and nothing of the system's but the programs.
import { execFile, execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const USER = "postgres";

export class Postgres {
  /// Why it cannot be had here, if so.
  static missing() {
    try {
      execFileSync("which", ["initdb", "pg_ctl"], { stdio: "ignore" });
    } catch {
      return "initdb and pg_ctl are not on the PATH";
    }
    return process.getuid() === 0 ? noUser() : undefined;
  }

  static async start() {
    const postgres = new Postgres();
    postgres.home = mkdtempSync(join(tmpdir(), "greenroom-postgres-"));
    postgres.port = await freePort();
    if (process.getuid() === 0) chownSync(postgres.home, id("-u"), id("-g"));
    await postgres.#run("initdb", "--auth=trust", "--username=greenroom", "--encoding=UTF8", "--no-sync", "--pgdata", postgres.data);
    await postgres.up();
    await postgres.#run("createdb", "--host=127.0.0.1", `--port=${postgres.port}`, "--username=greenroom", "greenroom");
    return postgres;
  }

  get url() {
    return `postgres://greenroom@127.0.0.1:${this.port}/greenroom`;
  }

  get data() {
    return join(this.home, "data");
  }

  /// Starts, and waits until it answers.
  up() {
    const options = `-c listen_addresses=127.0.0.1 -p ${this.port} -k ${this.home}`;
    return this.#run("pg_ctl", "start", "--wait", "--pgdata", this.data, "--log", join(this.home, "log"), "--options", options);
  }

  /// Stops at once: connections break off in the middle of whatever they do.
  down() {
    return this.#run("pg_ctl", "stop", "--mode=immediate", "--wait", "--pgdata", this.data);
  }

  async remove() {
    await this.down().catch(() => {});
    rmSync(this.home, { recursive: true, force: true });
  }

  /// PostgreSQL does not run as root.
  #run(program, ...args) {
    const command = process.getuid() === 0 ? ["runuser", "-u", USER, "--", program, ...args] : [program, ...args];
    return run(command[0], command.slice(1), { cwd: this.home });
  }
}

const id = (flag) => Number(execFileSync("id", [flag, USER]));

function noUser() {
  try {
    id("-u");
    return undefined;
  } catch {
    return `there is no user ${USER} to run it as`;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
