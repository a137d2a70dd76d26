// One group in memory that keeps the contract, for tests of what follows it: it stores, numbers, tells and answers `sync`.

export const GROUP = "group";

export class Pretend {
  seq = 0;
  rev = 0;
  messages = new Map();
  /// Id → who is in, with what is their own.
  members = new Map();
  /// Id → the Own of those who were in before.
  left = new Map();
  info = { Rev: 0, Name: "Band", Admin: "ann" };
  rosterRev = 0;

  /// `tell(user, name, payload, device)` is told what a user's devices hear; `device` is the one that does not.
  constructor(people, tell) {
    this.tell = tell;
    for (const id of people) this.#enter(id, 0);
  }

  send(user, device, { Content, ReplyTo, Mentions }) {
    this.seq += 1;
    const sent = { ChatId: GROUP, _id: `m${this.seq}`, Seq: this.seq, Timestamp: `t${this.seq}` };
    this.messages.set(this.seq, { ...sent, Content, Sender: user, SenderId: user, ...(ReplyTo && { ReplyTo }), ...(Mentions && { Mentions }) });
    this.#others(user, device, (one) => this.#shown(this.seq, one, false), "receive-group-message", "sent-group-message");
    return sent;
  }

  edit(user, device, { Seq, Content }) {
    return this.#change(user, device, Seq, "Edited", (message) => Object.assign(message, { Content, Edits: (message.Edits ?? 0) + 1 }));
  }

  delete(user, device, { Seq }) {
    return this.#change(user, device, Seq, "Deleted", (message) => {
      for (const field of ["Mentions", "Reactions", "ReplyTo", "Pinned", "Edits"]) delete message[field];
      Object.assign(message, { Content: "", DeletedAt: "now", DeletedBy: user });
      for (const { marks } of this.members.values()) {
        const My = marks.get(Seq);
        if (My) marks.set(Seq, { Own: My.Own, ...(My.Hidden && { Hidden: true }) });
      }
    });
  }

  pin(user, device, { Seq, On }) {
    return this.#change(user, device, Seq, On ? "Pinned" : "Unpinned", (message) => (On ? (message.Pinned = true) : delete message.Pinned));
  }

  /// One emoji is enough here.
  react(user, device, { Seq, On }) {
    const answer = this.#change(user, device, Seq, On ? "Reacted" : "Unreacted", (message) => {
      const users = (message.Reactions?.[0].Users ?? []).filter((id) => id !== user);
      if (On) users.push(user);
      if (users.length > 0) message.Reactions = [{ Emoji: "👍", Count: users.length, Users: users }];
      else delete message.Reactions;
    });
    return { ...answer, ...this.mark(user, device, { Seq, Reactions: On ? ["👍"] : undefined }) };
  }

  /// Sets or takes away marks of one's own.
  mark(user, device, { Seq, ...marks }) {
    const member = this.members.get(user);
    member.own += 1;
    const My = JSON.parse(JSON.stringify({ ...member.marks.get(Seq), ...marks, Own: member.own }));
    member.marks.set(Seq, My);
    this.tell(user, "message-mine", { ChatId: GROUP, Seq, My }, device);
    return { ChatId: GROUP, Seq, Own: My.Own, My };
  }

  read(user, device, { Seq }) {
    const member = this.members.get(user);
    member.readSeq = Math.max(member.readSeq, Seq);
    this.tell(user, "chat-read", { ChatId: GROUP, Seq: member.readSeq }, device);
    return { Seq: member.readSeq };
  }

  add(user, device, id) {
    this.rev += 1;
    this.rosterRev = this.rev;
    this.#enter(id, this.rev);
    this.tell(id, "new-grp-added", { ChatId: GROUP });
    return this.#membership(user, device, "Added", [this.members.get(id).row]);
  }

  kick(user, device, id) {
    this.rev += 1;
    this.rosterRev = this.rev;
    const { row, own } = this.members.get(id);
    this.members.delete(id);
    this.left.set(id, own);
    this.tell(id, "kicked-out", { GroupId: GROUP });
    return this.#membership(user, device, "Removed", [{ ...row, Rev: this.rev, Gone: true }]);
  }

  /// The answer to `sync` by somebody who has got as far as `position`, with lists of at most `limit`.
  sync(user, position, limit) {
    const member = this.members.get(user);
    if (!member) return { Chats: [], Gone: position ? [GROUP] : [] };
    const { firstSeq, readSeq, prefs } = member;
    const after = Math.max(position?.Seq ?? 0, firstSeq - 1);
    const seqs = [...this.messages.keys()].filter((Seq) => Seq > after);
    const row = { Id: GROUP, ReadSeq: readSeq, FirstSeq: firstSeq, Rev: this.rev, Own: member.own };
    row.Messages = seqs.slice(0, limit).map((Seq) => this.#shown(Seq, user));
    row.HasMore = seqs.length > limit;
    const Roster = { Rev: this.rosterRev, Members: [...this.members.values()].map((one) => one.row) };
    const wholes = { Info: this.info, Roster, Prefs: prefs };
    if (!position) return { Chats: [{ ...row, ...wholes }], Gone: [] };
    return { Chats: [{ ...row, ...this.#changed(user, position, limit, row, wholes) }], Gone: [] };
  }

  #changed(user, position, limit, row, { Info, Roster, Prefs }) {
    const { firstSeq, marks } = this.members.get(user);
    const here = (Seq) => Seq >= firstSeq && Seq <= position.Seq;
    const changed = [...this.messages.values()]
      .filter(({ Seq, Rev }) => here(Seq) && Rev > position.Rev)
      .sort((one, other) => one.Rev - other.Rev);
    const mine = [...marks]
      .filter(([Seq, { Own }]) => here(Seq) && Own > position.Own)
      .sort(([, one], [, other]) => one.Own - other.Own);
    const answer = { ChangedMore: changed.length > limit || mine.length > limit };
    answer.Changed = changed.slice(0, limit).map(({ Seq }) => this.#shown(Seq, user));
    answer.Mine = mine.slice(0, limit).map(([Seq, My]) => ({ Seq, My }));
    if (changed.length > limit) answer.Rev = answer.Changed.at(-1).Rev;
    if (mine.length > limit) answer.Own = answer.Mine.at(-1).My.Own;
    const numbers = { ...row, ...answer };
    if (Info.Rev > position.Rev && Info.Rev <= numbers.Rev) answer.Info = Info;
    if (Roster.Rev > position.Rev && Roster.Rev <= numbers.Rev) answer.Roster = Roster;
    if (Prefs.Own > position.Own && Prefs.Own <= numbers.Own) answer.Prefs = Prefs;
    return answer;
  }

  #enter(id, Rev) {
    const own = (this.left.get(id) ?? -1) + 1;
    const firstSeq = this.seq + 1;
    const row = { _id: id, Name: id, Role: id === "ann" ? "Owner" : "Member", Rev };
    this.members.set(id, { row, own, firstSeq, readSeq: this.seq, prefs: { Own: own, FirstSeq: firstSeq }, marks: new Map() });
  }

  #change(user, device, Seq, What, apply) {
    this.rev += 1;
    const message = this.messages.get(Seq);
    apply(message);
    message.Rev = this.rev;
    const told = (one) => ({ ChatId: GROUP, Rev: this.rev, What, By: user, Message: this.#shown(Seq, one, false) });
    this.#others(user, device, told, "message-changed", "message-changed", Seq);
    return { ChatId: GROUP, Seq, Rev: this.rev, Message: this.#shown(Seq, user) };
  }

  #membership(user, device, What, Members) {
    this.#others(user, device, () => ({ ChatId: GROUP, Rev: this.rev, What, Members }), "chat-changed", "chat-changed");
    return { ChatId: GROUP, Rev: this.rev, Members };
  }

  /// Tells all members to whom `Seq` is visible, but not the requester.
  #others(user, device, payload, name, own, Seq = Infinity) {
    for (const [id, { firstSeq }] of this.members) {
      if (Seq >= firstSeq) this.tell(id, id === user ? own : name, payload(id), id === user ? device : undefined);
    }
  }

  /// The message as one person is shown it: with `mine`, as an answer to that one alone.
  #shown(Seq, user, mine = true) {
    const { ReplyTo, ...message } = this.messages.get(Seq);
    const { firstSeq, marks } = this.members.get(user);
    const My = mine ? marks.get(Seq) : undefined;
    if (My?.Hidden) {
      const { ChatId, _id, Timestamp, Sender, SenderId, Rev } = message;
      return { ChatId, _id, Seq, Timestamp, Sender, SenderId, Content: "", Rev, My };
    }
    const { SenderId, Content, DeletedAt } = this.messages.get(ReplyTo) ?? {};
    const quote = ReplyTo < firstSeq ? { Seq: ReplyTo, Unavailable: true } : { Seq: ReplyTo, SenderId, Content: Content?.slice(0, 120), DeletedAt };
    return { ...structuredClone(message), ...(ReplyTo && { ReplyTo: quote }), ...(My && { My }) };
  }
}
