// A connection to one node that keeps all it is told in the order of arrival, acknowledgements in their place among the events.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { io } = createRequire(new URL("../interop/", import.meta.url))("socket.io-client");

const PATIENCE_MS = 10_000;
const SAID = /^(receive|sent)-(self|personal|group)-message$/;
const OPENING = ["user-id", "personal-chat-list", "group-chat-list"];

export class Tape {
  /// `{ name, payload }`; the name of an acknowledgement is `ack` and its `asked` what was asked for.
  lines = [];
  #waiting = new Set();

  /// Resolves with the tape once the three opening events are on it.
  static async open(node, person) {
    const tape = new Tape();
    tape.person = person;
    tape.socket = io(node.url, { transports: ["websocket"], forceNew: true, reconnection: false, auth: person.tokens });
    tape.socket.onAny((name, payload) => tape.#add({ name, payload }));
    tape.socket.on("disconnect", (reason) => tape.#add({ name: "disconnect", payload: reason }));
    await tape.until(() => OPENING.every((name) => tape.lines.some((line) => line.name === name)), "opening events");
    return tape;
  }

  ask(event, payload) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${event} was not answered within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      this.socket.emit(event, payload, (answer) => {
        clearTimeout(late);
        this.#add({ name: "ack", asked: event, payload: answer });
        resolve(answer);
      });
    });
  }

  async must(event, payload) {
    const answer = await this.ask(event, payload);
    assert.equal(answer.Ok, true, `${event}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /// Waits until `holds()`; looks again at whatever arrives.
  until(holds, what) {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiting = () => holds() && (clearTimeout(late), this.#waiting.delete(waiting), resolve());
      const late = setTimeout(() => {
        this.#waiting.delete(waiting);
        const tail = this.lines.slice(-5).map(({ name, payload }) => `${name} ${JSON.stringify(payload)?.slice(0, 200)}`);
        reject(new Error(`no ${what} within ${PATIENCE_MS} ms at ${this.person.name}; last were ${tail.join("; ")}`));
      }, PATIENCE_MS);
      this.#waiting.add(waiting);
    });
  }

  /// Takes part in the chat's order: what was acknowledged to anybody before this is on the tape after it.
  abreast(ChatId) {
    return this.ask("fetch-chat", { ChatId });
  }

  /// The messages of a chat as they became known here: of others by events, own ones by acknowledgements.
  messages(ChatId) {
    return this.lines.filter((line) => isMessage(line) && line.payload.ChatId === ChatId).map(({ payload }) => payload);
  }

  /// All that has a place in the chat's order.
  order(ChatId) {
    return this.lines.flatMap((line) => (line.payload?.ChatId === ChatId ? placeOf(line) : []));
  }

  /// Payloads of the events of these names.
  heard(...names) {
    return this.lines.filter(({ name }) => names.includes(name)).map(({ payload }) => payload);
  }

  close() {
    this.socket.disconnect();
  }

  #add(line) {
    this.lines.push(line);
    for (const waiting of this.#waiting) waiting();
  }
}

const isSend = ({ name, asked, payload }) => name === "ack" && /^(send|forward)-/.test(asked) && payload.Ok && !payload.Repeat;
const isMessage = (line) => SAID.test(line.name) || isSend(line);

/// What of a chat's order a line is, if anything: `s7` for message 7, `r3` for change 3.
export function placeOf(line) {
  if (isMessage(line)) return [`s${line.payload.Seq}`];
  const isChange = ["message-changed", "chat-changed"].includes(line.name) || (line.name === "ack" && line.payload.Ok && line.payload.Rev && !/^fetch/.test(line.asked));
  return isChange ? [`r${line.payload.Rev}`] : [];
}
