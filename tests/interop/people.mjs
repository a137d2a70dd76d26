// A person with an account, and the devices the person is connected with. A device keeps what it hears until a test takes it.
import assert from "node:assert/strict";

import { io } from "socket.io-client";

const PATIENCE_MS = 5_000;

/// What answers a fetch: the event that goes with its `Ok`.
const ANSWERS = {
  "fetch-personal-chat": ["personal-chat"],
  "fetch-group-chat": ["group-chat"],
  "fetch-self-chat": ["self-chat"],
  "list-chats": ["personal-chat-list", "group-chat-list"],
};

export class Person {
  constructor(server, { name, email, password }) {
    Object.assign(this, { server, name, email, password });
  }

  /// Logs in as an app does, with the tokens in the body, and learns the person's own id.
  async login() {
    const { email, password } = this;
    const { status, body } = await this.server.post("/login", { email, password, source: "app" });
    assert.equal(status, 200, JSON.stringify(body));
    this.tokens = { accessToken: body.accessToken, refreshToken: body.refreshToken };
    const me = await this.server.get("/me", { authorization: `Bearer ${body.accessToken}` });
    this.id = JSON.parse(me.text).Id;
    return this;
  }

  /// A device that has heard its three opening events; they are `opening`, and nothing else was heard.
  async connect(options = {}) {
    const device = this.device(options);
    const [user, personal, group] = [
      await device.next("user-id"),
      await device.next("personal-chat-list"),
      await device.next("group-chat-list"),
    ];
    device.opening = { user, personal: personal.PersonalChatList, groups: group.GroupChatList };
    return device;
  }

  /// A device at the moment of connecting.
  device({ client = io, auth = this.tokens, ...options } = {}) {
    const all = { transports: ["websocket"], forceNew: true, reconnection: false, auth, ...options };
    return new Device(client(this.server.url, all));
  }
}

export class Device {
  #heard = [];
  #waiting = [];

  constructor(socket) {
    this.socket = socket;
    socket.onAny((name, ...args) => this.#hear(name, args));
    socket.on("disconnect", (reason) => this.#hear("disconnect", [reason]));
    socket.on("connect_error", (error) => this.#hear("connect_error", [error.message]));
  }

  /// Takes the oldest event of this name, waiting for it if need be, and returns its payload.
  async next(name) {
    return (await this.either(name)).payload;
  }

  /// Takes the oldest event that bears one of these names.
  either(...names) {
    const at = this.#heard.findIndex((event) => names.includes(event.name));
    if (at >= 0) return Promise.resolve(this.#heard.splice(at, 1)[0]);
    return new Promise((resolve, reject) => {
      const waiter = { names, resolve };
      waiter.timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new Error(`no ${names.join(" or ")} within ${PATIENCE_MS} ms; heard ${JSON.stringify(this.#heard)}`));
      }, PATIENCE_MS);
      this.#waiting.push(waiter);
    });
  }

  /// Takes events of one name until `count` are there.
  async take(name, count) {
    const taken = [];
    while (taken.length < count) taken.push(await this.next(name));
    return taken;
  }

  /// Names of what was heard and not taken, in order.
  get untaken() {
    return this.#heard.map((event) => event.name);
  }

  emit(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /// Emits with an acknowledgement and returns it.
  ask(event, ...args) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${event} was not acknowledged`)), PATIENCE_MS);
      this.socket.emit(event, ...args, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /// As `ask`, and the answer must be `Ok`.
  async must(event, ...args) {
    const answer = await this.ask(event, ...args);
    assert.equal(answer.Ok, true, `${event}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /// Fetches and returns what was fetched.
  async fetch(event, payload = {}) {
    await this.must(event, payload);
    const [first] = await Promise.all(ANSWERS[event].map((name) => this.next(name)));
    return first;
  }

  /// Proves that nothing was heard but what the test took. A fetch goes the same way as everything the chat tells this socket, and a
  /// chat answers outsiders in order too, so whatever the chat had told before would stand before the answer.
  async quiet(event = "list-chats", payload = {}) {
    const answer = await this.ask(event, payload);
    if (answer.Ok) for (const name of ANSWERS[event]) await this.next(name);
    assert.deepEqual(this.untaken, [], "heard and not expected");
  }

  close() {
    this.socket.disconnect();
  }

  #hear(name, args) {
    assert.ok(args.length <= 1, `${name} has one payload`);
    const event = { name, payload: args[0] };
    const at = this.#waiting.findIndex((waiter) => waiter.names.includes(name));
    if (at < 0) return this.#heard.push(event);
    const [waiter] = this.#waiting.splice(at, 1);
    clearTimeout(waiter.timer);
    waiter.resolve(event);
  }
}
