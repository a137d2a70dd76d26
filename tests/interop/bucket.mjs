// A real service that speaks S3, and a gate before it, where requests can be seen, held up and turned away.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer as createPlain, request } from "node:http";
import { createServer as createTls } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { python } from "./s3/environment.mjs";

const SERVICE = fileURLToPath(new URL("s3/service.py", import.meta.url));

export class Bucket {
  /// `home` is a folder for its certificate.
  static async open(home) {
    const bucket = new Bucket();
    bucket.child = spawn(await python(), ["-B", SERVICE], { stdio: ["pipe", "pipe", "pipe"] });
    const [errors, answers] = [[], createInterface({ input: bucket.child.stdout })];
    createInterface({ input: bucket.child.stderr }).on("line", (line) => errors.push(line));
    bucket.answers = answers[Symbol.asyncIterator]();
    const first = await bucket.answers.next();
    if (first.done) throw new Error(`the service does not start\n${errors.join("\n")}`);
    Object.assign(bucket, JSON.parse(first.value));
    bucket.trusted = join(home, "authority.pem");
    writeFileSync(bucket.trusted, bucket.authority);
    bucket.plain = await Gate.open(createPlain, {}, bucket.port);
    bucket.gate = await Gate.open(createTls, bucket.tls, bucket.port);
    return bucket;
  }

  /// How Greenroom finds it.
  get settings() {
    return {
      "files.store": "s3",
      "files.s3_endpoint": `https://localhost:${this.gate.port}`,
      "files.s3_bucket": this.bucket,
      "files.s3_region": this.region,
      "files.s3_access_key": this.access,
      "files.s3_secret_key": this.secret,
    };
  }

  /// What is in it: `objects` with their sizes by name, and the names of what was begun and not `unfinished`.
  async content() {
    this.child.stdin.write("\n");
    return JSON.parse((await this.answers.next()).value);
  }

  async close() {
    await Promise.all([this.plain, this.gate].map((gate) => gate.shut()));
    const ended = once(this.child, "exit");
    this.child.stdin.end();
    await ended;
  }
}

/// Passes requests on as they come.
class Gate {
  /// Those that this says of, by method and path, are turned away.
  refuses = () => false;
  /// Those that this says of, by method and path, are not passed on.
  holds = () => false;
  /// Whoever waits for something to be held.
  #waiting = [];

  static async open(create, options, to) {
    const gate = new Gate();
    Object.assign(gate, { to, port: 0, make: () => create(options, (asked, answer) => gate.#pass(asked, answer)) });
    await gate.reopen();
    return gate;
  }

  /// At the same place as before.
  async reopen() {
    this.server = this.make().listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = this.server.address().port;
  }

  /// Nobody gets in any more, and who is in is thrown out.
  async shut() {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /// From now on these are held up for good. Waits for the first of them.
  hold(which) {
    this.holds = which;
    return new Promise((come) => this.#waiting.push(come));
  }

  pass() {
    this.holds = () => false;
    this.refuses = () => false;
  }

  #pass(asked, answer) {
    const { method, url, rawHeaders } = asked;
    asked.on("error", () => {});
    if (this.holds(method, url)) return this.#waiting.splice(0).forEach((come) => come());
    if (this.refuses(method, url)) {
      asked.resume();
      return answer.writeHead(403, { "content-type": "application/xml" }).end("<Error><Code>AccessDenied</Code></Error>");
    }
    const passed = request({ host: "127.0.0.1", port: this.to, method, path: url, headers: rawHeaders, agent: false }, (got) => {
      answer.writeHead(got.statusCode, got.rawHeaders);
      got.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  }
}
