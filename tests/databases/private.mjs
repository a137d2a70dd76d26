// A database server of the tests' own: its own folder, port and processes, and nothing of the system's but the programs. It runs as
// `nobody` where we are root, because no database server does, and ends with whoever started it, however that ends.
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const STARTING_MS = 60_000;
const ROOT = process.getuid() === 0;
const USER = "nobody";

export class PrivateServer {
  /// Why it cannot be had here, if so.
  static missing() {
    const lacking = ["setpriv", ...this.PROGRAMS].filter((program) => !find(program, this.FOLDERS));
    return lacking.length ? `${this.NAME}: ${lacking.join(", ")} not found` : undefined;
  }

  static async start() {
    const server = new this();
    server.home = mkdtempSync(join(tmpdir(), `greenroom-${this.NAME.toLowerCase()}-`));
    if (ROOT) chownSync(server.home, id("-u"), id("-g"));
    try {
      server.port = await freePort();
      await server.make();
      await server.up();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /// Where the data is.
  get data() {
    return join(this.home, "data");
  }

  /// Starts, and waits until it takes connections.
  async up() {
    const [program, ...args] = this.command(this.constructor.SIGNAL, ...this.serving);
    // A session of its own: Ctrl-C in a terminal is for those who use the server, who end before it does.
    this.child = spawn(program, args, { cwd: this.home, detached: true, stdio: ["ignore", "ignore", "pipe"] });
    const log = [];
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STARTING_MS);
    await new Promise((ready, reject) => {
      this.child.once("exit", () => reject(new Error(`${this.constructor.NAME} does not start\n${log.join("\n")}`)));
      createInterface({ input: this.child.stderr }).on("line", (line) => {
        log.push(line);
        if (this.constructor.READY.test(line)) ready();
      });
    }).finally(() => clearTimeout(timer));
  }

  /// Stops at once: connections break off in the middle of whatever they do.
  async down() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill(this.constructor.SIGNAL);
    await gone;
  }

  /// Stops working without a word: connections stay, and nothing is answered.
  hang() {
    this.#signal("SIGSTOP");
  }

  /// Works again.
  wake() {
    this.#signal("SIGCONT");
  }

  /// To the process and its children.
  #signal(signal) {
    const { pid } = this.child;
    process.kill(pid, signal);
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean)) process.kill(Number(child), signal);
  }

  /// Makes an empty database and returns its URL.
  async create(name) {
    await query(this.constructor, this.url, `CREATE DATABASE ${name}`);
    return `${this.url}/${name}`;
  }

  async remove() {
    await this.down();
    rmSync(this.home, { recursive: true, force: true });
  }

  /// Runs a program that makes the data.
  run(...words) {
    const [program, ...args] = this.command("KILL", ...words);
    return run(program, args, { cwd: this.home });
  }

  /// The words that run a program as somebody who is not root and does not outlive us.
  command(signal, program, ...args) {
    const who = ROOT ? [`--reuid=${USER}`, `--regid=${id("-g")}`, "--clear-groups"] : [];
    const path = find(program, this.constructor.FOLDERS);
    return ["setpriv", ...who, `--pdeathsig=${signal.replace("SIG", "")}`, path, ...args];
  }
}

/// Runs a statement on the server of a kind at a URL.
export function query(Kind, url, statement) {
  const [program, ...args] = Kind.client(new URL(url));
  return run(find(program, Kind.FOLDERS), [...args, statement]);
}

/// A program's path: on the PATH, or where Debian puts the programs of servers.
function find(program, folders) {
  const places = [...process.env.PATH.split(delimiter), ...folders];
  return places.map((folder) => join(folder, program)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const id = (flag) => Number(execFileSync("id", [flag, USER]));

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
