// A line between a node and what it needs, which a test can cut, or let hang: then nothing gets through, and nothing says so.
import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Wire {
  #state = "whole";
  #pairs = new Set();

  /// A line to a port of this machine. `carry` may change what comes back from there: it is given a function that passes bytes on, and
  /// returns what takes the bytes that arrive.
  static async to(port, carry = (pass) => pass) {
    const wire = new Wire();
    Object.assign(wire, { target: port, carry });
    wire.listener = createServer((near) => wire.#begin(near)).listen(0, "127.0.0.1");
    await once(wire.listener, "listening");
    wire.port = wire.listener.address().port;
    return wire;
  }

  /// The same URL by way of this line.
  through(url) {
    const { port } = this;
    return url.replace(/:\d+(?=\/|$)/, `:${port}`);
  }

  /// All connections break, and new ones are refused by being closed.
  cut() {
    this.#state = "cut";
    for (const pair of this.#pairs) pair.forEach((end) => end.destroy());
  }

  hang() {
    this.#state = "hanging";
    for (const pair of this.#pairs) pair.forEach((end) => end.pause());
  }

  mend() {
    this.#state = "whole";
    for (const pair of this.#pairs) pair.forEach((end) => end.resume());
  }

  close() {
    this.cut();
    this.listener.close();
  }

  #begin(near) {
    if (this.#state === "cut") return near.destroy();
    const far = connect(this.target, "127.0.0.1");
    const pair = [near, far];
    this.#pairs.add(pair);
    near.on("data", (bytes) => far.write(bytes));
    const carried = this.carry((bytes) => near.destroyed || near.write(bytes));
    far.on("data", carried);
    for (const [end, other] of [pair, pair.toReversed()]) {
      end.setNoDelay(true);
      end.on("error", () => {});
      end.on("close", () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    if (this.#state === "hanging") pair.forEach((end) => end.pause());
    return undefined;
  }
}
