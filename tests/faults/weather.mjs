// Three people with two devices each, and a storm: chance decides who does what, whose connection is cut, and when the server is killed.
import { setTimeout as lasting } from "node:timers/promises";

import { Follower } from "../interop/follower.mjs";
import { Holder } from "./holder.mjs";

const PEOPLE = 3;
const PIPELINED = 8;
const LIMIT = 7;
const EMOJIS = ["👍", "🎉", "😀", "❤️", "❤"];
/// What is done, and how often beside the others.
const DEEDS = {
  send: 30, edit: 14, delete: 4, react: 16, pin: 4, star: 8, hide: 2, forward: 5, read: 8, add: 3, kick: 1.5, leave: 1, lead: 1,
};
/// What the server may answer to a deed that came too late or is not one's own to do.
const REFUSED = ["not_found", "not_member", "not_admin", "forbidden", "conflict", "too_large"];
/// And while storage is away.
const AWAY = ["unavailable", "busy"];
/// Longer than the server goes on trying.
const OUTAGE_MS = 7_000;

export class Weather {
  /// Every `Ok` to a message that was sent: `{ ChatId, Seq, _id }` by ClientId.
  acked = new Map();
  /// The highest Rev that was acknowledged for a message, by chat and Seq.
  revs = new Map();
  broken = [];
  counts = {};
  #open = new Set();
  #sends = 0;
  /// Messages that were sent and not answered, by the follower who goes on trying.
  #unanswered = new Map();

  /// `group` is led by the first person; everybody shares a chat of two with everybody else.
  constructor({ server, people, group, chance }) {
    Object.assign(this, { server, people, group, chance });
    this.followers = people.slice(0, PEOPLE).flatMap((person) => [0, 1].map(() => new Follower(server, person, LIMIT)));
    for (const follower of this.followers) this.#unanswered.set(follower, []);
  }

  /// So many steps. Kills, and outages of the database, are spread over them.
  async blow(steps, { kills = 0, outages = 0 } = {}) {
    const { chance } = this;
    for (const follower of this.followers) follower.connect();
    await Promise.all(this.followers.map((follower) => follower.present()));
    const spread = (count) => new Set(Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * steps) / count)));
    const [fatal, dry] = [spread(kills), spread(outages)];
    for (let step = 0; step < steps; step += 1) {
      if (fatal.has(step)) await this.#kill();
      if (dry.has(step)) await this.#outage();
      const follower = chance.pick(this.followers);
      if (!follower.online) follower.connect();
      else if (chance.happens(0.04)) follower.cut();
      else this.#do(follower);
      // What has arrived is let in, now and then before the next deed.
      if (chance.happens(0.7)) await new Promise(setImmediate);
      while (this.#open.size >= chance.below(PIPELINED) + 1) await Promise.race(this.#open);
    }
  }

  /// Everybody comes back, all that was sent is answered, and everything that was told has arrived.
  async calm() {
    await Promise.all(this.#open);
    for (const follower of this.followers) if (!follower.online) follower.connect();
    for (const follower of this.followers) {
      await follower.present();
      for (const send of this.#unanswered.get(follower).splice(0)) await this.#send(follower, send);
    }
    // A chat answers in the order in which it tells, outsiders too.
    const questions = this.followers.flatMap((follower) => {
      const others = [...follower.replica.chats.keys()].filter((ChatId) => ![this.group, follower.person.id].includes(ChatId));
      const pages = others.map((ChatId) => follower.ask("fetch-personal-chat", { ChatId, Limit: 1 }));
      return [...pages, follower.ask("fetch-self-chat", { Limit: 1 }), follower.ask("fetch-group-chat", { GroupId: this.group, Limit: 1 })];
    });
    await Promise.all(questions);
    for (const follower of this.followers) {
      if (!(await follower.present())) this.broken.push("a connection ended in the calm");
      this.broken.push(...follower.broken);
    }
  }

  /// How often each deed was done, lost and refused.
  toString() {
    return Object.entries(this.counts).map(([deed, { done, lost, refused }]) => `${deed} ${done}/${lost}/${refused}`).join(", ");
  }

  close() {
    for (const follower of this.followers) follower.close();
  }

  /// Nothing can be stored for a while; the storm goes on.
  async #outage() {
    const holder = await Holder.of(this.server);
    const over = lasting(OUTAGE_MS).then(() => holder.release());
    this.#open.add(over);
    over.then(() => this.#open.delete(over));
  }

  /// Amid whatever is under way.
  async #kill() {
    await this.server.restart({ signal: "SIGKILL" });
    for (const follower of this.followers) if (follower.online) follower.cut();
    await Promise.all(this.#open);
  }

  #do(follower) {
    const { chance, group } = this;
    const { replica, person } = follower;
    const ChatId = replica.chats.has(group) && chance.happens(0.6) ? group : chance.pick([...replica.chats.keys()]);
    const copy = replica.chats.get(ChatId);
    if (!copy) return;
    const deed = chance.weighed(DEEDS);
    const recent = [...copy.messages.values()].slice(-15);
    const own = recent.filter(({ SenderId }) => SenderId === person.id);
    const message = chance.pick(["edit", "delete"].includes(deed) && own.length > 0 && chance.happens(0.85) ? own : recent);
    const made = this[deed](follower, copy, message);
    if (!made) return;
    const open = made.then((answer) => {
      this.#open.delete(open);
      const outcome = answer.Ok ? "done" : answer.lost ? "lost" : "refused";
      this.counts[deed] ??= { done: 0, lost: 0, refused: 0 };
      this.counts[deed][outcome] += 1;
    });
    this.#open.add(open);
  }

  send(follower, { id }, message) {
    const { chance } = this;
    this.#sends += 1;
    const said = { Content: `${this.chance.seed}-${this.#sends} ${"x".repeat(chance.below(150))}`, ClientId: `${chance.seed}-${this.#sends}` };
    if (message && chance.happens(0.3)) said.ReplyTo = message.Seq;
    if (chance.happens(0.3)) said.Mentions = [chance.pick([...this.people.map((person) => person.id), "all"])];
    return this.#send(follower, { ChatId: id, said });
  }

  forward(follower, copy, message) {
    if (!message) return undefined;
    this.#sends += 1;
    const to = this.chance.pick([...follower.replica.chats.keys()]);
    const said = { Forwarded: true, From: copy.id, Seq: message.Seq, ClientId: `${this.chance.seed}-${this.#sends}` };
    return this.#send(follower, { ChatId: to, said });
  }

  edit(follower, { id }, message) {
    const { chance } = this;
    const Content = `${chance.seed} edited ${chance.below(1_000)}`;
    const IfEdits = chance.happens(0.3) ? (message?.Edits ?? 0) : undefined;
    const Mentions = chance.happens(0.3) ? [chance.pick(this.people).id] : undefined;
    return message && this.#change(follower, "edit-message", { ChatId: id, Seq: message.Seq, Content, IfEdits, Mentions });
  }

  delete(follower, { id }, message) {
    return message && this.#change(follower, "delete-message", { ChatId: id, Seq: message.Seq });
  }

  react(follower, { id }, message) {
    const { chance } = this;
    const Emoji = chance.pick(EMOJIS);
    return message && this.#change(follower, "react", { ChatId: id, Seq: message.Seq, Emoji, On: chance.happens(0.65) });
  }

  pin(follower, copy, message) {
    return this.#switch(follower, "pin-message", copy, message);
  }

  star(follower, copy, message) {
    return this.#switch(follower, "star-message", copy, message);
  }

  hide(follower, { id }, message) {
    return message && this.#change(follower, "hide-message", { ChatId: id, Seq: message.Seq });
  }

  read(follower, { id }, message) {
    if (!message || id === follower.person.id) return undefined;
    const [event, name] = id === this.group ? ["read-group-message", { GroupId: id }] : ["read-personal-message", { ChatId: id }];
    return this.#ask(follower, event, { ...name, Seq: message.Seq }, ({ Seq }) => follower.replica.read(id, Seq));
  }

  add(follower) {
    return this.#member(follower, "add-member", (here) => !here);
  }

  kick(follower) {
    return this.#member(follower, "kickout", (here) => here);
  }

  lead(follower) {
    return this.#member(follower, "change-admin", (here) => here);
  }

  leave(follower) {
    // Whoever has left follows no more.
    return this.#ask(follower, "leave-grp", { GroupId: this.group });
  }

  /// Mostly by the one who may, to somebody of whom it makes sense.
  #member(follower, event, sensible) {
    const { chance, people } = this;
    const leads = ({ online, person, replica }) => online && replica.chats.get(this.group)?.info?.Admin === person.id;
    const leaders = this.followers.filter(leads);
    const by = leaders.length > 0 && chance.happens(0.85) ? chance.pick(leaders) : follower;
    const rows = by.replica.chats.get(this.group)?.rows;
    const here = ({ id }) => rows?.has(id) && !rows.get(id).Gone;
    const fitting = people.filter((person) => person !== by.person && sensible(here(person)));
    const { id } = chance.pick(fitting.length > 0 && chance.happens(0.85) ? fitting : people);
    return this.#change(by, event, { GroupId: this.group, Member: id });
  }

  #switch(follower, event, { id }, message) {
    return message && this.#change(follower, event, { ChatId: id, Seq: message.Seq, On: this.chance.happens(0.65) });
  }

  #change(follower, event, payload) {
    return this.#ask(follower, event, payload, (answer) => {
      follower.replica.acknowledged(answer);
      const { ChatId, Message } = answer;
      if (!Message) return;
      const key = `${ChatId} ${Message.Seq}`;
      this.revs.set(key, Math.max(this.revs.get(key) ?? 0, Message.Rev ?? 0));
    });
  }

  /// Sends, and keeps what was not answered for later.
  async #send(follower, send) {
    const { ChatId, said } = send;
    const { Forwarded, From, Seq, ...message } = said;
    const kind = ChatId === this.group ? "group" : ChatId === follower.person.id ? "self" : "personal";
    const name = { group: { GroupId: ChatId }, self: {}, personal: { ChatId } }[kind];
    const [event, payload] = Forwarded
      ? ["forward-message", { ChatId: From, Seq, To: ChatId, ...message }]
      : [`send-${kind}-message`, { ...name, ...message }];
    const answer = await this.#ask(follower, event, payload, (answer) => follower.replica.sent(said, answer));
    if (answer.lost || AWAY.includes(answer.Code)) this.#unanswered.get(follower).push(send);
    if (answer.Ok) this.#stored(message.ClientId, answer);
    return answer;
  }

  #stored(ClientId, { ChatId, Seq, _id }) {
    const known = this.acked.get(ClientId);
    if (known && (known.Seq !== Seq || known._id !== _id)) this.broken.push(`${ClientId} was stored as ${known._id} and ${_id}`);
    this.acked.set(ClientId, { ChatId, Seq, _id });
  }

  async #ask(follower, event, payload, take) {
    const answer = await follower.ask(event, payload, take);
    const fine = answer.Ok || answer.lost || [...REFUSED, ...AWAY].includes(answer.Code);
    if (!fine) this.broken.push(`${event} ${JSON.stringify(payload)}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
