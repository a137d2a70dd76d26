// A chat of two as the contract rules it, in memory: what each has of it for oneself, what a block ends, and who hears what.

/// What comes of a request that changes nothing.
const unheard = () => ({ own: [], partner: [] });

/// One of the two: what the chat is to that one, and what the other may know of it.
class Side {
  own = 0;
  prefsOwn = 0;
  first = 1;
  read = 0;
  /// Where the other sees the read pointer.
  shown = 0;
  prefs = {};
  blocks = false;
  /// Places of messages, each with the marks on them.
  marks = new Map();

  /// Preferences are these now: one more change of what is this one's own.
  prefer(changes) {
    Object.assign(this.prefs, changes);
    this.own += 1;
    this.prefsOwn = this.own;
  }

  mark(seq) {
    this.own += 1;
    if (!this.marks.has(seq)) this.marks.set(seq, {});
    return this.marks.get(seq);
  }
}

export class PairModel {
  rev = 0;
  /// By place: `{ sender, content, deleted, forwarded, pinned, reacted }`.
  messages = [];

  constructor([one, other]) {
    this.sides = new Map([[one, new Side()], [other, new Side()]]);
  }

  /// What comes of a request: `{ code }` for a refusal, else what the asking device hears (`self`), what one's other devices hear
  /// (`own`), and what the other one's devices hear (`partner`), and the numbers that were taken.
  ask(by, event, payload) {
    const side = this.sides.get(by);
    if (!side) return { code: "not_found" };
    const partner = [...this.sides.values()].find((other) => other !== side);
    return { self: [], ...RULES[event](this, { by, side, partner }, payload) };
  }

  get blocked() {
    return [...this.sides.values()].some(({ blocks }) => blocks);
  }

  visible(id, seq) {
    return seq >= this.sides.get(id).first && seq <= this.messages.length;
  }

  unread(id) {
    const { read, marks } = this.sides.get(id);
    const counts = ({ sender, deleted }, seq) => seq > read && sender !== id && !deleted && this.visible(id, seq) && !marks.get(seq)?.hidden;
    return this.messages.filter((message, n) => counts(message, n + 1)).length;
  }
}

/// A new message. What one wanted until then ends before it is told: that the chat is unread, or hidden for either.
function post(pair, { by, side, partner }, more) {
  if (pair.blocked) return { code: "blocked" };
  pair.messages.push({ sender: by, reacted: new Set(), ...more });
  const begins = (other, ends) => {
    const isBack = other.prefs.hidden === true;
    if (!isBack && !ends) return [];
    other.prefer({ hidden: false, ...(ends && { markedUnread: false }) });
    return [...(isBack ? ["create-personal-chat-partner"] : []), "chat-prefs"];
  };
  const self = begins(side, side.prefs.markedUnread === true);
  const theirs = begins(partner, false);
  const seq = pair.messages.length;
  return { self, own: [...self, "sent-personal-message"], partner: [...theirs, "receive-personal-message"], seq };
}

/// A message changes for both, unless `why` says why not; `apply` changes it, or returns what comes of it instead.
function change(pair, { by, partner }, { Seq }, why, apply) {
  if (why) return { code: why };
  if (!pair.visible(by, Seq)) return { code: "not_found" };
  const message = pair.messages[Seq - 1];
  const otherwise = apply(message);
  if (otherwise) return otherwise;
  pair.rev += 1;
  const isTold = Seq >= partner.first;
  return { own: ["message-changed"], partner: isTold ? ["message-changed"] : [], rev: pair.rev };
}

/// Something of one's own on a message; `apply` changes the marks, or returns what comes of it instead.
function mark(pair, { by, side }, { Seq }, apply) {
  if (!pair.visible(by, Seq)) return { code: "not_found" };
  const otherwise = apply(pair.messages[Seq - 1], side.marks.get(Seq) ?? {});
  if (otherwise) return otherwise;
  return { own: ["message-mine"], partner: [] };
}

const blockedIn = (pair) => pair.blocked && "blocked";

const RULES = {
  "set-chat-prefs"(pair, { side }, { Mute, Archived, Pinned, MarkedUnread, Hidden }) {
    const wanted = { archived: Archived, pinned: Pinned, markedUnread: MarkedUnread, hidden: Hidden, silent: Mute === undefined ? undefined : Mute > 0 };
    const named = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const isSo = Object.entries(named).every(([field, value]) => (side.prefs[field] ?? false) === value);
    if (isSo && !named.silent) return unheard();
    side.prefer(named);
    return { own: ["chat-prefs"], partner: [] };
  },

  "clear-chat"(pair, { side }, { Seq }) {
    const { messages } = pair;
    const first = Math.min(Seq ?? messages.length, messages.length) + 1;
    if (first <= side.first) return unheard();
    side.first = first;
    side.prefer({});
    return { own: ["chat-prefs"], partner: [] };
  },

  "read-personal-message"(pair, { side }, { Seq }) {
    const upto = Math.min(Seq ?? pair.messages.length, pair.messages.length);
    const moves = upto > side.read;
    const ends = side.prefs.markedUnread === true;
    if (moves) side.read = upto;
    // What was read behind a block is shown with the next read, also with one that moves nothing.
    const isTold = !pair.blocked && side.shown < side.read;
    if (isTold) side.shown = side.read;
    if (ends) side.prefer({ markedUnread: false });
    const prefs = ends ? ["chat-prefs"] : [];
    return { self: prefs, own: [...prefs, ...(moves ? ["chat-read"] : [])], partner: isTold ? ["read-personal-msg-ack"] : [] };
  },

  "send-personal-message": (pair, who, { Content }) => post(pair, who, { content: Content }),

  /// Within the chat: what is forwarded is looked at first, then it is sent.
  "forward-message"(pair, who, { Seq }) {
    if (!pair.visible(who.by, Seq)) return { code: "not_found" };
    const { content, deleted } = pair.messages[Seq - 1];
    return deleted ? { code: "conflict" } : post(pair, who, { content, forwarded: true });
  },

  typing: (pair) => (pair.blocked ? { code: "blocked" } : unheard()),

  "edit-message": (pair, who, payload) =>
    change(pair, who, payload, blockedIn(pair), (message) => {
      if (message.sender !== who.by || message.forwarded) return { code: "forbidden" };
      if (message.deleted) return { code: "conflict" };
      return void (message.content = payload.Content);
    }),

  react(pair, who, payload) {
    const { On, Seq } = payload;
    const done = change(pair, who, payload, blockedIn(pair), (message) => {
      if (message.deleted) return On ? { code: "conflict" } : unheard();
      if (message.reacted.has(who.by) === On) return unheard();
      return void (On ? message.reacted.add(who.by) : message.reacted.delete(who.by));
    });
    if (done.rev === undefined) return done;
    who.side.mark(Seq);
    return { ...done, own: [...done.own, "message-mine"] };
  },

  "pin-message": (pair, who, payload) =>
    change(pair, who, payload, blockedIn(pair), (message) => {
      if (message.deleted) return payload.On ? { code: "conflict" } : unheard();
      if (Boolean(message.pinned) === payload.On) return unheard();
      return void (message.pinned = payload.On);
    }),

  "delete-message": (pair, who, payload) =>
    change(pair, who, payload, undefined, (message) => {
      if (message.sender !== who.by) return { code: "forbidden" };
      if (message.deleted) return unheard();
      for (const { marks } of pair.sides.values()) delete marks.get(payload.Seq)?.starred;
      return void Object.assign(message, { deleted: true, content: "", forwarded: false, pinned: false, reacted: new Set() });
    }),

  "star-message": (pair, who, { Seq, On }) =>
    mark(pair, who, { Seq }, (message, marks) => {
      if (message.deleted) return On ? { code: "conflict" } : unheard();
      if (Boolean(marks.starred) === On) return unheard();
      return void (who.side.mark(Seq).starred = On);
    }),

  "hide-message": (pair, who, { Seq }) =>
    mark(pair, who, { Seq }, (message, marks) => (marks.hidden ? unheard() : void (who.side.mark(Seq).hidden = true))),

  "block-user"(pair, { side }, { On }) {
    if (side.blocks === On) return unheard();
    side.blocks = On;
    return { own: ["user-blocked"], partner: [] };
  },
};
