// What a client holds after whatever happened, by the rules of the contract: first each rule by itself, then all of them against a
// group in memory.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Chance } from "./chance.mjs";
import { Copy } from "./copy.mjs";
import { GROUP, Pretend } from "./pretend.mjs";
import { Replica } from "./replica.mjs";

const ANN = { id: "ann", name: "Ann" };
const said = (Seq, more = {}) => ({ ChatId: "c", _id: `m${Seq}`, Seq, Timestamp: "t", Content: `${Seq}`, Sender: "Bob", SenderId: "bob", ...more });
const row = (more = {}) => ({ Id: "c", Messages: [], HasMore: false, Rev: 0, Own: 0, ReadSeq: 0, FirstSeq: 1, Prefs: { Own: 0, FirstSeq: 1 }, ...more });

/// A replica that has caught up with one chat.
function caughtUp(more) {
  const replica = new Replica(ANN);
  replica.answered(replica.question(), { Chats: [row(more)], Gone: [] });
  return replica;
}

/// A copy of each order in which these arrive, and what they all show.
function inAnyOrder(...arrivals) {
  const orders = (list) => (list.length < 2 ? [list] : list.flatMap((one, n) => orders(list.toSpliced(n, 1)).map((rest) => [one, ...rest])));
  const views = orders(arrivals).map((order) => {
    const copy = new Copy("c", "ann");
    for (const arrive of order) arrive(copy);
    return copy.view;
  });
  for (const view of views) assert.deepEqual(view, views[0]);
  return views[0];
}

test("of a message the state with the highest Rev stands, of marks the one with the highest Own", () => {
  const { messages } = inAnyOrder(
    (copy) => copy.message(said(1)),
    (copy) => copy.message(said(1, { Rev: 3, Content: "edited" })),
    (copy) => copy.message(said(1, { Rev: 2, Content: "older", My: { Own: 1, Starred: true } })),
    (copy) => copy.mark(1, { Own: 2 }),
  );
  assert.deepEqual([messages[0].Content, messages[0].My], ["edited", { Own: 2 }]);
});

test("a tombstone has no marks, and what is hidden shows nothing, however they come", () => {
  const { messages } = inAnyOrder(
    (copy) => copy.message(said(1, { My: { Own: 1, Starred: true } })),
    (copy) => copy.message(said(1, { Rev: 1, Content: "", DeletedAt: "now" })),
    (copy) => copy.message(said(2, { Rev: 2, Content: "secret" })),
    (copy) => copy.message(said(2, { Content: "", My: { Own: 2, Hidden: true } })),
  );
  assert.equal(messages[0].My, undefined);
  assert.deepEqual(messages[1], { _id: "m2", Seq: 2, SenderId: "bob", Timestamp: "t", Rev: 2, Hidden: 2 });
});

test("a quote is drawn from what is held of the original", () => {
  const { messages } = inAnyOrder(
    (copy) => copy.message(said(1, { Content: "x".repeat(200) })),
    (copy) => copy.message(said(2, { ReplyTo: { Seq: 1, SenderId: "bob", Sender: "Bob", Content: "old" } })),
    (copy) => copy.message(said(1, { Rev: 1, Content: "y".repeat(200) })),
  );
  assert.deepEqual(messages[1].ReplyTo, { Seq: 1, SenderId: "bob", Content: "y".repeat(120), DeletedAt: undefined });
});

test("of each member the row with the highest Rev stands, and a roster drops whom it does not hold", () => {
  const member = (_id, Rev, more) => ({ _id, Name: _id, Role: "Member", Rev, ...more });
  const { members } = inAnyOrder(
    (copy) => copy.whole({ Roster: { Rev: 1, Members: [member("ann", 0), member("bob", 0), member("cat", 1)] } }),
    (copy) => copy.changed([member("bob", 2, { Gone: true })]),
    (copy) => copy.whole({ Roster: { Rev: 3, Members: [member("ann", 0), member("cat", 3)] } }),
    (copy) => copy.changed([member("dan", 4)]),
  );
  assert.deepEqual(members.map(({ _id, Rev }) => [_id, Rev]), [["ann", 0], ["cat", 3], ["dan", 4]]);
});

test("live events move the position once nothing is left open, acknowledgements never do", () => {
  const replica = new Replica(ANN);
  const asked = replica.question();
  replica.hear("receive-group-message", said(9));
  replica.answered(asked, { Chats: [row({ Messages: [said(1)], HasMore: true, Rev: 4, Own: 2 })], Gone: [] });
  const position = () => replica.chats.get("c").position;
  replica.hear("message-changed", { ChatId: "c", Rev: 9, Message: said(1, { Rev: 9 }) });
  assert.deepEqual(position(), { Seq: 1, Rev: 4, Own: 2 });
  assert.ok(replica.wanting);
  const again = replica.question();
  assert.deepEqual(again, { c: { Seq: 1, Rev: 4, Own: 2 } });
  replica.answered(again, { Chats: [row({ Messages: [said(2)], Rev: 5, Own: 3, ChangedMore: false })], Gone: [] });
  assert.deepEqual(position(), { Seq: 2, Rev: 5, Own: 3 });
  replica.sent({ Content: "3" }, { ChatId: "c", _id: "m3", Seq: 3, Timestamp: "t" });
  replica.acknowledged({ ChatId: "c", Seq: 1, Rev: 6, Message: said(1, { Rev: 6 }), Own: 9, My: { Own: 9 } });
  assert.deepEqual(position(), { Seq: 2, Rev: 5, Own: 3 });
  replica.hear("sent-group-message", said(4));
  replica.hear("message-changed", { ChatId: "c", Rev: 7, Message: said(1, { Rev: 7 }) });
  replica.hear("message-mine", { ChatId: "c", Seq: 1, My: { Own: 10 } });
  assert.deepEqual(position(), { Seq: 4, Rev: 7, Own: 10 });
  replica.connected();
  replica.hear("message-changed", { ChatId: "c", Rev: 8, Message: said(1, { Rev: 8 }) });
  assert.deepEqual(position(), { Seq: 4, Rev: 7, Own: 10 });
});

test("what has nothing new keeps its position, and a pause in it asks again", () => {
  const replica = caughtUp({ Messages: [said(1), said(2)], Rev: 3 });
  replica.connected();
  const asked = replica.question();
  replica.answered(asked, { Chats: [row({ Rev: 5, Own: 1, ChangedMore: true, Changed: [said(1, { Rev: 5 })], Mine: [{ Seq: 2, My: { Own: 1 } }] })], Gone: [] });
  assert.deepEqual(replica.chats.get("c").position, { Seq: 2, Rev: 5, Own: 1 });
  assert.ok(replica.wanting);
});

test("a chat that is gone or begins anew is forgotten", () => {
  const replica = caughtUp({ Messages: [said(1, { Content: "forgotten" })], Rev: 3 });
  replica.answered(replica.question(), { Chats: [row({ Reset: true, Messages: [said(1, { Content: "other" })], Rev: 1 })], Gone: [] });
  assert.equal(replica.chats.get("c").view.messages[0].Content, "other");
  assert.deepEqual(replica.chats.get("c").position, { Seq: 1, Rev: 1, Own: 0 });
  replica.answered(replica.question(), { Chats: [], Gone: ["c"] });
  assert.equal(replica.chats.size, 0);
});

test("an answer does not bring back a chat that was left while it was on its way, nor take one that was joined", () => {
  const replica = caughtUp({});
  const asked = replica.question();
  replica.hear("kicked-out", { GroupId: "c" });
  replica.answered(asked, { Chats: [row()], Gone: [] });
  assert.equal(replica.chats.size, 0);
  assert.ok(replica.wanting);
  const again = replica.question();
  replica.hear("new-grp-added", { ChatId: "c" });
  replica.answered(again, { Chats: [], Gone: ["c"] });
  assert.equal(replica.chats.size, 1);
  assert.ok(replica.wanting);
});

test("what is before the first visible message is dropped", () => {
  const replica = caughtUp({ Messages: [said(1), said(2), said(3)] });
  replica.answered(replica.question(), { Chats: [row({ FirstSeq: 3, Changed: [], Mine: [], Rev: 1 })], Gone: [] });
  const copy = replica.chats.get("c");
  copy.message(said(2, { Rev: 9 }));
  assert.deepEqual(copy.view.messages.map(({ Seq }) => Seq), [3]);
});

test("counts are what others said since, not deleted and not hidden", () => {
  const copy = new Copy("c", "ann");
  copy.message(said(1));
  copy.message(said(2, { Mentions: ["ann"] }));
  copy.message(said(3, { Mentions: ["all"] }));
  copy.message(said(4, { Mentions: ["all"], SenderId: "ann" }));
  copy.message(said(5, { Content: "", DeletedAt: "now" }));
  assert.deepEqual(copy.counts, { Unread: 3, Mentioned: 2 });
  copy.mark(3, { Own: 1, Hidden: true });
  copy.read(1);
  assert.deepEqual(copy.counts, { Unread: 1, Mentioned: 1 });
});

/// One device: what it hears waits in a line, and answers to `sync` wait beside it, so that either may come first.
class Device {
  line = [];
  answers = [];
  online = true;

  constructor(user) {
    this.user = user;
    this.replica = new Replica({ id: user, name: user });
  }

  cut() {
    this.online = false;
    this.line = [];
    this.answers = [];
    this.asking = false;
  }

  connect() {
    this.online = true;
    this.replica.connected();
  }
}

/// A group of three with two devices each, in which chance decides what happens and what arrives when.
class Storm {
  constructor(seed) {
    this.chance = new Chance(seed);
    this.devices = ["ann", "bob", "cat"].flatMap((user) => [new Device(user), new Device(user)]);
    this.group = new Pretend(["ann", "bob", "cat"], (user, name, payload, but) => this.#tell(user, name, payload, but));
  }

  step() {
    const { chance } = this;
    const device = chance.pick(this.devices);
    if (!device.online) return chance.happens(0.3) && device.connect();
    if (chance.happens(0.03)) return device.cut();
    if (chance.happens(0.5)) return this.#arrive(device);
    if (this.group.members.has(device.user)) this.#act(device);
  }

  /// Everybody comes back, and all arrives.
  end() {
    for (const device of this.devices) if (!device.online) device.connect();
    const busy = ({ line, answers, replica }) => line.length > 0 || answers.length > 0 || replica.wanting;
    for (let left; (left = this.devices.filter(busy)).length > 0; ) this.#arrive(this.chance.pick(left));
  }

  #tell(user, name, payload, but) {
    for (const device of this.devices) {
      if (device.user === user && device !== but && device.online) device.line.push((replica) => replica.hear(name, structuredClone(payload)));
    }
  }

  #arrive(device) {
    const { chance } = this;
    const { replica, line, answers, user } = device;
    if (replica.wanting && !device.asking) {
      const asked = replica.question();
      device.asking = true;
      const answer = structuredClone(this.group.sync(user, asked[GROUP], 1 + chance.below(4)));
      answers.push(() => replica.answered(asked, answer));
    } else if (answers.length > 0 && (line.length === 0 || chance.happens(0.5))) {
      device.asking = false;
      answers.shift()();
    } else line.shift()?.(replica);
  }

  #act(device) {
    const { chance, group } = this;
    const { user } = device;
    const { firstSeq } = group.members.get(user);
    const visible = [...group.messages.values()].filter(({ Seq }) => Seq >= firstSeq);
    const message = chance.pick(visible);
    const what = chance.weighed({ send: 6, edit: 3, delete: 1, pin: 1, react: 3, star: 2, hide: 0.5, read: 1, member: 0.5 });
    if (what === "send") return this.#send(device, visible);
    if (what === "member") return this.#member(device);
    if (!message) return;
    const { Seq, DeletedAt, SenderId } = message;
    if (what === "read") return this.#acked(device, group.read(user, device, { Seq }), (replica, { Seq }) => replica.read(GROUP, Seq));
    if (DeletedAt || (["edit", "delete"].includes(what) && SenderId !== user)) return;
    const On = chance.happens(0.6);
    const made = {
      edit: () => group.edit(user, device, { Seq, Content: `edit ${group.rev}` }),
      delete: () => group.delete(user, device, { Seq }),
      pin: () => group.pin(user, device, { Seq, On }),
      react: () => group.react(user, device, { Seq, On }),
      star: () => group.mark(user, device, { Seq, Starred: On || undefined }),
      hide: () => group.mark(user, device, { Seq, Hidden: true }),
    }[what]();
    this.#acked(device, made, (replica, answer) => replica.acknowledged(answer));
  }

  #send(device, visible) {
    const { chance, group } = this;
    const said = { Content: `said ${group.seq + 1}`, Mentions: chance.happens(0.3) ? [chance.pick(["ann", "bob", "cat", "all"])] : undefined };
    const original = chance.pick(visible);
    if (original && !original.DeletedAt && chance.happens(0.3)) said.ReplyTo = original.Seq;
    if (said.Mentions?.[0] === device.user) delete said.Mentions;
    this.#acked(device, group.send(device.user, device, said), (replica, answer) => replica.sent(said, answer));
  }

  #member(device) {
    const { group } = this;
    const change = group.members.has("cat") ? "kick" : "add";
    if (device.user === "ann") this.#acked(device, group[change]("ann", device, "cat"), (replica, answer) => replica.acknowledged(answer));
  }

  /// The answer stands in the same line as what is told.
  #acked(device, answer, take) {
    device.line.push((replica) => take(replica, structuredClone(answer)));
  }
}

test("whatever is cut, lost and late: in the end all hold what the group has", () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const storm = new Storm(seed);
    for (let n = 0; n < 400; n += 1) storm.step();
    storm.end();
    for (const { user, replica } of storm.devices) {
      const fresh = new Replica({ id: user, name: user });
      fresh.answered(fresh.question(), structuredClone(storm.group.sync(user, undefined, Infinity)));
      const views = ({ chats }) => Object.fromEntries([...chats].map(([id, copy]) => [id, copy.view]));
      assert.deepEqual(views(replica), views(fresh), `seed ${seed}, a device of ${user}`);
      assert.equal(replica.chats.size, storm.group.members.has(user) ? 1 : 0);
    }
  }
});
