// A group in which an admin removes a member while the member talks, and a witness who hears both.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Person } from "../interop/people.mjs";

const SENDS = 6;
const SEATS = 3;

export class Arena {
  stored = 0;
  refused = 0;
  #races = 0;
  #said = [];

  /// So many groups of an admin, a member and a witness; the member has two devices.
  static async open(server, arenas) {
    const out = join(server.home, "people.json");
    await server.command("seed", "--users", `${arenas * SEATS}`, "--groups", `${arenas}x${SEATS}`, "--out", out);
    const people = JSON.parse(await readFile(out, "utf8")).map((seeded) => person(server, seeded));
    return Promise.all(Array.from({ length: arenas }, (_, n) => new Arena().#begin(people.slice(n * SEATS, (n + 1) * SEATS))));
  }

  async #begin([admin, member, witness]) {
    this.GroupId = admin.chats.find((chat) => chat.kind === "group").id;
    Object.assign(this, { person: member });
    [this.admin, this.phone, this.laptop, this.witness] = await Promise.all([admin, member, member, witness].map((who) => who.connect()));
    return this;
  }

  /// One race: the member's messages are under way when the admin removes the member. Then the admin says something else.
  async race() {
    const { GroupId, admin, phone, laptop, witness, person } = this;
    const Member = person.id;
    const race = (this.#races += 1);
    const head = Math.floor(Math.random() * (SENDS + 1));
    const sends = [];
    const say = (n) => sends.push(phone.ask("send-group-message", { GroupId, Content: `${race}-${n}` }));
    for (let n = 0; n < head; n += 1) say(n);
    // Some of what was said first has been stored when the removal comes, now and then.
    if (head > 0 && race % 3 === 0) await sends[0];
    const kicked = admin.must("kickout", { GroupId, Member });
    for (let n = head; n < SENDS; n += 1) say(n);
    await kicked;
    const after = await admin.must("send-group-message", { GroupId, Content: `${race}-after` });
    await this.#settled(await Promise.all(sends), after, race);
    await admin.must("add-member", { GroupId, Member });
    for (const device of [phone, laptop]) {
      await device.next("new-grp-added");
      await device.next("create-group-chat-receiver");
      await device.next("chat-changed");
    }
    await admin.next("add-member-success");
    await witness.next("add-member-success");
    await witness.next("chat-changed");
  }

  /// What everybody was told: the admin and the witness the same messages, all of them before the removal; the member's devices the
  /// removal, and nothing after it.
  async #settled(answers, after, race) {
    const stored = answers.filter((answer) => answer.Ok);
    this.stored += stored.length;
    this.refused += answers.length - stored.length;
    for (const answer of answers) if (!answer.Ok) assert.equal(answer.Code, "not_found", JSON.stringify(answer));
    const seqs = stored.map((answer) => answer.Seq);
    assert.deepEqual(seqs, [...seqs].sort((one, other) => one - other), "in the order in which they were sent");
    assert.ok(seqs.every((seq) => seq < after.Seq), `${seqs} before ${after.Seq}`);
    this.#said.push(...stored.map((answer) => answer._id), after._id);

    await this.#heard(this.admin, "receive-group-message", seqs, "kickout-successful");
    await this.#heard(this.witness, "receive-group-message", seqs, "someone-kicked-out");
    assert.equal((await this.witness.next("chat-changed")).What, "Removed");
    assert.equal((await this.witness.next("receive-group-message")).Content, `${race}-after`);
    await this.#heard(this.laptop, "sent-group-message", seqs, "kicked-out");
    await this.#heard(this.phone, undefined, [], "kicked-out");
    const { Chats, Gone } = await this.laptop.must("sync", { Chats: { [this.GroupId]: 0 } });
    assert.deepEqual(Gone, [this.GroupId]);
    assert.ok(!Chats.some((chat) => chat.Id === this.GroupId));
    for (const device of [this.phone, this.laptop]) {
      await device.quiet("fetch-group-chat", { GroupId: this.GroupId });
      await device.quiet();
    }
  }

  /// A device heard these messages, in this order, and then the removal.
  async #heard(device, name, seqs, removal) {
    for (const seq of seqs) {
      const told = await device.either(name, removal);
      assert.equal(told.name, name, `${removal} came before message ${seq}`);
      assert.equal(told.payload.Seq, seq);
    }
    assert.equal((await device.either(...[name, removal].filter(Boolean))).name, removal);
  }

  /// The group's history has exactly what was acknowledged, without a gap.
  async isWhole() {
    const ids = [];
    for (let last = 0, more = true; more; ) {
      const { Chats } = await this.witness.must("sync", { Chats: { [this.GroupId]: last }, Limit: 200 });
      const { Messages, HasMore } = Chats.find((chat) => chat.Id === this.GroupId);
      for (const { Seq, _id } of Messages) assert.equal(Seq, ids.push(_id));
      [last, more] = [ids.length, HasMore];
    }
    assert.deepEqual(ids, this.#said);
  }
}

/// A seeded user as a person who can connect.
function person(server, { id, name, email, password, access_token, refresh_token, chats }) {
  const tokens = { accessToken: access_token, refreshToken: refresh_token };
  return Object.assign(new Person(server, { name, email, password }), { id, tokens, chats });
}
