/** Keeps what is known and written in the browser's database, and works from memory where there is none. */
import { Cache } from "../keep/cache.ts";
import { type Database, openDatabase, wipe } from "../keep/database.ts";
import { Files } from "../keep/files.ts";
import { Drafts, type Shelf, wipeDrafts } from "../keep/drafts.ts";
import { Outbox, OutboxIsFull } from "../keep/outbox.ts";
import { Pictures } from "../keep/pictures.ts";
import { done, type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import { apart, kept, keyOfMending } from "../model/mending.ts";
import type { Id, Model, Pending } from "../model/model.ts";
import { newId } from "../model/new-id.ts";
import type { Store } from "../model/store.ts";
import { isLoaded, trayOf, traysOf } from "../model/uploads.ts";
import { Drafting } from "./drafting.ts";
import type { Clock } from "./ports.ts";

type OfWriting = Extract<Intent, { want: "draft" | "mend" | "send" | "again" | "discard" }>;

const SAVE_PAUSE = 500;
/** So long after it was loaded the cache is pruned: by then the page stands. */
const PRUNE_PAUSE = 10_000;

interface Kept {
  readonly database: Database;
  readonly cache: Cache;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly files: Files;
  readonly pictures: Pictures;
}

export class Keeping {
  #user: Id | undefined;
  #kept: Kept | undefined;
  /** Counts who came and who left, so that what is loaded too late is seen to be. */
  #turn = 0;
  #loaded: Promise<void> = Promise.resolve();
  #saving: (() => void) | undefined;
  readonly #drafting: Drafting;
  readonly #opened = new Set<Id>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly tab: string,
    private readonly isClosed: (tab: string) => Promise<boolean>,
    /** Whether messages may stay on this device. */
    private readonly mayKeep: () => boolean,
    private readonly shelf: Shelf,
  ) {
    this.#drafting = new Drafting(clock, () => this.#kept?.drafts);
    store.listen((model, _, before) => this.#changed(model, before));
  }

  get isMemoryOnly(): boolean {
    return this.#user !== undefined && this.#kept === undefined;
  }

  /** The bytes of files that are not sent yet. */
  get files(): Files | undefined {
    return this.#kept?.files;
  }

  /** Those that were seen lately, where they may stay. */
  get pictures(): Pictures | undefined {
    return this.mayKeep() ? this.#kept?.pictures : undefined;
  }

  /** What was heard, where it may stay. */
  get cache(): Cache | undefined {
    return this.mayKeep() ? this.#kept?.cache : undefined;
  }

  /** Opens what is kept for this user and tells the model of it. Once for each user; whoever asks meanwhile waits for it, too. */
  async enter(user: Id): Promise<void> {
    if (this.#user !== user) {
      if (this.#user !== undefined) {
        void this.leave(false);
        this.store.tell({ is: "forgotten" });
      }
      this.#user = user;
      this.#turn += 1;
      this.#loaded = this.#load(user, this.#turn);
    }
    await this.#loaded;
  }

  async #load(user: Id, turn: number): Promise<void> {
    const database = await openDatabase(user);
    if (database === undefined) return;
    if (turn !== this.#turn) return database.close();
    const opened: Kept = {
      database,
      cache: new Cache(database),
      outbox: new Outbox(database, this.tab),
      drafts: new Drafts(database, this.shelf, user),
      files: new Files(database, this.tab),
      pictures: new Pictures(database),
    };
    this.#kept = opened;
    const [chats, pending, drafts, files] = await Promise.all([
      this.mayKeep() ? opened.cache.load() : [],
      opened.outbox.adopt(this.isClosed),
      opened.drafts.load(),
      opened.files.adopt(this.isClosed),
    ]);
    if (turn !== this.#turn) return;
    const notes = chats.find((chat) => chat.id === user);
    if (notes !== undefined) this.store.tell({ is: "me", me: { id: user, name: notes.name } });
    this.store.tell({ is: "loaded", chats, pending, ...apart(drafts), trays: traysOf(files, pending) });
    this.clock.after(PRUNE_PAUSE, () => {
      if (this.#kept === opened) void opened.cache.prune().catch(() => undefined);
    });
  }

  /** The login is over. What was heard goes; what was written stays for its owner, unless all is to go. */
  async leave(all: boolean): Promise<void> {
    const [user, opened] = [this.#user, this.#kept];
    this.#saving?.();
    this.#saving = undefined;
    if (!all) this.#drafting.saveAll();
    this.#drafting.stop();
    this.#turn += 1;
    this.#user = undefined;
    this.#kept = undefined;
    this.#opened.clear();
    if (all && user !== undefined) wipeDrafts(this.shelf, user);
    await opened?.cache.clear().catch(() => undefined);
    opened?.database.close();
    if (all && user !== undefined) await wipe(user);
  }

  /** Messages may not stay on this device any more: what was heard goes at once. */
  async forget(): Promise<void> {
    this.#saving?.();
    this.#saving = undefined;
    await this.#kept?.cache.clear().catch(() => undefined);
  }

  opened(chat: Id): void {
    this.#opened.add(chat);
  }

  async place(chat: Id): Promise<{ readonly seq: number; readonly offset: number } | undefined> {
    return await this.#kept?.cache.place(chat).catch(() => undefined);
  }

  async keepPlace(chat: Id, seq: number, offset: number): Promise<void> {
    await this.#kept?.cache.keepPlace(chat, seq, offset).catch(() => undefined);
  }

  async want(intent: OfWriting): Promise<Outcome> {
    switch (intent.want) {
      case "draft":
        this.#draft(intent.chat, intent.text);
        return done();
      case "mend":
        this.store.tell({ is: "mended", chat: intent.chat, mending: intent.mending });
        this.#drafting.typed(keyOfMending(intent.chat), kept(intent.mending));
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
    if (this.mayKeep()) void this.#kept?.cache.save(this.store.model.chats, this.#opened).catch(() => undefined);
    this.#drafting.saveAll();
  }

  /** A draft that another tab wrote. */
  drafted(chat: Id, text: string): void {
    this.#drafting.overtaken(chat);
    this.store.tell({ is: "draft", chat, text });
  }

  async #send(intent: Extract<Intent, { want: "send" }>): Promise<Outcome> {
    const { chat, text, replyTo, mentions } = intent;
    const uploads = trayOf(this.store.model, chat);
    const pending: Pending = {
      clientId: newId(),
      chat,
      text,
      at: new Date(this.clock.now()).toISOString(),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
      ...(uploads.length === 0 ? {} : { uploads }),
    };
    this.#drafting.callOff(chat);
    this.#kept?.drafts.sending(chat, pending.clientId);
    try {
      await this.#kept?.outbox.put(pending);
      this.#kept?.drafts.sent(chat);
    } catch (error) {
      if (error instanceof OutboxIsFull) {
        this.#draft(chat, this.store.model.drafts[chat] ?? text);
        return refusedWith("outbox_full");
      }
    }
    this.store.tell({ is: "queued", pending });
    return done();
  }

  async #mark(clientId: string): Promise<void> {
    const pending = this.store.model.pending.find((one) => one.clientId === clientId);
    if (pending !== undefined) await this.#kept?.outbox.mark(pending).catch(() => undefined);
  }

  #draft(chat: Id, text: string): void {
    this.store.tell({ is: "draft", chat, text });
    this.#drafting.typed(chat, text);
  }

  #changed(model: Model, before: Model): void {
    if (model.pending !== before.pending) this.#settle(model.pending, before.pending);
    if (model.chats !== before.chats && this.#saving === undefined && this.mayKeep()) {
      this.#saving = this.clock.after(SAVE_PAUSE, () => {
        this.#saving = undefined;
        void this.#kept?.cache.save(this.store.model.chats, this.#opened).catch(() => undefined);
      });
    }
  }

  /** What is stored or discarded leaves the outbox; what was refused is remembered as such. */
  #settle(now: readonly Pending[], before: readonly Pending[]): void {
    for (const old of before) {
      const pending = now.find((one) => one.clientId === old.clientId);
      if (pending === undefined) {
        this.#kept?.drafts.settled(old.chat, old.clientId);
        void this.#kept?.outbox.remove(old.clientId).catch(() => undefined);
      } else if (pending.refused !== old.refused || isLoaded(pending) !== isLoaded(old))
        void this.#kept?.outbox.mark(pending).catch(() => undefined);
    }
  }
}
