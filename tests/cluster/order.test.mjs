// Many talk and change things at once, at all nodes: there is one order, the same at every socket, and an acknowledgement stands where
// the event stands for the others. ORDER_SEED=n has one again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Chance } from "../interop/chance.mjs";
import { Stage } from "../interop/room.mjs";
import { scale } from "../faults/town.mjs";
import { Tape } from "./tape.mjs";

const { ORDER_SEED } = process.env;
const SEEDS = ORDER_SEED ? [Number(ORDER_SEED)] : [1, 2, 3];
const DEEDS = scale(60, 1_000);
const PIPELINED = 6;

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// A tape of each person at each node, and the chat that all are in.
async function open(kind) {
  const room = await stage.room(kind);
  room.leave();
  const tapes = await Promise.all(room.people.flatMap((person) => stage.server.nodes.map((node) => Tape.open(node, person))));
  const { LastSeq } = await tapes[0].must("fetch-chat", { ChatId: room.ChatId });
  return { room, tapes, LastSeq };
}

/// Says things and changes what it said before, so many at once.
async function busy(tape, room, chance, owns) {
  const { ChatId, send, name } = room;
  const said = [];
  const open = new Set();
  for (let n = 0; n < DEEDS; n += 1) {
    const Content = `${tape.person.name} ${chance.seed}-${n}-${chance.below(1_000_000)}`;
    const Seq = chance.pick(said);
    const deed = Seq && chance.happens(0.3) ? "edit" : owns && chance.happens(0.1) ? "rename" : "send";
    const asked = { edit: ["edit-message", { ChatId, Seq, Content }], rename: ["edit-group", { ChatId, Name: Content }] }[deed];
    const answer = tape.must(...(asked ?? [send, { ...name, Content }])).then((done) => deed === "send" && said.push(done.Seq));
    const held = answer.finally(() => open.delete(held));
    open.add(held);
    while (open.size >= PIPELINED) await Promise.race(open);
  }
  await Promise.all(open);
  return said;
}

for (const kind of ["Self", "Personal", "Group"]) {
  for (const seed of SEEDS) {
    test(`one order at all sockets, acknowledgements in their place: ${kind} (ORDER_SEED=${seed})`, async (t) => {
      const { room, tapes, LastSeq } = await open(kind);
      const own = (tape) => kind === "Group" && tape.person === room.people[0];
      const said = await Promise.all(tapes.map((tape, n) => busy(tape, room, new Chance(seed * 1_000 + n), own(tape))));
      for (const tape of tapes) await tape.abreast(room.ChatId);
      const say = (what) => `${what}; ORDER_SEED=${seed}`;

      const [first] = tapes.map((tape) => tape.order(room.ChatId));
      for (const tape of tapes) {
        const order = tape.order(room.ChatId);
        const at = first.findIndex((place, n) => order[n] !== place);
        assert.ok(at < 0, say(`${first.slice(at - 2, at + 5)} here, ${order.slice(at - 2, at + 5)} there`));
        assert.equal(order.length, first.length);
        for (const change of tape.heard("chat-changed").filter(({ ChatId }) => ChatId === room.ChatId)) {
          const before = order.slice(0, order.indexOf(`r${change.Rev}`)).filter((place) => place.startsWith("s"));
          assert.equal(`s${change.AfterSeq}`, before.at(-1) ?? "s0", say("the change says after which message it came"));
        }
      }
      const seqs = first.filter((place) => place.startsWith("s"));
      assert.deepEqual(seqs, seqs.map((_, n) => `s${LastSeq + n + 1}`), say("Seq has no gaps, and rises"));
      assert.equal(seqs.length, said.flat().length);
      const revs = first.filter((place) => place.startsWith("r")).map((place) => Number(place.slice(1)));
      assert.deepEqual(revs, revs.toSorted((one, other) => one - other), say("Rev rises"));
      assert.equal(new Set(revs).size, revs.length);
      t.diagnostic(`${seqs.length} messages and ${revs.length} changes at ${tapes.length} sockets`);
      for (const tape of tapes) tape.close();
    });
  }
}
