// Random chats in many scripts, in which messages are edited and deleted and people come and go, over crashes and restarts: what a
// search finds is what a reference finds that looks at every message. FIND_SEED=n has one again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Chance } from "./chance.mjs";
import { findAll, finds, named, newestFirst } from "./finder.mjs";
import { Stage } from "./room.mjs";
import { Texts } from "./speech-random.mjs";
import { ranges } from "./words.mjs";

const { FIND_SEED } = process.env;
const SEEDS = FIND_SEED ? [Number(FIND_SEED)] : [1, 2, 3];
const STEPS = 240;
const FRESH_MS = 5_000;
/// What happens, and how often beside the rest.
const EVENTS = { say: 14, edit: 5, remove: 3, hide: 2, clear: 1, kick: 1, add: 2, search: 12 };

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

class Chats {
  /// All messages as they are, and who has hidden them.
  messages = [];

  constructor(people, seed) {
    this.chance = new Chance(seed);
    this.texts = new Texts(this.chance);
    this.people = people;
  }

  /// A group, a chat of two and notes, and from which message on each member sees them.
  async begin() {
    await this.connect();
    const [ann, bob, cat] = this.people;
    const [anns] = this.devices.values();
    await anns.must("create-group-chat", { Name: "Band", Description: "", Participants: [bob.id, cat.id] });
    const { GroupId } = await anns.next("create-group-chat-creator");
    await anns.must("create-personal-chat", { Receiver: bob.id });
    const { ChatId } = await anns.next("create-personal-chat-creator");
    const first = (...people) => new Map(people.map(({ id }) => [id, 1]));
    this.chats = [
      { ChatId: GroupId, name: { GroupId }, send: "send-group-message", first: first(ann, bob, cat), owner: ann },
      { ChatId, name: { ChatId }, send: "send-personal-message", first: first(ann, bob) },
      { ChatId: ann.id, name: {}, send: "send-self-message", first: first(ann) },
    ];
  }

  async connect() {
    this.devices = new Map();
    for (const person of this.people) this.devices.set(person.id, await person.connect());
  }

  visible(id) {
    const seen = ({ chat, Seq, deleted, hidden }) => !deleted && !hidden.has(id) && Seq >= (chat.first.get(id) ?? Infinity);
    return this.messages.filter(seen);
  }

  async step() {
    const { chance, people } = this;
    const person = chance.pick(people);
    const device = this.devices.get(person.id);
    return this[chance.weighed(EVENTS)](person, device, chance.pick(this.visible(person.id)));
  }

  async say({ id, name }, device) {
    const chat = this.chance.pick(this.chats.filter(({ first }) => first.has(id)));
    if (!chat) return;
    const Content = this.texts.text();
    const { Ok, ...stored } = await device.must(chat.send, { ...chat.name, Content });
    this.messages.push({ ...stored, chat, Content, by: id, Sender: name, hidden: new Set(), since: performance.now() });
  }

  async edit({ id }, device, message) {
    if (message?.by !== id) return;
    const Content = this.texts.text();
    await device.must("edit-message", { ChatId: message.ChatId, Seq: message.Seq, Content });
    Object.assign(message, { Content, since: performance.now() });
  }

  async remove({ id }, device, message) {
    if (!message || (message.by !== id && message.chat.owner?.id !== id)) return;
    await device.must("delete-message", { ChatId: message.ChatId, Seq: message.Seq });
    message.deleted = true;
  }

  async hide({ id }, device, message) {
    if (!message) return;
    await device.must("hide-message", { ChatId: message.ChatId, Seq: message.Seq });
    message.hidden.add(id);
  }

  async clear({ id }, device, message) {
    if (!message) return;
    await device.must("clear-chat", { ChatId: message.ChatId, Seq: message.Seq });
    message.chat.first.set(id, Math.max(message.chat.first.get(id), message.Seq + 1));
  }

  async kick({ id }) {
    const [group] = this.chats;
    if (id === group.owner.id || !group.first.has(id)) return;
    await this.devices.get(group.owner.id).must("kickout", { ...group.name, Member: id });
    group.first.delete(id);
  }

  async add({ id }) {
    const [group] = this.chats;
    if (group.first.has(id)) return;
    await this.devices.get(group.owner.id).must("add-member", { ...group.name, Member: id });
    const { LastSeq } = await this.devices.get(id).must("fetch-chat", { ChatId: group.ChatId });
    group.first.set(id, LastSeq + 1);
  }

  /// What somebody asks for, and what answers it now.
  #question({ id }) {
    const { chance } = this;
    const Query = this.texts.query((chance.pick(this.messages) ?? { Content: "a" }).Content);
    const chat = chance.happens(0.3) && chance.pick(this.chats.filter(({ first }) => first.has(id)));
    const from = chance.happens(0.2) && chance.pick(this.people);
    const time = chance.happens(0.2) && chance.pick(this.messages)?.Timestamp;
    const bound = chance.pick(["Before", "After"]);
    const filters = { Query, ...(chat && { ChatId: chat.ChatId }), ...(from && { From: from.id }), ...(time && { [bound]: time }) };
    const answers = this.visible(id)
      .filter(({ Content }) => ranges(Query, Content))
      .filter((message) => !chat || message.chat === chat)
      .filter(({ by }) => !from || by === from.id)
      .filter(({ Timestamp }) => !time || (bound === "Before" ? Timestamp < time : Timestamp >= time));
    return { filters, answers };
  }

  /// Nothing is found that is no answer, and everything that has been so for five seconds is.
  async search(person, device) {
    const { filters, answers } = this.#question(person);
    const due = answers.filter(({ since }) => performance.now() - since >= FRESH_MS);
    const results = await findAll(device, filters, 1 + this.chance.below(50));
    const found = new Set(results.map(({ Message }) => Message._id));
    this.#isAnswer(filters, results, answers.filter((message) => due.includes(message) || found.has(message._id)));
  }

  #isAnswer(filters, results, answers) {
    const asked = JSON.stringify(filters);
    assert.deepEqual(named(results.map(({ Message }) => Message)), named(newestFirst(answers)), asked);
    for (const { Message, Ranges } of results) {
      const { Content } = Message;
      assert.deepEqual(Ranges, ranges(filters.Query, Content), `${asked} in ${JSON.stringify(Content)}`);
    }
  }

  /// Everybody finds exactly what there is to be found, soon after the last message.
  async settle(questions) {
    for (const person of this.people) {
      const device = this.devices.get(person.id);
      for (let n = 0; n < questions; n += 1) {
        const { filters, answers } = this.#question(person);
        this.#isAnswer(filters, await finds(device, filters, answers), answers);
      }
    }
  }

  async restart(signal) {
    this.close();
    await stage.server.restart({ signal });
    await this.connect();
  }

  close() {
    for (const device of this.devices?.values() ?? []) device.close();
  }
}

for (const seed of SEEDS) {
  test(`whatever is said, in whatever script, is found (FIND_SEED=${seed})`, async (t) => {
    const chats = new Chats(await stage.server.people("Ann", "Bob", "Cat"), seed);
    t.after(() => chats.close());
    await chats.begin();
    for (let n = 0; n < STEPS; n += 1) {
      try {
        await chats.step();
        if (n === STEPS / 3) await chats.restart("SIGKILL");
        if (n === (STEPS * 2) / 3) await chats.restart("SIGTERM");
      } catch (error) {
        error.message = `step ${n}: ${error.message}; FIND_SEED=${seed}`;
        throw error;
      }
    }
    await chats.settle(60);
    await chats.restart("SIGKILL");
    await chats.settle(10);
    t.diagnostic(`${chats.messages.length} messages`);
  });
}
