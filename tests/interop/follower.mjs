// A device that follows the contract: whatever arrives goes into its replica at once and in its order, and whenever it comes back, or
// hears of something that only `sync` can bring, it catches up.
import { io } from "socket.io-client";

import { Replica } from "./replica.mjs";

const ANSWER_MS = 10_000;
const RETRY_MS = 50;
const SAID = /^(receive|sent)-/;
const NUMBERS = {
  "message-changed": ({ Rev }) => ({ Rev }),
  "chat-changed": ({ Rev }) => ({ Rev }),
  "message-mine": ({ My }) => ({ Own: My.Own }),
  "chat-prefs": ({ Prefs }) => ({ Own: Prefs.Own }),
};

export class Follower {
  /// What the server did and must not.
  broken = [];
  #open = new Set();
  #catching = undefined;
  /// What this connection was told last, by chat and number.
  #told = new Map();

  /// `limit` bounds the lists of one answer, so that there are pieces.
  constructor(server, person, limit) {
    Object.assign(this, { server, person, limit, replica: new Replica(person) });
  }

  get online() {
    return this.socket !== undefined;
  }

  /// Connects anew and catches up.
  connect() {
    const { tokens: auth } = this.person;
    const socket = io(this.server.url, { transports: ["websocket"], forceNew: true, reconnection: false, auth });
    this.socket = socket;
    this.#told.clear();
    this.replica.connected();
    socket.onAny((name, payload) => this.#heard(socket, name, payload));
    for (const end of ["disconnect", "connect_error"]) socket.on(end, () => this.#gone(socket));
    this.#catchUp();
  }

  /// The connection is reset, whatever is on its way.
  cut() {
    const { socket } = this;
    this.#gone(socket);
    socket.io.engine?.transport.ws?._socket?.resetAndDestroy();
    socket.disconnect();
  }

  close() {
    this.socket?.disconnect();
  }

  /// Resolves once nothing is left to catch up with; false if the connection ended before.
  async present() {
    while (this.#catching) await this.#catching;
    return this.online;
  }

  /// One request. `take` is given an `Ok` in its order among the events. `{ lost: true }` if the connection ended before the answer.
  ask(event, payload, take = () => {}) {
    const { socket } = this;
    if (!socket) return Promise.resolve({ Ok: false, lost: true });
    return new Promise((resolve) => {
      const lost = () => resolve({ Ok: false, lost: true });
      const late = setTimeout(() => {
        this.broken.push(`${event} was not answered within ${ANSWER_MS} ms`);
        lost();
      }, ANSWER_MS);
      const open = { end: () => (clearTimeout(late), lost()) };
      this.#open.add(open);
      socket.emit(event, payload, (answer) => {
        clearTimeout(late);
        if (!this.#open.delete(open)) return;
        if (answer.Ok) take(answer);
        this.#catchUp();
        resolve(answer);
      });
    });
  }

  #heard(socket, name, payload) {
    if (socket !== this.socket) return;
    this.#inOrder(name, payload);
    this.replica.hear(name, payload);
    this.#catchUp();
  }

  /// Messages and changes of a chat are told in one order, each once.
  #inOrder(name, { ChatId, Seq, Rev, My, Prefs } = {}) {
    const numbers = NUMBERS[name]?.({ Rev, My, Prefs }) ?? (SAID.test(name) ? { Seq } : {});
    for (const [kind, number] of Object.entries(numbers)) {
      const key = `${kind} of ${ChatId}`;
      const before = this.#told.get(key) ?? 0;
      if (!(number > before)) this.broken.push(`${name}: ${key} was told as ${number} after ${before}`);
      this.#told.set(key, number);
    }
  }

  #gone(socket) {
    if (socket !== this.socket) return;
    this.socket = undefined;
    for (const { end } of this.#open) end();
    this.#open.clear();
  }

  #catchUp() {
    const { replica } = this;
    if (this.#catching || !this.online || !(replica.wanting || replica.unknown.length > 0)) return;
    this.#catching = this.#pieces().then((on) => {
      this.#catching = undefined;
      if (on) this.#catchUp();
    });
  }

  /// Asks until nothing is left open. False if the connection ended before.
  async #pieces() {
    const { replica, socket } = this;
    while (replica.wanting) {
      const asked = replica.question();
      const answer = await this.ask("sync", { Chats: asked, Limit: this.limit }, (answer) => replica.answered(asked, answer));
      if (socket !== this.socket) return this.online;
      if (!answer.Ok) await this.#again(answer);
      replica.wanting ||= !answer.Ok;
    }
    for (let wanted; (wanted = replica.unknown.at(-1)); ) {
      const take = ({ Chats }) => replica.known(wanted, Chats.find(({ Id }) => Id === wanted.ChatId)?.Messages ?? []);
      const answer = await this.ask("sync", { Chats: { [wanted.ChatId]: wanted.Seq - 1 }, Limit: 1 }, take);
      if (socket !== this.socket) return this.online;
      if (!answer.Ok) await this.#again(answer);
    }
    return true;
  }

  async #again({ Code }) {
    if (!["busy", "unavailable"].includes(Code)) this.broken.push(`sync: ${Code}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
