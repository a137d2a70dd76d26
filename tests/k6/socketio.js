// A small Socket.IO 5 client for k6: WebSocket only, the main namespace, events and acknowledgements. It knows nothing of chat.
import { clearTimeout, setTimeout } from "k6/timers";
import { WebSocket } from "k6/experimental/websockets";

const PING = "2";
const PONG = "3";
const JOIN = "40";
const LEAVE = "41";
const EVENT = "42";
const ACK = "43";
const REFUSED = "44";

/// Nothing came within the time that it may take.
export class Overdue extends Error {}

/// The connection ended before the answer came.
export class Ended extends Error {}

export class Socket {
  /// Opens a connection and joins with `auth`. `url` is that of the server, such as http://127.0.0.1:8080.
  constructor(url, auth, patienceMs) {
    this.patienceMs = patienceMs;
    this.handlers = {};
    this.acks = new Map();
    this.lastAck = -1;
    this.ended = false;
    this.awaited = new Set();
    this.wire = new WebSocket(`${url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`);
    // Not after the server's first packet, as other clients do: k6 drops what comes before it has told of the opening.
    this.wire.onopen = () => this.wire.send(JOIN + JSON.stringify(auth));
    this.wire.onmessage = ({ data }) => this.#take(data);
    this.wire.onerror = ({ error }) => this.#end(`${error}`);
    this.wire.onclose = () => this.#end("closed");
  }

  /// Calls `handler` with the payload of each event of that name.
  on(name, handler) {
    this.handlers[name] = handler;
  }

  /// The next event of that name, as a promise of its payload.
  next(name) {
    return this.#promise(`no ${name}`, ({ resolve }) => this.on(name, resolve));
  }

  /// Sends an event and promises its acknowledgement.
  ask(name, payload = {}) {
    this.lastAck += 1;
    const id = this.lastAck;
    const answer = this.#promise(`${name} not acknowledged`, (settle) => this.acks.set(id, settle));
    this.wire.send(`${EVENT}${id}${JSON.stringify([name, payload])}`);
    return answer;
  }

  /// Ends the connection; what is still awaited fails.
  close() {
    this.#end("closed by this side");
    this.wire.close();
  }

  /// A promise that fails when it is overdue or when the connection ends. k6 waits for every timer, so none is left behind.
  #promise(what, open) {
    const promise = new Promise((resolve, reject) => {
      const settle = {};
      const done = (outcome) => (value) => {
        clearTimeout(timer);
        this.awaited.delete(settle);
        outcome(value);
      };
      const timer = setTimeout(() => settle.reject(new Overdue(`${what} within ${this.patienceMs} ms`)), this.patienceMs);
      Object.assign(settle, { resolve: done(resolve), reject: done(reject) });
      this.awaited.add(settle);
      open(settle);
    });
    promise.catch(() => {}); // whoever awaits it is told; nobody has to
    return promise;
  }

  #take(frame) {
    if (frame === PING) return this.wire.send(PONG);
    const rest = frame.slice(2);
    switch (frame.slice(0, 2)) {
      case EVENT:
        return this.#hear(JSON.parse(rest));
      case ACK:
        return this.#settle(rest);
      case LEAVE:
        return this.#end("dismissed");
      case REFUSED:
        return this.#end(`refused: ${rest}`);
    }
  }

  #hear([name, payload]) {
    this.handlers[name]?.(payload);
  }

  #settle(reply) {
    const start = reply.indexOf("[");
    const id = Number(reply.slice(0, start));
    this.acks.get(id)?.resolve(JSON.parse(reply.slice(start))[0]);
    this.acks.delete(id);
  }

  #end(why) {
    if (this.ended) return;
    this.ended = true;
    for (const settle of [...this.awaited]) settle.reject(new Ended(why));
  }
}
