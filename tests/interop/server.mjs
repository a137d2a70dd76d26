// Starts the real server in a fresh folder on ports of its own choosing, and takes it down by its own pid.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { scratch } from "../databases/scratch.mjs";
import { Numbers } from "./numbers.mjs";
import { Person } from "./people.mjs";

const run = promisify(execFile);
const STARTING_MS = 30_000;
const STOPPING_MS = 15_000;

let people = 0;

function binary() {
  if (process.env.GREENROOM_BIN) return resolve(process.env.GREENROOM_BIN);
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
  return resolve(target, "debug", "greenroom");
}

/// The caller's environment without settings of its own, plus `settings` such as `{ "auth.access_ttl": "1s" }`.
function environment(settings, log = "info") {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("GREENROOM__"));
  const all = {
    "server.listen": "127.0.0.1:0",
    "server.admin_listen": "127.0.0.1:0",
    "limits.enabled": "false",
    ...settings,
  };
  const named = Object.entries(all).map(([key, value]) => [`GREENROOM__${key.toUpperCase().replaceAll(".", "__")}`, value]);
  return { ...Object.fromEntries(inherited), ...Object.fromEntries(named), RUST_LOG: log };
}

export class Server {
  /// A server with an empty database. `level` is how much it logs; `prepare` is done in its folder before. Where GREENROOM_TEST_NODES
  /// says so it is as many nodes, which take connections in turn.
  static async start(...how) {
    if (!process.env.GREENROOM_TEST_NODES) return Server.alone(...how);
    const { Cluster } = await import("../cluster/nodes.mjs");
    return Cluster.start(...how);
  }

  /// One process. Without `database.url` among the settings it gets a database of its own.
  static async alone(settings = {}, level = "info", prepare = () => {}) {
    const server = new Server();
    Object.assign(server, { settings, level, database: settings["database.url"] ? undefined : await scratch() });
    server.home = await mkdtemp(join(tmpdir(), "greenroom-"));
    server.log = [];
    await prepare(server);
    await server.launch();
    return server;
  }

  /// The same data under a new process, after an orderly stop or, with SIGKILL, after a crash.
  async restart({ signal = "SIGTERM", settings = this.settings } = {}) {
    await this.stop(signal);
    this.settings = settings;
    await this.launch();
  }

  /// Stops the process and removes its folder.
  async close() {
    await this.stop();
    await this.database?.drop();
    await rm(this.home, { recursive: true, force: true });
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /// Accounts with a verified address and a login, one for each name. Names are made unique, so that tests may share a server.
  async people(...names) {
    const made = [];
    for (const name of names) made.push(await this.person(name));
    return made;
  }

  async person(first) {
    const number = (people += 1);
    const account = {
      name: `${first} ${process.pid}-${number}`,
      email: `person.${process.pid}.${number}@example.org`,
      password: `correct horse ${process.pid} ${number}`,
    };
    const { name, email, password } = account;
    await this.command("user", "add", "--name", name, "--email", email, "--password", password);
    return new Person(this, account).login();
  }

  /// Runs another command of the binary on this server's data.
  command(...args) {
    return run(binary(), args, { cwd: this.home, env: this.#environment() });
  }

  /// POSTs JSON and returns the answer with its decoded body.
  async post(path, body, headers = {}) {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json(), cookies: cookies(answer) };
  }

  async get(path, headers = {}) {
    const answer = await fetch(this.url + path, { headers, redirect: "manual" });
    return { status: answer.status, text: await answer.text(), cookies: cookies(answer), headers: answer.headers };
  }

  /// GETs from the admin listener, whose address is in the log too.
  async admin(path, options = {}) {
    const url = this.log.map((line) => /admin .* on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1]).findLast((found) => found);
    const answer = await fetch(url + path, options);
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  /// The numbers that operators watch.
  async numbers() {
    return new Numbers((await this.admin("/metrics")).text);
  }

  /// The mails to an address, oldest first. A mail is in the outbox before the route answers.
  async mails(email) {
    const outbox = join(this.home, "data", "outbox");
    const names = (await readdir(outbox)).filter((name) => name.endsWith(".eml")).sort();
    const mails = await Promise.all(names.map((name) => readFile(join(outbox, name), "utf8")));
    return mails.map(decoded).filter((mail) => mail.includes(email));
  }

  #environment(log) {
    return environment({ ...(this.database && { "database.url": this.database.url }), ...this.settings }, log);
  }

  async launch() {
    this.asked = false;
    this.child = spawn(binary(), [], {
      cwd: this.home,
      env: this.#environment(this.level),
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.exit = new Promise((ended) => this.child.once("exit", (code, signal) => ended(signal ?? code)));
    this.url = await this.#listening();
  }

  /// The address from the log line that names it. The log is kept for failing tests.
  #listening() {
    return new Promise((found, reject) => {
      const fail = (why) => reject(new Error(`${why}\n${this.log.join("\n")}`));
      const timer = setTimeout(() => fail("the server does not say where it listens"), STARTING_MS);
      this.child.once("error", reject);
      this.child.once("exit", (code) => fail(`the server ended with ${code}`));
      createInterface({ input: this.child.stderr }).on("line", (line) => {
        this.log.push(line);
        const url = /(?<!admin.*)listening on (http:\/\/127\.0\.0\.1:\d+)/i.exec(line)?.[1];
        if (!url) return;
        clearTimeout(timer);
        found(url);
      });
    });
  }

  /// Ends the process, and fails if it does not end as it was asked to.
  async stop(signal = "SIGTERM") {
    this.asked = true;
    if (!this.running) return;
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOPPING_MS);
    this.child.kill(signal);
    const how = await this.exit;
    clearTimeout(timer);
    if (signal !== "SIGKILL" && how !== 0) throw new Error(`asked to stop, the server ended with ${how}`);
  }
}

/// `Set-Cookie` as `{ name: { value, attributes } }`.
function cookies(answer) {
  const all = answer.headers.getSetCookie().map((line) => {
    const [pair, ...attributes] = line.split(/;\s*/);
    const at = pair.indexOf("=");
    return [pair.slice(0, at), { value: pair.slice(at + 1), attributes: attributes.sort() }];
  });
  return Object.fromEntries(all);
}

/// A mail with its body's transfer encoding undone.
function decoded(mail) {
  if (/^content-transfer-encoding: base64/im.test(mail)) {
    return mail.replace(/\r?\n\r?\n([A-Za-z0-9+/=\r\n]+)/g, (_, body) => `\n\n${Buffer.from(body, "base64")}`);
  }
  if (!/^content-transfer-encoding: quoted-printable/im.test(mail)) return mail;
  return mail.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
