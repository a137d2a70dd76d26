// What was sent and what became of it, as the senders know it: the truth that everything read back is held against.
import { EventEmitter, once } from "node:events";

const PATIENCE_MS = 120_000;

export class Book extends EventEmitter {
  /// Content, which is unique, → `{ chat, from, ClientId }`.
  sent = new Map();
  /// Content → `{ Seq, _id, fresh }`: where it is stored, and whether an acknowledgement said that it is new there.
  acked = new Map();
  /// How often each answer came: `ok`, `repeat`, `lost`, or a code.
  answers = {};
  slowest = 0;
  broken = [];

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  write(Content, entry) {
    this.sent.set(Content, entry);
  }

  /// Notes an answer and how long it took.
  note(Content, answer, took) {
    const kind = answer.lost ? "lost" : answer.Repeat ? "repeat" : answer.Ok ? "ok" : answer.Code;
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
    if (!answer.lost) this.slowest = Math.max(this.slowest, took);
    if (answer.Ok) this.#acknowledge(Content, answer);
    this.emit("note");
  }

  count(kind) {
    return this.answers[kind] ?? 0;
  }

  /// Waits until `holds(this)`; looks again at every answer.
  async until(holds) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!holds(this)) {
      await once(this, "note", { signal }).catch(() => {
        throw new Error(`waited in vain for ${holds}: ${this}`);
      });
    }
  }

  /// Waits for so many more acknowledged messages.
  more(messages) {
    const goal = this.acked.size + messages;
    return this.until(() => this.acked.size >= goal);
  }

  toString() {
    const answers = Object.entries(this.answers).map(([kind, count]) => `${count} ${kind}`);
    return `${this.sent.size} sent, ${this.acked.size} acknowledged; answers: ${answers.join(", ")}; slowest ${Math.round(this.slowest)} ms`;
  }

  #acknowledge(Content, { ChatId, Seq, _id, Repeat }) {
    const known = this.acked.get(Content);
    const { chat } = this.sent.get(Content);
    if (ChatId !== chat) this.broken.push(`"${Content}" of ${chat} was acknowledged in ${ChatId}`);
    if (!known) this.acked.set(Content, { Seq, _id, fresh: !Repeat });
    else if (known.Seq !== Seq || known._id !== _id) this.broken.push(`"${Content}" was acknowledged as ${known.Seq} and as ${Seq}`);
    else if (!Repeat && known.fresh) this.broken.push(`"${Content}" was acknowledged as new twice`);
    else known.fresh ||= !Repeat;
  }
}
