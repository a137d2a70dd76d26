// What a client holds of one chat. Whatever arrives is a whole state with the number of its last change, and of each thing the
// state with the highest number stands, so the order in which they arrive does not matter.

const QUOTED = 120;
const SHARED = ["EditedAt", "Edits", "DeletedAt", "DeletedBy", "Forwarded", "Mentions", "Reactions", "Pinned"];

export class Copy {
  /// Seq → the message without what is one's own.
  messages = new Map();
  /// Seq → one's own marks.
  marks = new Map();
  /// Id → row, also of those who are gone, as long as no newer roster speaks for them.
  rows = new Map();
  roster = -1;
  info = undefined;
  prefs = undefined;
  readSeq = 0;
  firstSeq = 0;
  /// `{ Seq, Rev, Own }`: up to where all that happened is here. Missing until the first answer.
  position = undefined;

  constructor(id, me) {
    Object.assign(this, { id, me });
  }

  message({ My, ...message }) {
    const { Seq, Rev = 0 } = message;
    if (Seq < this.firstSeq) return;
    const known = this.messages.get(Seq);
    if (!known || (known.Rev ?? 0) <= Rev) this.messages.set(Seq, message);
    if (My) this.mark(Seq, My);
  }

  /// A message as its sender knows it, which is less than what may have arrived already.
  sent(message) {
    if (!this.messages.has(message.Seq)) this.message(message);
  }

  mark(Seq, My) {
    if (Seq >= this.firstSeq && !(this.marks.get(Seq)?.Own > My.Own)) this.marks.set(Seq, My);
  }

  /// Rows that changed. What the newest roster did not hold and is older than it is gone since.
  changed(rows = []) {
    for (const row of rows) {
      const known = this.rows.get(row._id);
      if (known ? known.Rev <= row.Rev : row.Rev > this.roster) this.rows.set(row._id, row);
    }
  }

  whole({ Info, Roster, Prefs }) {
    if (Info) this.called(Info);
    if (Prefs && !(this.prefs?.Own > Prefs.Own)) {
      this.prefs = Prefs;
      this.begins(Prefs.FirstSeq);
    }
    if (!Roster) return;
    const held = new Set(Roster.Members.map((row) => row._id));
    for (const [id, row] of this.rows) if (!held.has(id) && row.Rev <= Roster.Rev) this.rows.delete(id);
    this.changed(Roster.Members);
    this.roster = Math.max(this.roster, Roster.Rev);
  }

  called(info) {
    if (!(this.info?.Rev > info.Rev)) this.info = info;
  }

  read(Seq) {
    this.readSeq = Math.max(this.readSeq, Seq);
  }

  /// What is before this is no business of this client's any more.
  begins(Seq) {
    this.firstSeq = Math.max(this.firstSeq, Seq);
    for (const held of [this.messages, this.marks]) {
      for (const seq of held.keys()) if (seq < this.firstSeq) held.delete(seq);
    }
  }

  /// A live event has been applied; none comes before it on this connection that has not been heard.
  moves(numbers) {
    if (!this.position) return;
    for (const [name, number] of Object.entries(numbers)) this.position[name] = Math.max(this.position[name], number);
  }

  get counts() {
    const unread = [...this.messages.values()].filter(
      ({ Seq, SenderId, DeletedAt }) => Seq > this.readSeq && SenderId !== this.me && !DeletedAt && !this.#hidden(Seq),
    );
    const mentioned = unread.filter(({ Mentions = [] }) => Mentions.includes(this.me) || Mentions.includes("all"));
    return { Unread: unread.length, Mentioned: mentioned.length };
  }

  /// All that a person sees of the chat, in a form that is the same however it came here.
  get view() {
    const byId = ([one], [other]) => (one < other ? -1 : 1);
    const members = [...this.rows].filter(([, row]) => !row.Gone).sort(byId);
    return {
      messages: [...this.messages.keys()].sort((one, other) => one - other).map((Seq) => this.#seen(this.messages.get(Seq))),
      members: members.map(([, row]) => row),
      info: this.info,
      prefs: this.prefs,
      readSeq: this.readSeq,
      ...this.counts,
    };
  }

  #seen(message) {
    const { _id, Seq, SenderId, Timestamp, Rev, Content, ReplyTo, DeletedAt } = message;
    const who = { _id, Seq, SenderId, Timestamp, Rev };
    const My = this.marks.get(Seq);
    if (this.#hidden(Seq)) return { ...who, Hidden: My.Own };
    const shared = Object.fromEntries(SHARED.map((field) => [field, message[field]]));
    return { ...who, Content, ...shared, ReplyTo: ReplyTo && this.#quote(ReplyTo), My: DeletedAt ? undefined : My };
  }

  /// A quote is drawn from the newest copy of the quoted message, if there is one.
  #quote(quote) {
    const { Seq } = quote;
    if (this.#hidden(Seq)) return { Seq };
    const original = this.messages.get(Seq);
    if (!original) return quote;
    const { SenderId, Content, DeletedAt } = original;
    return { Seq, SenderId, Content: [...Content].slice(0, QUOTED).join(""), DeletedAt };
  }

  #hidden(Seq) {
    return this.marks.get(Seq)?.Hidden === true;
  }
}
