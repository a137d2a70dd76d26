// A proxy in front of nodes, as an operator has one: new connections go to nodes that are ready, and those of a node that does not answer
// any more are ended, so that their clients come back by another one.
import { once } from "node:events";
import { connect, createServer } from "node:net";

const CHECK_MS = 500;
const CHECK_TIMEOUT_MS = 2_000;

export class Proxy {
  /// Connections of clients: `{ near, far, node }`.
  #carried = new Set();
  #ready = new Map();
  #checks = new Set();

  static async start(cluster) {
    const proxy = new Proxy();
    proxy.cluster = cluster;
    proxy.listener = createServer((near) => proxy.#begin(near)).listen(0, "127.0.0.1");
    await once(proxy.listener, "listening");
    proxy.url = `http://127.0.0.1:${proxy.listener.address().port}`;
    proxy.timer = setInterval(() => proxy.#look(), CHECK_MS);
    cluster.front = proxy;
    return proxy;
  }

  /// The node that a client's connection leads to.
  nodeOf(socket) {
    const { localPort } = socket.io.engine.transport.ws._socket;
    return [...this.#carried].find(({ near }) => near.remotePort === localPort)?.node;
  }

  /// The node with most connections.
  get busiest() {
    return this.cluster.nodes.toSorted((one, other) => this.#load(other) - this.#load(one))[0];
  }

  close() {
    clearInterval(this.timer);
    this.cluster.front = undefined;
    for (const { near, far } of this.#carried) [near, far].forEach((end) => end.destroy());
    this.listener.close();
  }

  #load(node) {
    return [...this.#carried].filter((one) => one.node === node).length;
  }

  /// To the node with fewest connections of those that are ready; to the next one if it does not take it.
  #begin(near, tried = []) {
    near.on("error", () => {});
    const nodes = this.cluster.nodes.filter((node) => this.#ready.get(node) !== false && node.running && !tried.includes(node));
    const node = nodes.toSorted((one, other) => this.#load(one) - this.#load(other))[0];
    if (!node) return near.destroy();
    const far = connect(Number(new URL(node.url).port), "127.0.0.1");
    const carried = { near, far, node };
    this.#carried.add(carried);
    far.once("connect", () => {
      near.pipe(far);
      far.pipe(near);
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
    });
    far.on("error", () => {});
    far.on("close", () => {
      this.#carried.delete(carried);
      if (far.bytesRead + far.bytesWritten === 0 && !near.destroyed) this.#begin(near, [...tried, node]);
    });
    return undefined;
  }

  #look() {
    for (const node of this.cluster.nodes.filter((node) => node?.running && !this.#checks.has(node))) {
      this.#checks.add(node);
      this.#check(node).finally(() => this.#checks.delete(node));
    }
  }

  async #check(node) {
    const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const status = await node.admin("/health/ready", { signal }).then(({ status }) => status, () => undefined);
    this.#ready.set(node, status === 200);
    if (status !== undefined) return;
    for (const { near, far } of [...this.#carried].filter((one) => one.node === node)) [near, far].forEach((end) => end.destroy());
  }
}
