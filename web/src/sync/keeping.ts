/** Keeps what is known and written in the browser's database, and works from memory where there is none. */
import { Cache } from "../keep/cache.ts";
import { type Database, openDatabase, wipe } from "../keep/database.ts";
import { Outbox, OutboxIsFull } from "../keep/outbox.ts";
import { done, type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import type { Id, Model, Pending } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import type { Clock } from "./ports.ts";

type OfWriting = Extract<Intent, { want: "draft" | "send" | "again" | "discard" }>;

const SAVE_PAUSE = 500;
const DRAFT_PAUSE = 300;

export class Keeping {
  #user: Id | undefined;
  #database: Database | undefined;
  #cache: Cache | undefined;
  #outbox: Outbox | undefined;
  #saving: (() => void) | undefined;
  readonly #drafts = new Map<Id, () => void>();
  readonly #opened = new Set<Id>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly tab: string,
    private readonly isClosed: (tab: string) => Promise<boolean>,
    /** Whether messages may stay on this device. */
    private readonly mayKeep: () => boolean,
  ) {
    store.listen((model, _, before) => this.#changed(model, before));
  }

  get isMemoryOnly(): boolean {
    return this.#user !== undefined && this.#database === undefined;
  }

  /** Opens what is kept for this user and tells the model of it. Once for each user. */
  async enter(user: Id): Promise<void> {
    if (this.#user === user) return;
    if (this.#user !== undefined) this.store.tell({ is: "forgotten" });
    this.#user = user;
    this.#database = await openDatabase(user);
    if (this.#database === undefined) return;
    this.#cache = new Cache(this.#database);
    this.#outbox = new Outbox(this.#database, this.tab);
    const [chats, pending, drafts] = await Promise.all([
      this.mayKeep() ? this.#cache.load() : [],
      this.#outbox.adopt(this.isClosed),
      this.#outbox.drafts(),
    ]);
    const notes = chats.find((chat) => chat.id === user);
    if (notes !== undefined) this.store.tell({ is: "me", me: { id: user, name: notes.name } });
    this.store.tell({ is: "loaded", chats, pending, drafts });
  }

  /** The login is over. What was heard goes; what was written stays for its owner, unless all is to go. */
  async leave(all: boolean): Promise<void> {
    const user = this.#user;
    this.#saving?.();
    this.#saving = undefined;
    this.#user = undefined;
    await this.#cache?.clear().catch(() => undefined);
    this.#database?.close();
    this.#database = undefined;
    this.#cache = undefined;
    this.#outbox = undefined;
    this.#opened.clear();
    if (all && user !== undefined) await wipe(user);
  }

  opened(chat: Id): void {
    this.#opened.add(chat);
  }

  async place(chat: Id): Promise<{ readonly seq: number; readonly offset: number } | undefined> {
    return await this.#cache?.place(chat).catch(() => undefined);
  }

  async keepPlace(chat: Id, seq: number, offset: number): Promise<void> {
    await this.#cache?.keepPlace(chat, seq, offset).catch(() => undefined);
  }

  async want(intent: OfWriting): Promise<Outcome> {
    switch (intent.want) {
      case "draft":
        this.#draft(intent.chat, intent.text);
        return done();
      case "send":
        return await this.#send(intent);
      case "again":
        this.store.tell({ is: "again", clientId: intent.clientId });
        await this.#mark(intent.clientId);
        return done();
      case "discard": {
        const pending = this.store.model.pending.find((one) => one.clientId === intent.clientId);
        this.store.tell({ is: "discarded", clientId: intent.clientId });
        return done(pending === undefined ? {} : { text: pending.text });
      }
    }
  }

  /** Drafts that wait for a pause in typing, and what was heard last, are written at once: the page may go away. */
  flush(): void {
    if (this.mayKeep()) void this.#cache?.save(this.store.model.chats, this.#opened).catch(() => undefined);
    for (const [chat, callOff] of [...this.#drafts]) {
      callOff();
      this.#writeDraft(chat);
    }
  }

  /** A draft that another tab wrote. */
  drafted(chat: Id, text: string): void {
    this.store.tell({ is: "draft", chat, text });
  }

  async #send(intent: Extract<Intent, { want: "send" }>): Promise<Outcome> {
    const { chat, text, replyTo, mentions } = intent;
    const pending: Pending = {
      clientId: crypto.randomUUID(),
      chat,
      text,
      at: new Date(this.clock.now()).toISOString(),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
    };
    this.#drafts.get(chat)?.();
    this.#drafts.delete(chat);
    try {
      await this.#outbox?.put(pending);
    } catch (error) {
      if (error instanceof OutboxIsFull) return refusedWith("outbox_full");
    }
    this.store.tell({ is: "queued", pending });
    return done();
  }

  async #mark(clientId: string): Promise<void> {
    const pending = this.store.model.pending.find((one) => one.clientId === clientId);
    if (pending !== undefined) await this.#outbox?.mark(pending).catch(() => undefined);
  }

  #draft(chat: Id, text: string): void {
    this.store.tell({ is: "draft", chat, text });
    this.#drafts.get(chat)?.();
    this.#drafts.set(
      chat,
      this.clock.after(DRAFT_PAUSE, () => this.#writeDraft(chat)),
    );
  }

  #writeDraft(chat: Id): void {
    this.#drafts.delete(chat);
    void this.#outbox?.draft(chat, this.store.model.drafts[chat] ?? "").catch(() => undefined);
  }

  #changed(model: Model, before: Model): void {
    if (model.pending !== before.pending) this.#settle(model.pending, before.pending);
    if (model.chats !== before.chats && this.#saving === undefined && this.mayKeep()) {
      this.#saving = this.clock.after(SAVE_PAUSE, () => {
        this.#saving = undefined;
        void this.#cache?.save(this.store.model.chats, this.#opened).catch(() => undefined);
      });
    }
  }

  /** What is stored or discarded leaves the outbox; what was refused is remembered as such. */
  #settle(now: readonly Pending[], before: readonly Pending[]): void {
    for (const old of before) {
      const pending = now.find((one) => one.clientId === old.clientId);
      if (pending === undefined) void this.#outbox?.remove(old.clientId).catch(() => undefined);
      else if (pending.refused !== old.refused) void this.#outbox?.mark(pending).catch(() => undefined);
    }
  }
}
