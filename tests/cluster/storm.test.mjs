// Somebody is removed, muted or banned and let in again, over and over, at all nodes, and talks from all nodes meanwhile: all said in
// between is refused, all else is heard, by that one too up to the removal. STORM_SEED=n has one again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { scale } from "../faults/town.mjs";
import { Chance } from "../interop/chance.mjs";
import { Stage } from "../interop/room.mjs";
import { Tape, placeOf } from "./tape.mjs";

const { STORM_SEED } = process.env;
const SEEDS = STORM_SEED ? [Number(STORM_SEED)] : [1, 2];
const TURNS = scale(40, 1_500);
const PIPELINED = 4;

let stage, server;
before(async () => {
  stage = await Stage.open();
  ({ server } = stage);
});
after(() => stage?.close());

/// What takes Bob's right to speak, and what gives it back; how the others hear of it, and what Bob's sends are refused with between.
const STORMS = {
  "kicked and added": {
    ends: ({ GroupId, Member }) => [["kickout", { GroupId, Member }]],
    begins: ({ GroupId, Member }) => [["add-member", { GroupId, Member }]],
    code: "not_found",
    told: { Removed: false, Added: true },
  },
  "banned and added": {
    ends: ({ GroupId, Member }) => [["ban-member", { ChatId: GroupId, Member }]],
    begins: ({ GroupId, Member }) => [["unban-member", { ChatId: GroupId, Member }], ["add-member", { GroupId, Member }]],
    code: "not_found",
    told: { Banned: false, Added: true },
  },
  "muted and heard": {
    ends: ({ GroupId, Member }) => [["mute-member", { ChatId: GroupId, Member, Seconds: 3_600 }]],
    begins: ({ GroupId, Member }) => [["mute-member", { ChatId: GroupId, Member, Seconds: 0 }]],
    code: "muted",
    told: { Muted: false, Unmuted: true },
  },
};

class Storm {
  stored = [];
  refused = 0;
  #over = false;
  #heard = () => {};

  constructor(rules, seed) {
    Object.assign(this, { rules, chance: new Chance(seed) });
  }

  async open() {
    const { ann, bob, cat } = stage;
    const room = await stage.room("Group");
    room.leave();
    this.ids = { GroupId: room.ChatId, Member: bob.id };
    const tapes = (person) => Promise.all(server.nodes.map((node) => Tape.open(node, person)));
    [this.anns, this.bobs, this.cats] = await Promise.all([ann, bob, cat].map(tapes));
  }

  /// Sends until all is over; every send is acknowledged or refused for the right reason.
  async talks(tape, codes) {
    const { GroupId } = this.ids;
    const open = new Set();
    for (let n = 0; !this.#over; n += 1) {
      const sent = tape.ask("send-group-message", { GroupId, Content: `${n}` }).then((answer) => {
        open.delete(sent);
        if (answer.Ok) this.stored.push(answer.Seq);
        else this.refused += 1;
        if (!answer.Ok) assert.ok(codes.includes(answer.Code), JSON.stringify(answer));
        this.#heard(tape, answer);
      });
      open.add(sent);
      while (open.size >= PIPELINED) await Promise.race(open);
    }
    await Promise.all(open);
  }

  /// Waits for a send of Bob's that was stored, or refused.
  #bob(stored) {
    return new Promise((resolve) => {
      this.#heard = (tape, { Ok }) => this.bobs.includes(tape) && Ok === stored && resolve();
    });
  }

  async turns() {
    const { rules, ids, chance } = this;
    for (let turn = 0; turn < TURNS; turn += 1) {
      // Now and then nobody waits: the removal meets the first messages.
      if (chance.happens(0.7)) await this.#bob(true);
      for (const asked of rules.ends(ids)) await chance.pick(this.anns).must(...asked);
      if (chance.happens(0.3)) await this.#bob(false);
      for (const asked of rules.begins(ids)) await chance.pick(this.anns).must(...asked);
    }
    this.#over = true;
  }

  async blow() {
    await this.open();
    const bobs = this.bobs.map((tape) => this.talks(tape, [this.rules.code]));
    await Promise.all([this.turns(), ...bobs, this.talks(this.cats[0], [])]);
    for (const tape of this.tapes) await tape.abreast(this.ids.GroupId);
  }

  get tapes() {
    return [...this.anns, ...this.bobs, ...this.cats];
  }

  close() {
    for (const tape of this.tapes) tape.close();
  }

  /// What those hear who stay: one order, and no message of Bob's while it was not to be.
  holds(say) {
    const { GroupId, Member } = this.ids;
    const orders = [...this.anns, ...this.cats].map((tape) => tape.order(GroupId));
    for (const order of orders) assert.deepEqual(order, orders[0], say("one order for all who stay"));
    const seqs = orders[0].filter((place) => place.startsWith("s")).map((place) => Number(place.slice(1)));
    assert.deepEqual(seqs, seqs.map((_, n) => n + 1), say("without gaps"));
    assert.deepEqual(this.stored.toSorted((one, other) => one - other), seqs, say("acknowledged is what is stored"));
    let may = true;
    for (const { name, payload } of this.cats.at(-1).lines) {
      if (name === "chat-changed" && payload.ChatId === GroupId) may = this.rules.told[payload.What] ?? may;
      if (name === "receive-group-message" && payload.SenderId === Member) assert.ok(may, say(`message ${payload.Seq} of Bob's`));
    }
  }

  /// From being added up to the removal Bob hears everything, and outside nothing.
  hears(tape, say) {
    const { GroupId } = this.ids;
    const spans = this.#spans();
    const heard = [[]];
    let inside = true;
    for (const line of tape.lines) {
      if (line.name === "kicked-out") inside = false;
      if (line.name === "new-grp-added") inside = heard.push([]) > 0;
      if (line.payload?.ChatId !== GroupId) continue;
      const [place] = placeOf(line);
      if (!place?.startsWith("s")) continue;
      assert.ok(inside, say(`${place} reached Bob outside`));
      heard.at(-1).push(Number(place.slice(1)));
    }
    assert.deepEqual(heard, spans, say("all between, and nothing else"));
  }

  /// The messages that were stored while Bob was in, by the changes that others heard.
  #spans() {
    const changes = this.cats[0].heard("chat-changed").filter(({ ChatId }) => ChatId === this.ids.GroupId);
    const turns = changes.filter(({ What }) => What in this.rules.told);
    const edges = [0, ...turns.map(({ AfterSeq }) => AfterSeq), this.stored.length];
    const spans = [];
    for (let n = 0; n + 1 < edges.length; n += 2) spans.push(Array.from({ length: edges[n + 1] - edges[n] }, (_, k) => edges[n] + k + 1));
    return spans;
  }
}

for (const [who, rules] of Object.entries(STORMS)) {
  for (const seed of SEEDS) {
    test(`who is ${who} again and again says and hears what there is between, and no more (STORM_SEED=${seed})`, async (t) => {
      const say = (what) => `${what}; STORM_SEED=${seed}`;
      const storm = new Storm(rules, seed);
      await storm.blow();
      storm.holds(say);
      if (rules.code === "not_found") for (const tape of storm.bobs) storm.hears(tape, say);
      t.diagnostic(`${TURNS} turns, ${storm.stored.length} messages stored, ${storm.refused} refused`);
      assert.ok(storm.refused > 0, "both sides were seen");
      storm.close();
    });
  }
}
