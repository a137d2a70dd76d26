// A chat whose members are all in this virtual user: what was acknowledged must reach each of them once and in order.
import { Member, PATIENCE_MS, pause } from "./member.js";
import { ackTime, acked, delivered, deliveryTime, doubled, lost, outOfOrder, refused, sent, unacked } from "./metrics.js";
import { changeTime, changed, changesLost, changesOutOfOrder, changesRefused, changesTold, changesUnacked } from "./metrics.js";

const LOOK_MS = 20;

export class Room {
  constructor(chat, members) {
    Object.assign(this, { chat, members });
    this.said = 0;
    this.sentAt = new Map();
    this.stored = new Map();
    this.changes = new Map();
    this.seats = members.map((member) => this.seat(member));
  }

  /// Everybody of `people` joins.
  static async open({ chat, members }) {
    return new Room(chat, await Member.joinAll(members));
  }

  /// A member's place: from now on it must hear what others say.
  seat(member) {
    const seat = { member, newest: 0, heard: new Set(), lastRev: 0, told: new Set() };
    member.hears((message) => this.#hear(seat, message));
    member.hearsChanges((change) => this.#tell(seat, change));
    return seat;
  }

  /// `member` says something. Resolves with its Seq once it is stored, or with nothing if it was refused.
  async say(member) {
    this.said += 1;
    const content = `${__VU}-${__ITER}-${this.said}-${Date.now()}`;
    this.sentAt.set(content, Date.now());
    sent.add(1);
    const [event, key] = this.chat.kind === "group" ? ["send-group-message", "GroupId"] : ["send-personal-message", "ChatId"];
    const start = Date.now();
    let answer;
    try {
      answer = await member.ask(event, { [key]: this.chat.id, Content: content });
    } catch (why) {
      unacked.add(1);
      return undefined;
    }
    ackTime.add(Date.now() - start);
    if (!answer.Ok) {
      refused.add(1, { code: answer.Code });
      return undefined;
    }
    acked.add(1);
    if (this.stored.has(answer.Seq)) doubled.add(1);
    this.stored.set(answer.Seq, member);
    if (!(this.latest?.seq > answer.Seq)) this.latest = { seq: answer.Seq, member, by: new Set() };
    return answer.Seq;
  }

  /// `member` changes a message, which is not so already. Says whether it is changed; else that was refused.
  async change(member, event, payload) {
    const start = Date.now();
    let answer;
    try {
      answer = await member.ask(event, { ChatId: this.chat.id, ...payload });
    } catch (why) {
      changesUnacked.add(1);
      return false;
    }
    changeTime.add(Date.now() - start);
    if (!answer.Ok) {
      changesRefused.add(1, { code: answer.Code });
      return false;
    }
    changed.add(1);
    this.changes.set(answer.Rev, member);
    return true;
  }

  /// `member` types. Others may hear it, and nothing is promised.
  type(member) {
    return member.ask("typing", { ChatId: this.chat.id, On: true });
  }

  /// `member` has read everything.
  read(member) {
    const [event, key] = this.chat.kind === "group" ? ["read-group-message", "GroupId"] : ["read-personal-message", "ChatId"];
    return member.ask(event, { [key]: this.chat.id });
  }

  /// Each of `speakers` says `count` things, `window` of them at a time, with a pause of `everyMs` between two, or fewer if
  /// the time is over.
  async talk(speakers, { count, window = 1, everyMs = 0, until = Infinity }) {
    const lane = async (member, from) => {
      for (let said = from; said < count && Date.now() < until; said += window) {
        await this.say(member);
        if (everyMs > 0) await pause(everyMs);
      }
    };
    const lanes = speakers.flatMap((member) => Array.from({ length: window }, (_, from) => lane(member, from)));
    await Promise.all(lanes);
  }

  /// Talks and settles again and again, for so many seconds: k6 would cut a round off, and what is under way would look lost.
  async talkFor(seconds, speakers, how) {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      await this.talk(speakers, { ...how, until });
      await this.settle();
      this.#forget();
    }
  }

  /// Waits until everybody heard everything, as long as that may take, and counts what is missing then.
  async settle() {
    const until = Date.now() + PATIENCE_MS;
    while (this.#missing() + this.#untold() > 0 && Date.now() < until) await pause(LOOK_MS);
    lost.add(this.#missing());
    changesLost.add(this.#untold());
  }

  close() {
    this.members.forEach((member) => member.leave());
  }

  #hear(seat, { ChatId, Content, Seq }) {
    if (ChatId !== this.chat.id) return;
    const sentAt = this.sentAt.get(Content);
    if (sentAt === undefined) return; // somebody else's, of another run on the same users
    delivered.add(1);
    deliveryTime.add(Date.now() - sentAt);
    if (seat.heard.has(Seq)) doubled.add(1);
    else if (Seq < seat.newest) outOfOrder.add(1);
    seat.heard.add(Seq);
    seat.newest = Math.max(seat.newest, Seq);
  }

  #tell(seat, { ChatId, Rev }) {
    if (ChatId !== this.chat.id) return;
    changesTold.add(1);
    if (Rev <= seat.lastRev) changesOutOfOrder.add(1);
    seat.told.add(Rev);
    seat.lastRev = Math.max(seat.lastRev, Rev);
  }

  /// What is settled need not be kept, but for the order of what comes.
  #forget() {
    this.sentAt.clear();
    this.stored.clear();
    this.changes.clear();
    for (const { heard, told } of this.seats) [heard, told].forEach((known) => known.clear());
  }

  #missing() {
    return this.#unheard(this.stored, "heard");
  }

  #untold() {
    return this.#unheard(this.changes, "told");
  }

  /// How many of these numbers have not come to how many who did not make them.
  #unheard(numbers, known) {
    let missing = 0;
    for (const [number, maker] of numbers) {
      for (const seat of this.seats) {
        if (seat.member !== maker && !seat[known].has(number)) missing += 1;
      }
    }
    return missing;
  }
}
