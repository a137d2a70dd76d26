/** What was heard, kept for the next start and for times without a network. Losing it costs a fetch and nothing else. */
import type { Amend } from "../model/amends.ts";
import type { Chat, Id, Message } from "../model/model.ts";
import type { Database } from "./database.ts";

/** How many messages are kept at most. */
const BOUNDS = { ofAChat: 2_000, inAll: 100_000 };
/** As many messages of a chat are shown at once. */
const SHOWN = 50;

interface Written {
  readonly chat: Chat;
  readonly messages: ReadonlyMap<number, Message>;
  readonly openedAt: number;
}

export class Cache {
  /** What is written already, so that only what changed is written, and nothing is read before. */
  readonly #written = new Map<Id, Written>();

  constructor(
    private readonly database: Database,
    private readonly bounds = BOUNDS,
  ) {}

  /** All chats, each with the newest run of its messages. */
  async load(): Promise<Chat[]> {
    const kept = await this.database.getAll("chats");
    const chats: Chat[] = [];
    for (const { openedAt, ...rest } of kept) {
      const rows = await this.database.getAll(
        "messages",
        IDBKeyRange.bound(
          [rest.id, Math.max(rest.firstSeq ?? 1, rest.lastSeq - SHOWN + 1)],
          [rest.id, Math.max(rest.firstSeq ?? 1, rest.lastSeq)],
        ),
      );
      const run = newestRun(
        rows.map((row) => row.message),
        rest.lastSeq,
      );
      const window =
        run.length > 0 || rest.lastSeq < (rest.firstSeq ?? 1)
          ? { from: run[0]?.seq ?? rest.lastSeq + 1, messages: run }
          : undefined;
      const chat = { ...rest, ...(window === undefined ? {} : { window }) };
      this.#written.set(chat.id, { chat, messages: bySeq(run), openedAt });
      chats.push(chat);
    }
    return chats;
  }

  /** The messages from one to another that follow each other without a gap, and this one among them. */
  async run(chat: Id, from: number, to: number, at: number): Promise<Message[]> {
    const range = IDBKeyRange.bound([chat, Math.max(1, from)], [chat, Math.max(1, to)]);
    const messages = (await this.database.getAll("messages", range)).map((row) => row.message);
    const before = newestRun(
      messages.filter(({ seq }) => seq <= at),
      at,
    );
    const after = messages.filter(({ seq }) => seq > at);
    const end = after.findIndex(({ seq }, index) => seq !== at + 1 + index);
    return before.length === 0 ? [] : [...before, ...(end < 0 ? after : after.slice(0, end))];
  }

  /** Changes copies that lie here, whether they are in a window or not. */
  async amend(amends: readonly Amend[]): Promise<void> {
    const transaction = this.database.transaction("messages", "readwrite");
    for (const { chat, seq, change } of amends) {
      const row = await transaction.store.get([chat, seq]);
      if (row !== undefined) await transaction.store.put({ ...row, message: change(row.message) });
    }
    await transaction.done;
  }

  /** Nothing that was heard of a chat stays, and what is known of it is written anew. */
  async forget(chat: Id): Promise<void> {
    this.#written.delete(chat);
    await this.database.delete("messages", IDBKeyRange.bound([chat, 0], [chat, Number.MAX_SAFE_INTEGER]));
  }

  /** Writes what changed since it was written last. Asks and commits in one go: the page may be gone before an answer comes. */
  async save(chats: Readonly<Record<Id, Chat>>, opened: ReadonlySet<Id>): Promise<void> {
    const changed = Object.values(chats).filter((chat) => this.#written.get(chat.id)?.chat !== chat);
    const gone = [...this.#written.keys()].filter((id) => chats[id] === undefined);
    if (changed.length === 0 && gone.length === 0) return;
    const transaction = this.database.transaction(["chats", "messages"], "readwrite");
    const writes: Promise<unknown>[] = [];
    const written: (readonly [Id, Written])[] = [];
    for (const chat of changed) {
      const { window, ...rest } = chat;
      const before = this.#written.get(chat.id);
      const messages = bySeq(window?.messages ?? []);
      const first = chat.firstSeq ?? 1;
      if (first > (before?.chat.firstSeq ?? 1))
        writes.push(transaction.objectStore("messages").delete(IDBKeyRange.bound([chat.id, 0], [chat.id, first - 1])));
      const openedAt = opened.has(chat.id) ? Date.now() : (before?.openedAt ?? 0);
      writes.push(transaction.objectStore("chats").put({ ...rest, openedAt }));
      for (const [seq, message] of messages) {
        if (before?.messages.get(seq) !== message)
          writes.push(transaction.objectStore("messages").put({ chat: chat.id, seq, message }));
      }
      written.push([chat.id, { chat, messages, openedAt }]);
    }
    for (const id of gone) {
      writes.push(transaction.objectStore("chats").delete(id));
      writes.push(
        transaction.objectStore("messages").delete(IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER])),
      );
    }
    transaction.commit();
    await Promise.all([...writes, transaction.done]);
    // Only now: what was aborted is written the next time.
    for (const [id, one] of written) this.#written.set(id, one);
    for (const id of gone) this.#written.delete(id);
  }

  /** Keeps the newest of each chat, and in all no more than fit; chats that were not opened for the longest time go first. */
  async prune(): Promise<void> {
    const transaction = this.database.transaction(["chats", "messages"], "readwrite");
    const messages = transaction.objectStore("messages");
    const chats = (await transaction.objectStore("chats").getAll()).sort((one, other) => other.openedAt - one.openedAt);
    let room = this.bounds.inAll;
    for (const chat of chats) {
      const keep = Math.min(this.bounds.ofAChat, Math.max(room, 1));
      await messages.delete(IDBKeyRange.bound([chat.id, 0], [chat.id, Math.max(0, chat.lastSeq - keep)]));
      room -= await messages.count(IDBKeyRange.bound([chat.id, 0], [chat.id, Number.MAX_SAFE_INTEGER]));
    }
    await transaction.done;
  }

  /** Forgets all that was heard. What was written and not sent stays. */
  async clear(): Promise<void> {
    const transaction = this.database.transaction(["chats", "messages", "places", "pictures"], "readwrite");
    await Promise.all([
      transaction.objectStore("pictures").clear(),
      transaction.objectStore("chats").clear(),
      transaction.objectStore("messages").clear(),
      transaction.objectStore("places").clear(),
      transaction.done,
    ]);
    this.#written.clear();
  }

  async keepPlace(chat: Id, seq: number, offset: number): Promise<void> {
    await this.database.put("places", { chat, seq, offset });
  }

  async place(chat: Id): Promise<{ readonly seq: number; readonly offset: number } | undefined> {
    return await this.database.get("places", chat);
  }
}

function bySeq(messages: readonly Message[]): ReadonlyMap<number, Message> {
  return new Map(messages.map((message) => [message.seq, message]));
}

/** The messages up to `last` that follow each other without a gap. */
function newestRun(messages: readonly Message[], last: number): Message[] {
  let start = messages.length;
  for (let expected = last; start > 0 && messages[start - 1]?.seq === expected; expected -= 1) start -= 1;
  return messages.slice(start);
}
