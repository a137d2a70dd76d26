// Long random histories of a chat of two: what each makes of it for oneself, and blocks between them, held against a model of the
// rules: what is answered, what each device hears, what is so afterwards, over a crash too. And bursts, in which nobody waits for an
// answer: whatever was first, in the end all devices hold the same. PAIR_SEED=n has one again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { History } from "./history.mjs";
import { PairModel } from "./pair-model.mjs";
import { Stage } from "./room.mjs";

const { PAIR_SEED } = process.env;
const SEEDS = PAIR_SEED ? [Number(PAIR_SEED)] : [1, 2, 3, 4];
const STEPS = 250;
const BURSTS = 40;
const LONG = 3_600;
/// What may come of it if nobody knows what was first.
const REFUSALS = [undefined, "not_found", "blocked", "forbidden", "conflict", "too_large"];
/// What is asked, and how often beside the rest.
const EVENTS = {
  "set-chat-prefs": 14, "clear-chat": 2, "read-personal-message": 10, "send-personal-message": 14, "forward-message": 3, typing: 1,
  "edit-message": 3, react: 5, "pin-message": 3, "delete-message": 3, "star-message": 4, "hide-message": 2, "block-user": 10,
};
const PREFS = { Mute: [0, LONG], Archived: [true, false], Pinned: [true, false], MarkedUnread: [true, true, false], Hidden: [true, true, false] };

let stage;
/// One chat may be pinned, so that in bursts many a preference is decided that does not come true.
before(async () => (stage = await Stage.open({ "chats.pinned": "1" })));
after(() => stage?.close());

class PairHistory extends History {
  constructor(seed, people) {
    super(stage.server, people, seed);
    this.two = this.ids.slice(0, 2);
    this.model = new PairModel(this.two);
  }

  async begin() {
    await this.connect();
    const [one, other] = this.two;
    await this.devices.get(one).must("create-personal-chat", { Receiver: other });
    const { ChatId } = await this.devices.get(one).next("create-personal-chat-creator");
    for (const device of [this.laptops.get(one), ...this.of(other)]) await device.next("create-personal-chat-partner");
    this.ChatId = ChatId;
  }

  async connect() {
    await super.connect();
    this.laptops = new Map(await Promise.all(this.people.map(async (person) => [person.id, await person.connect()])));
  }

  of(id) {
    return [this.devices.get(id), this.laptops.get(id)];
  }

  partner(id) {
    return this.two.find((other) => other !== id);
  }

  choose() {
    const { chance, ids, two } = this;
    const event = chance.weighed(EVENTS);
    const by = chance.pick(event !== "block-user" && chance.happens(0.04) ? ids : two);
    return { by, event, payload: this.#payload(event, by) };
  }

  #payload(event, by) {
    const { chance, model } = this;
    const Seq = 1 + chance.below(model.messages.length + 1);
    const On = chance.happens(0.6);
    switch (event) {
      case "set-chat-prefs":
        return this.#prefs();
      case "clear-chat":
      case "read-personal-message":
        return chance.happens(0.5) ? {} : { Seq };
      case "send-personal-message":
        return { Content: `${model.messages.length + 1} by ${chance.below(1_000_000)}` };
      case "forward-message":
        return { Seq, To: this.ChatId };
      case "typing":
        return { On };
      case "edit-message":
        return { Seq, Content: `${Seq} edited, ${chance.below(1_000_000)}` };
      case "react":
        return { Seq, Emoji: "👍", On };
      case "delete-message":
      case "hide-message":
        return { Seq };
      // Most blocks end soon, or little would be said.
      case "block-user":
        return { User: this.partner(by), On: !model.blocked && chance.happens(0.5) };
      default:
        return { Seq, On };
    }
  }

  #prefs() {
    const { chance } = this;
    const names = Object.keys(PREFS).filter(() => chance.happens(0.3));
    return Object.fromEntries((names.length > 0 ? names : ["Hidden"]).map((name) => [name, chance.pick(PREFS[name])]));
  }

  #request(event, payload) {
    return event === "block-user" ? payload : { ChatId: this.ChatId, ...payload };
  }

  /// One request, answered and told as the model says.
  async step({ by, event, payload }) {
    const { code, self, own, partner, rev, seq } = this.model.ask(by, event, payload);
    const [device, laptop] = this.devices.has(by) ? this.of(by) : [];
    const answer = await device.ask(event, this.#request(event, payload));
    assert.equal(answer.Code, code, JSON.stringify(answer));
    if (code) return;
    if (rev !== undefined) assert.equal(answer.Rev, rev);
    if (seq !== undefined) assert.equal(answer.Seq, seq);
    await hears(device, self);
    await hears(laptop, own);
    for (const other of this.of(this.partner(by))) await hears(other, partner);
  }

  /// Nobody heard what they should not, and what can be asked for is what the model has.
  async check() {
    const { ChatId } = this;
    for (const id of this.ids) {
      const { Ok, Code, ...chat } = await this.devices.get(id).ask("fetch-chat", { ChatId });
      const isIn = this.two.includes(id);
      assert.equal(Code, isIn ? undefined : "not_found");
      if (isIn) await this.#isSo(id, chat);
      for (const device of this.of(id)) {
        const names = device.untaken.filter((name) => name !== "typing");
        assert.deepEqual(names, [], "heard and not expected");
      }
    }
  }

  async #isSo(id, { Prefs, ...chat }) {
    const { model, ChatId } = this;
    const { own, read } = model.sides.get(id);
    const { shown } = model.sides.get(this.partner(id));
    const [LastSeq, pointers] = [model.messages.length, { PartnerReadSeq: shown, DeliveredSeq: shown }];
    assert.deepEqual(chat, { ChatId, Kind: "Personal", LastSeq, Rev: model.rev, Own: own, ReadSeq: read, PartnerId: this.partner(id), ...pointers });
    this.#arePrefs(id, Prefs);
    const row = await this.#row(id);
    assert.equal(row === undefined, model.sides.get(id).prefs.hidden === true, "in the list unless hidden");
    if (row) {
      const { Unread, ReadSeq, PartnerReadSeq, Last } = row;
      assert.deepEqual([Unread, ReadSeq, PartnerReadSeq, row.LastSeq], [model.unread(id), read, shown, LastSeq]);
      const isSeen = LastSeq > 0 && model.visible(id, LastSeq) && !model.sides.get(id).marks.get(LastSeq)?.hidden;
      assert.deepEqual([Last?.Seq, Last?.Content], isSeen ? [LastSeq, model.messages[LastSeq - 1].content] : [undefined, undefined]);
      assert.deepEqual(row.Prefs, Prefs);
    }
    const { Users } = await this.devices.get(id).must("fetch-blocks", {});
    assert.deepEqual(Users.map(({ _id }) => _id), model.sides.get(id).blocks ? [this.partner(id)] : []);
  }

  #arePrefs(id, { MutedUntil, ...prefs }) {
    const { prefsOwn, first, prefs: wanted } = this.model.sides.get(id);
    const fields = { Archived: wanted.archived, Pinned: wanted.pinned, MarkedUnread: wanted.markedUnread, Hidden: wanted.hidden };
    const set = Object.fromEntries(Object.entries(fields).filter(([, is]) => is));
    assert.deepEqual(prefs, { Own: prefsOwn, FirstSeq: first, ...set });
    assert.equal(MutedUntil !== undefined, wanted.silent === true);
  }

  async #row(id) {
    const device = this.devices.get(id);
    await device.must("list-chats", {});
    const { PersonalChatList } = await device.next("personal-chat-list");
    await device.next("group-chat-list");
    return PersonalChatList.find(({ _id }) => _id === this.ChatId);
  }

  async end() {
    for (const [id, view] of await this.#views()) {
      assert.equal(view !== undefined, this.two.includes(id));
      if (!view) continue;
      const seen = this.model.messages.map((_, n) => n + 1).filter((seq) => this.model.visible(id, seq));
      assert.deepEqual(view.messages.map(({ Seq }) => Seq), seen);
      this.#arePrefs(id, view.prefs);
    }
  }

  #views() {
    return this.copies(this.ChatId, ["fetch-personal-chat", { ChatId: this.ChatId }]);
  }

  /// Both ask a few things at once, of which each may be refused. No more is pinned than may be.
  async burst() {
    const asked = Array.from({ length: 2 + this.chance.below(5) }, () => this.#asked()).flat();
    const answers = await Promise.all(asked.map(({ by, event, payload }) => this.devices.get(by).ask(event, payload)));
    for (const { Code } of answers) assert.ok(REFUSALS.includes(Code), Code);
    for (const id of this.two) {
      const device = this.devices.get(id);
      const { Chats } = await device.must("sync", {});
      assert.ok(Chats.filter(({ Prefs }) => Prefs.Pinned).length <= 1, "one is pinned");
      const { Prefs, LastSeq } = await device.must("fetch-chat", { ChatId: this.ChatId });
      assert.deepEqual(Prefs, Chats.find(({ Id }) => Id === this.ChatId).Prefs, "what is told is stored");
      // Places are chosen among those that there are.
      this.model.messages.length = LastSeq;
    }
  }

  /// Mostly something of the chat; now and then the notes take the place of what is pinned or give it back, or what is wanted with a
  /// pin that may fail ends by what is asked right after it.
  #asked() {
    const { by, event, payload } = this.choose();
    const all = [[by, event, this.#request(event, payload)]];
    if (this.chance.happens(0.2)) all.push([by, "set-chat-prefs", { ChatId: by, Pinned: this.chance.happens(0.5) }]);
    if (this.chance.happens(0.4)) {
      const ends = this.chance.pick(["send-personal-message", "read-personal-message"]);
      all.push([by, "set-chat-prefs", { ChatId: this.ChatId, Pinned: true, Archived: true, MarkedUnread: true, Hidden: true }]);
      all.push([by, ends, { ChatId: this.ChatId, ...(ends.startsWith("send") && { Content: "here" }) }]);
    }
    return all.map(([by, event, payload]) => ({ by, event, payload }));
  }

  /// Whatever came first: the copies are alike, and agree with what can be asked for.
  async settled() {
    const views = await this.#views();
    const shared = this.two.map((id) => this.devices.get(id).must("fetch-chat", { ChatId: this.ChatId }));
    const [one, other] = await Promise.all(shared);
    assert.deepEqual([one.Rev, one.LastSeq], [other.Rev, other.LastSeq]);
    for (const [id, chat] of [[this.two[0], one], [this.two[1], other]]) {
      const { prefs, readSeq, messages } = views.get(id);
      assert.deepEqual([prefs, readSeq], [chat.Prefs, chat.ReadSeq]);
      const seqs = Array.from({ length: chat.LastSeq + 1 - chat.Prefs.FirstSeq }, (_, n) => chat.Prefs.FirstSeq + n);
      assert.deepEqual(messages.map(({ Seq }) => Seq), seqs);
    }
  }

  close() {
    super.close();
    for (const laptop of this.laptops?.values() ?? []) laptop.close();
  }
}

/// Takes these events from a device; that a chat is back comes before what is said in it.
async function hears(device, names) {
  const heard = [];
  while (heard.length < names.length) heard.push((await device.either(...names)).name);
  assert.deepEqual(heard.toSorted(), names.toSorted());
  if (heard.includes("create-personal-chat-partner")) {
    const back = heard.indexOf("create-personal-chat-partner");
    assert.ok(heard.every((name, n) => !name.endsWith("-personal-message") || n > back), `${heard}: in this order`);
  }
}

for (const seed of SEEDS) {
  test(`whatever two do with their chat, it is as the rules say (PAIR_SEED=${seed})`, async (t) => {
    const history = new PairHistory(seed, await stage.server.people("Dan", "Eli", "Fay"));
    t.after(() => history.close());
    await history.unfold(t, STEPS, `PAIR_SEED=${seed}`);
  });

  test(`whatever two do with their chat at once, all devices hold the same in the end (PAIR_SEED=${seed})`, async (t) => {
    const history = new PairHistory(seed, await stage.server.people("Dan", "Eli"));
    t.after(() => history.close());
    await history.begin();
    for (let n = 0; n < BURSTS; n += 1) {
      await history.burst();
      history.weather();
      if (n === Math.floor(BURSTS / 2)) await history.crash();
    }
    await history.settled();
  });
}
