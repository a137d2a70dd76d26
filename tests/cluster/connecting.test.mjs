// Somebody connects, at all nodes, while others add, remove and talk at all nodes: the lists and what is heard after them are together
// what the database has. CONNECT_SEED=n has one again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { scale } from "../faults/town.mjs";
import { Chance } from "../interop/chance.mjs";
import { Server } from "../interop/server.mjs";
import { Tape } from "./tape.mjs";

const { CONNECT_SEED } = process.env;
const SEEDS = CONNECT_SEED ? [Number(CONNECT_SEED)] : [1, 2, 3];
const ROUNDS = scale(3, 400);
const DEEDS = 60;
const CONNECTIONS = 9;
const GROUPS = 5;
const JOINED = ["new-grp-added", "create-group-chat-receiver"];
const GONE = ["kicked-out", "delete-grp-success-receiver"];

let server;
before(async () => (server = await Server.start()));
after(() => server?.close());

/// Ann leads some groups, in and out of which Dan is.
class Town {
  groups = new Map();
  #said = 0;

  constructor(ann, dan, seed) {
    Object.assign(this, { dan, chance: new Chance(seed) });
    this.opened = server.everywhere(ann).then((anns) => (this.anns = anns));
  }

  async found(isIn = this.chance.happens(0.5)) {
    const device = this.chance.pick(this.anns);
    const Participants = isIn ? [this.dan.id] : [];
    await device.must("create-group-chat", { Name: "Band", Description: "", Participants });
    const { GroupId } = await device.next("create-group-chat-creator");
    this.groups.set(GroupId, isIn);
  }

  /// One thing happens, each at any node; what belongs to one group one after the other.
  async deed() {
    const { chance, groups, dan } = this;
    const device = chance.pick(this.anns);
    if (groups.size < GROUPS || chance.happens(0.05)) return this.found();
    const GroupId = chance.pick([...groups.keys()]);
    if (chance.happens(0.65)) return device.must("send-group-message", { GroupId, Content: `${(this.#said += 1)}` });
    const isIn = groups.get(GroupId);
    groups.set(GroupId, !isIn);
    return device.must(isIn ? "kickout" : "add-member", { GroupId, Member: dan.id });
  }

  /// So many deeds, while Dan connects now and then. Returns what Dan's connections were told.
  async stream() {
    const { chance, dan } = this;
    const opening = new Map();
    const at = Array.from({ length: CONNECTIONS }, () => chance.below(DEEDS));
    for (let n = 0; n < DEEDS; n += 1) {
      for (const [number] of at.entries()) if (at[number] === n) opening.set(number, Tape.open(server.nodes[number % server.nodes.length], dan));
      await this.deed();
    }
    return Promise.all(opening.values());
  }
}

/// What a connection knows of each chat: from which message on, and what it heard. Of a group that is in no list any more, since Dan was removed
/// while that was made, the last messages may still come, and then the removal.
function known(tape) {
  const chats = new Map();
  const parting = new Set();
  for (const { name, payload } of tape.lines) {
    if (name === "group-chat-list") {
      // Again after a deletion, where it replaces what was known.
      for (const { _id, LastSeq } of payload.GroupChatList) if (!chats.has(_id)) chats.set(_id, { from: LastSeq + 1, heard: new Set() });
    } else if (JOINED.includes(name)) chats.set(payload.GroupId, { heard: new Set() });
    else if (GONE.includes(name)) {
      chats.delete(payload.GroupId);
      parting.delete(payload.GroupId);
    } else if (name === "receive-group-message") {
      if (chats.has(payload.ChatId)) chats.get(payload.ChatId).heard.add(payload.Seq);
      else parting.add(payload.ChatId);
    }
  }
  assert.deepEqual([...parting], [], `${tape.person.name} heard of groups without being told to be in them`);
  return chats;
}

/// Holds one connection against what `sync` brings.
async function agrees(tape, say) {
  const { Chats } = await tape.must("sync", { Limit: 200 });
  const groups = Chats.filter(({ Kind }) => Kind === "Group");
  const chats = known(tape);
  assert.deepEqual([...chats.keys()].sort(), groups.map(({ Id }) => Id).sort(), say("the groups that Dan is in"));
  for (const { Id, LastSeq, FirstSeq } of groups) {
    const { from = FirstSeq, heard } = chats.get(Id);
    for (let seq = Math.max(from, FirstSeq); seq <= LastSeq; seq += 1) assert.ok(heard.has(seq), say(`${seq} of ${LastSeq} in ${Id}, from ${from}`));
  }
}

for (const seed of SEEDS) {
  test(`who connects in the middle of it misses nothing (CONNECT_SEED=${seed})`, async (t) => {
    const say = (what) => `${what}; CONNECT_SEED=${seed}`;
    const [ann, dan] = await server.people("Ann", "Dan");
    const town = new Town(ann, dan, seed);
    await town.opened;
    for (let round = 0; round < ROUNDS; round += 1) {
      const tapes = await town.stream();
      for (const tape of tapes) {
        for (const GroupId of town.groups.keys()) await tape.abreast(GroupId);
        await agrees(tape, say);
        tape.close();
      }
    }
    t.diagnostic(`${ROUNDS * CONNECTIONS} connections, ${town.groups.size} groups`);
    for (const device of town.anns) device.close();
  });
}
