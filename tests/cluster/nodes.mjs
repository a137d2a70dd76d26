// Several nodes on one database that look like one server: whoever asks for its address gets that of the next node. With one node it
// is a server without a cluster, which keeps the same promises.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { scratch } from "../databases/scratch.mjs";
import { Numbers } from "../interop/numbers.mjs";
import { quietPort } from "../interop/ports.mjs";
import { Server } from "../interop/server.mjs";
import { Nats } from "./nats.mjs";

export const NODES = Number(process.env.GREENROOM_TEST_NODES ?? 3);
/// Whether there is a bus, and nodes that use it.
export const BUS = NODES > 1 && process.env.GREENROOM_TEST_BUS !== "none" && !Nats.missing();
/// Without a bus others hear after half of this.
const POLL_ALONE = "20ms";
/// So many lines of a node's log are told of a fault.
const TOLD_LINES = 10;

export class Cluster extends Server {
  nodes = [];
  #turn = 0;
  #asked = {};

  /// Nodes with an empty database, or the one that `database.url` names, and with a bus of their own unless `cluster.nats_url` is given.
  static async start(settings = {}, level = "info", prepare = () => {}) {
    const cluster = new Cluster();
    cluster.home = await mkdtemp(join(tmpdir(), "greenroom-cluster-"));
    cluster.database = settings["database.url"] ? undefined : await scratch();
    if (BUS && settings["cluster.nats_url"] === undefined) cluster.bus = await Nats.start();
    Object.assign(cluster, { settings, level, prepare });
    cluster.secret = randomBytes(48).toString("base64");
    await cluster.join();
    await Promise.all(Array.from({ length: NODES - 1 }, () => cluster.join()));
    return cluster;
  }

  /// One more node, which is returned.
  async join(settings = {}) {
    const number = this.nodes.length;
    this.nodes.push(undefined);
    const listen = `127.0.0.1:${await quietPort()}`;
    const all = { ...this.#common(number), ...this.settings, ...settings, "server.listen": listen };
    this.nodes[number] = await Server.alone(all, this.level, this.prepare);
    return this.nodes[number];
  }

  /// The same person, by way of one node.
  via(person, number) {
    return Object.assign(Object.create(person), { server: this.nodes[number % this.nodes.length] });
  }

  /// A device of a person at one node.
  connect(person, number, options) {
    return this.via(person, number).connect(options);
  }

  /// A device of a person at each node, in their order.
  everywhere(person) {
    return Promise.all(this.nodes.map((_, number) => this.connect(person, number)));
  }

  /// The next of those that run.
  get next() {
    const running = this.nodes.filter((node) => node?.running);
    this.#turn += 1;
    return running[(this.#turn - 1) % running.length];
  }

  /// Through the proxy in front, if there is one.
  get url() {
    return (this.front ?? this.next).url;
  }

  get running() {
    return this.nodes.every((node) => node.running);
  }

  /// A crash is that of one node, each in its turn; anything else happens to all, one after the other.
  async restart({ signal = "SIGTERM", settings } = {}) {
    const nodes = signal === "SIGKILL" ? [this.next] : this.nodes;
    for (const node of nodes) await node.restart({ signal, settings: { ...node.settings, ...settings } });
  }

  command(...args) {
    return this.nodes[0].command(...args);
  }

  admin(path, options) {
    return this.next.admin(path, options);
  }

  /// Those of all nodes together.
  async numbers() {
    const pages = await Promise.all(this.nodes.map((node) => node.admin("/metrics")));
    return new Numbers(pages.map(({ text }) => text).join("\n"));
  }

  /// From here on these may have been counted, such as `renewed_total`: what the test does to the nodes is a reason.
  excuse(counter) {
    this.#asked[counter] = true;
  }

  /// Ends all nodes, and says what none of them may show, whatever was done to them.
  async close() {
    for (const node of this.nodes) if (node?.running) node.child.kill("SIGCONT");
    const wrong = (await Promise.all(this.nodes.filter(Boolean).map((node) => this.#wrong(node)))).flat();
    await Promise.all(this.nodes.map((node) => node?.close()));
    await this.bus?.remove();
    await this.database?.drop();
    await rm(this.home, { recursive: true, force: true });
    assert.deepEqual(wrong, []);
  }

  async #wrong(node) {
    const ends = node.log.filter((line) => /panicked at/.test(line));
    if (!node.running && !node.asked) ends.push(`${node.settings["cluster.name"]} ended by itself with ${await node.exit}`);
    if (NODES === 1 || !node.running) return ends;
    const numbers = await node.numbers();
    const faults = ["audit_failed_total", "renewed_total"].filter((counter) => !this.#asked[counter]);
    const counted = faults.map((counter) => [counter, numbers.of(`greenroom_cluster_${counter}`)]).filter(([, count]) => count > 0);
    const errors = counted.length > 0 ? node.log.filter((line) => / ERROR /.test(line)).slice(-TOLD_LINES) : [];
    return [...ends, ...counted.map(([counter, count]) => `${node.settings["cluster.name"]}: ${count} ${counter}`), ...errors];
  }

  /// What all nodes share, and what makes them nodes.
  #common(number) {
    const data = join(this.home, "data");
    const shared = {
      "database.url": this.database?.url,
      "auth.secret": this.secret,
      "files.folder": join(data, "files"),
      "mail.outbox": join(data, "outbox"),
    };
    const clustered = {
      "cluster.enabled": "true",
      "cluster.name": `node-${number}`,
      "cluster.nats_url": this.bus?.url ?? "",
      ...(!this.bus && { "cluster.poll": POLL_ALONE }),
    };
    return { ...shared, ...(NODES > 1 && clustered) };
  }
}
