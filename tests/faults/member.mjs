// One device of a person, written as a careful app is: it keeps what it has, catches up whenever it comes back, and asks for
// acknowledgements. What breaks a promise on the way is kept in `broken`, for the verdict.
import { EventEmitter, once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";

import { KINDS, LISTS, LIVE, READS } from "./kinds.mjs";
import { Transcript } from "./transcript.mjs";

const { io } = createRequire(new URL("../interop/", import.meta.url))("socket.io-client");

/// Every request is answered within this time, or the connection is gone.
export const ANSWER_MS = 10_000;
const PAGE = 200;
const RETRY_MS = 250;

export class Member extends EventEmitter {
  broken = [];
  /// Why connections of this device ended.
  ends = [];
  /// Signed in and caught up.
  ready = false;
  #emitted = 0;
  #pointers = new Map();
  /// Where others' pointers were told to be on this connection.
  #told = new Map();

  constructor({ url, person, device = 0 }) {
    super();
    this.setMaxListeners(0);
    Object.assign(this, { id: person.id, chats: new Map(), device });
    for (const chat of person.chats) this.chats.set(chat.id, new Transcript(chat));
    const auth = { accessToken: person.access_token, refreshToken: person.refresh_token };
    const patience = { reconnectionDelay: 50, reconnectionDelayMax: 1_000, randomizationFactor: 0.5, timeout: 20_000 };
    this.socket = io(url, { transports: ["websocket"], forceNew: true, auth, ...patience });
    this.#listen();
  }

  /// Resolves once the device is signed in and has caught up.
  async present() {
    while (!this.ready) await once(this, "ready");
    return this;
  }

  /// One request. The answer is the server's, or `{ lost: true }` if the connection ended before it came. `take` is given an `Ok` at
  /// once, so in its order among the events.
  ask(event, payload, take = () => {}) {
    return new Promise((resolve) => {
      this.socket.timeout(ANSWER_MS).emit(event, payload, (error, answer) => {
        if (!error && answer.Ok) take(answer);
        if (!error) return resolve(answer);
        if (/timed out/.test(error.message)) this.broken.push(`${event} was not answered within ${ANSWER_MS} ms`);
        resolve({ Ok: false, lost: true });
      });
    });
  }

  /// Asks until the answer is `Ok`, as often as connections and storage come and go.
  async must(event, payload) {
    for (;;) {
      await this.present();
      const answer = await this.ask(event, payload);
      if (answer.Ok) return answer;
      if (!answer.lost && !["busy", "unavailable"].includes(answer.Code)) throw new Error(`${event}: ${JSON.stringify(answer)}`);
      await pause(RETRY_MS);
    }
  }

  /// Sends one message and keeps what the acknowledgement says.
  send(chat, message) {
    const { send, name } = KINDS[this.chats.get(chat).kind];
    const nth = (this.#emitted += 1);
    return this.ask(send, { ...name(chat), ...message }, (answer) => this.#acknowledged(chat, message, answer, nth));
  }

  /// Marks everything that is here as read.
  read(chat) {
    const { kind, whole } = this.chats.get(chat);
    const { read, name } = KINDS[kind];
    return this.ask(read, { ...name(chat), Seq: whole }, (answer) => this.#pointer(chat, this.id, answer.Seq, "acknowledged"));
  }

  /// All messages of a chat by paging back, oldest first.
  async history(chat) {
    const { fetch, page, name } = KINDS[this.chats.get(chat).kind];
    const pages = [];
    for (let Before, more = true; more; ) {
      const shown = new Promise((resolve) => this.socket.once(page, resolve));
      await this.must(fetch, { ...name(chat), Limit: PAGE, ...(Before && { Before }) });
      const { Messages, HasMore } = await shown;
      pages.unshift(Messages.toReversed());
      [Before, more] = [Messages.at(-1)?.Seq, HasMore];
    }
    return pages.flat();
  }

  /// All messages of all chats by `sync` from the beginning: a map of chat to messages, oldest first.
  async everything() {
    const all = new Map([...this.chats.keys()].map((chat) => [chat, []]));
    await this.#sync((chat) => all.get(chat).at(-1)?.Seq ?? 0, (chat, message) => all.get(chat).push(message));
    return all;
  }

  /// The present rows of both lists by chat.
  async lists() {
    const told = Object.entries(LISTS).map(async ([event, rows]) => (await once(this.socket, event))[0][rows]);
    await this.must("list-chats", {});
    return new Map((await Promise.all(told)).flat().map((row) => [row._id, row]));
  }

  /// Resets the TCP connection: the server finds out by an RST.
  reset() {
    this.socket.io.engine?.transport.ws?._socket?.resetAndDestroy();
  }

  close() {
    this.socket.disconnect();
  }

  #listen() {
    this.socket.on("user-id", () => this.#begin());
    this.socket.on("disconnect", (reason) => {
      this.ready = false;
      this.ends.push(reason);
      this.emit("gone", reason);
    });
    this.socket.on("auth-failure", ({ reason }) => this.broken.push(`turned away: ${reason}`));
    for (const name of LIVE) this.socket.on(name, (message) => this.#heard(message));
    for (const name of READS) this.socket.on(name, ({ ChatId, Reader, Seq }) => this.#pointer(ChatId, Reader, Seq, "told"));
    for (const [name, rows] of Object.entries(LISTS)) this.socket.on(name, (list) => list[rows].forEach((row) => this.#listed(row)));
  }

  /// Catches up, for as long as the connection stays the same.
  async #begin() {
    const connection = this.socket.id;
    for (const transcript of this.chats.values()) transcript.begin();
    this.#told.clear();
    const since = (chat) => this.chats.get(chat).whole;
    if (!(await this.#sync(since, (chat, message) => this.#keep(chat, message), connection))) return;
    this.ready = true;
    this.emit("ready");
  }

  /// Asks for what comes after `since(chat)` until nothing is left. False if `connection` ended before.
  async #sync(since, take, connection = this.socket.id) {
    for (let more = true; more; ) {
      const Chats = Object.fromEntries([...this.chats.keys()].map((chat) => [chat, since(chat)]));
      const answer = await this.ask("sync", { Chats, Limit: PAGE });
      if (this.socket.id !== connection || answer.lost) return false;
      if (answer.Ok) {
        for (const { Id, Messages } of answer.Chats) for (const message of Messages) take(Id, message);
        more = answer.Chats.some((chat) => chat.HasMore);
        this.broken.push(...answer.Gone.map((chat) => `${chat} is gone`));
      } else await pause(RETRY_MS);
    }
    return true;
  }

  #heard(message) {
    this.#note(this.chats.get(message.ChatId).tell(message.Seq));
    this.#keep(message.ChatId, message);
    this.emit("heard", message);
  }

  #acknowledged(chat, { Content }, { Seq, _id, Repeat }, nth) {
    const transcript = this.chats.get(chat);
    if (!Repeat) {
      this.#note(transcript.tell(Seq));
      this.#note(transcript.stored(nth));
    }
    this.#keep(chat, { Seq, _id, Content });
  }

  #keep(chat, message) {
    this.#note(this.chats.get(chat).keep(message));
  }

  /// Read pointers never move back. To the others they are only told when they move, which another server may tell again after a
  /// reconnect.
  #pointer(chat, reader, seq, how) {
    const key = `${reader} in ${chat}`;
    const pointers = how === "told" ? this.#told : this.#pointers;
    const before = pointers.get(key) ?? 0;
    if (seq < before || (seq === before && how === "told")) this.broken.push(`the pointer of ${key} was ${how} at ${seq} after ${before}`);
    pointers.set(key, Math.max(before, seq));
  }

  #listed({ _id, LastSeq, ReadSeq }) {
    const transcript = this.chats.get(_id);
    if (!transcript) return;
    if (LastSeq < transcript.whole) this.broken.push(`${_id} was listed at ${LastSeq} after ${transcript.whole}`);
    if (ReadSeq > 0) this.#pointer(_id, this.id, ReadSeq, "listed");
  }

  #note(contradiction) {
    if (contradiction) this.broken.push(contradiction);
  }
}
