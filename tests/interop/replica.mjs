// What one device holds of all its chats, and how it follows them: by live events, by acknowledgements, and by `sync`. It knows no
// socket: whoever has one tells it what arrives.
import { Copy } from "./copy.mjs";

const JOINED = {
  "new-grp-added": "ChatId",
  "create-group-chat-receiver": "GroupId",
  "create-group-chat-creator": "GroupId",
  "create-personal-chat-creator": "ChatId",
  "create-personal-chat-partner": "ChatId",
};
const LEFT = ["kicked-out", "group-left-success", "delete-group-chat-creator", "delete-grp-success-receiver"];
const MESSAGES = /^(receive|sent)-(self|personal|group)-message$/;

export class Replica {
  chats = new Map();
  /// Sends whose message is not known in full: `{ ChatId, Seq }`.
  unknown = [];
  /// Whether something has been heard of that only `sync` can bring.
  wanting = true;
  /// This connection's `sync` has left nothing open.
  #settled = false;
  /// Chats that one came into or left since the last question.
  #moved = new Set();

  constructor({ id, name }) {
    Object.assign(this, { id, name });
  }

  /// A new connection: what was told meanwhile is missing.
  connected() {
    this.#settled = false;
    this.wanting = true;
  }

  /// What `sync` is asked for.
  question() {
    this.#moved.clear();
    this.#settled = false;
    this.wanting = false;
    const known = [...this.chats].filter(([, copy]) => copy.position);
    return Object.fromEntries(known.map(([id, copy]) => [id, { ...copy.position }]));
  }

  /// Takes the answer. Whoever came or went while it was on its way is asked about again.
  answered(asked, { Chats, Gone }) {
    for (const id of Gone) if (!this.#moved.has(id)) this.chats.delete(id);
    const rows = Chats.filter((row) => !this.#moved.has(row.Id));
    for (const row of rows) this.#row(asked[row.Id], row);
    // Heard of, but not to be asked for by name, and left while nobody listened.
    for (const [id, copy] of this.chats) if (!copy.position && !this.#moved.has(id)) this.chats.delete(id);
    const more = rows.some((row) => row.HasMore || row.ChangedMore);
    this.wanting ||= more || this.#moved.size > 0;
    this.#settled = !this.wanting;
  }

  /// Takes what `fetch-chat` and pages say of a chat.
  fetched(chat, page, messages) {
    const copy = this.#copy(chat.ChatId);
    copy.whole(chat);
    copy.read(chat.ReadSeq);
    if (page) copy.begins(page.FirstSeq);
    for (const message of messages) copy.message(message);
  }

  hear(name, told) {
    if (MESSAGES.test(name)) return this.#live(told.ChatId, { Seq: told.Seq }, (copy) => copy.message(told));
    if (Object.hasOwn(JOINED, name)) return this.#joined(told[JOINED[name]]);
    if (LEFT.includes(name)) return this.#left(told.GroupId);
    const { ChatId, Rev, Seq, My, Message, Members, Info, Prefs } = told ?? {};
    switch (name) {
      case "message-changed":
        return this.#live(ChatId, { Rev }, (copy) => copy.message(Message));
      case "message-mine":
        return this.#live(ChatId, { Own: My.Own }, (copy) => copy.mark(Seq, My));
      case "chat-changed":
        return this.#live(ChatId, { Rev }, (copy) => copy.changed(Members) ?? (Info && copy.called(Info)));
      case "chat-prefs":
        return this.#live(ChatId, { Own: Prefs.Own }, (copy) => copy.whole({ Prefs }));
      case "chat-read":
        return this.#copy(ChatId).read(Seq);
    }
  }

  /// Takes the answer to a send. `said` is what is known of the message besides.
  sent(said, { ChatId, _id, Seq, Timestamp, Repeat, NotMentioned = [] }) {
    const copy = this.#copy(ChatId);
    // A copy may be older than what was copied, and what is repeated may have changed since.
    if (Repeat || said.Forwarded) return this.unknown.push({ ChatId, Seq });
    const { Content, ReplyTo, Mentions = [] } = said;
    const mentioned = [...new Set(Mentions)].filter((id) => id !== this.id && !NotMentioned.includes(id));
    copy.sent({
      ChatId,
      _id,
      Seq,
      Timestamp,
      Content,
      Sender: this.name,
      SenderId: this.id,
      ...(ReplyTo && { ReplyTo: { Seq: ReplyTo } }),
      ...(mentioned.length > 0 && { Mentions: mentioned }),
    });
  }

  /// Takes what was asked about a send that is not known in full.
  known(wanted, messages) {
    this.unknown = this.unknown.filter((one) => one !== wanted);
    for (const message of messages) if (message.Seq === wanted.Seq) this.#copy(wanted.ChatId).message(message);
  }

  /// Takes the answer to any other change. It moves no position.
  acknowledged({ ChatId, Seq, Message, My, Members, Info }) {
    const copy = this.#copy(ChatId);
    if (Message) copy.message(Message);
    if (My) copy.mark(Seq, My);
    copy.changed(Members);
    if (Info) copy.called(Info);
  }

  /// Takes the answer to a read.
  read(ChatId, Seq) {
    this.#copy(ChatId).read(Seq);
  }

  #row(asked, { Id, Reset, Messages, Changed = [], Mine = [], Rev, Own, ReadSeq, FirstSeq, ...whole }) {
    if (Reset || !this.chats.has(Id)) this.chats.set(Id, new Copy(Id, this.id));
    const copy = this.chats.get(Id);
    copy.begins(FirstSeq);
    copy.whole(whole);
    copy.read(ReadSeq);
    for (const message of [...Messages, ...Changed]) copy.message(message);
    for (const { Seq, My } of Mine) copy.mark(Seq, My);
    const from = Reset || !asked ? FirstSeq - 1 : asked.Seq;
    copy.position = { Seq: Messages.at(-1)?.Seq ?? from, Rev, Own };
  }

  #live(ChatId, numbers, apply) {
    const copy = this.#copy(ChatId);
    apply(copy);
    if (this.#settled) copy.moves(numbers);
  }

  #joined(id) {
    this.#copy(id);
    this.#moved.add(id);
    this.wanting = true;
  }

  #left(id) {
    this.chats.delete(id);
    this.#moved.add(id);
  }

  /// What is heard before the chat is known is kept: the answer that brings the chat may be older.
  #copy(id) {
    if (!this.chats.has(id)) {
      this.chats.set(id, new Copy(id, this.id));
      this.wanting = true;
    }
    return this.chats.get(id);
  }
}
