/** The history that is kept: it changes with what is heard, and without a network there are pages of it, where it has no gap. */
import type { Cache } from "../keep/cache.ts";
import { amendsBy } from "../model/amends.ts";
import type { Fact } from "../model/fact.ts";
import { done, type Intent, type Outcome } from "../model/intent.ts";
import type { Chat, Id, Message } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { endOf, MOST } from "../model/window.ts";

export type OfHistory = Extract<Intent, { want: "older" | "newer" | "newest" | "around" }>;

const PAGE = 50;
/** What goes at once when the window is full. */
const CHUNK = 100;

export class KeptHistory {
  constructor(
    private readonly store: Store,
    /** None, where nothing is kept. */
    private readonly cache: () => Cache | undefined,
  ) {
    store.listen((_, fact) => this.#amend(fact));
  }

  /** `refused` stands, if there is nothing here either. */
  async want(intent: OfHistory, refused: Outcome): Promise<Outcome> {
    const chat = this.store.model.chats[intent.chat];
    const cache = this.cache();
    if (chat === undefined || cache === undefined) return refused;
    const [from, to, at] = placeOf(intent, chat);
    const messages = await cache.run(chat.id, from, to, at).catch((): Message[] => []);
    if (messages.length === 0 || !this.#fits(intent, chat.id)) return refused;
    const afresh = intent.want === "newest" || intent.want === "around";
    const page = { chat: chat.id, kind: chat.kind, reads: {}, messages, hasMore: true };
    this.store.tell({ is: "page", page, afresh });
    this.#trim(chat.id, intent.want === "older" ? "new" : "old");
    return done();
  }

  /** What lies outside of a window changes, too: a deleted text stays nowhere. */
  #amend(fact: Fact): void {
    const amends = amendsBy(fact);
    if (amends.length > 0)
      void this.cache()
        ?.amend(amends)
        .catch(() => undefined);
    for (const row of fact.is === "caught" ? fact.rows : [])
      if (row.reset)
        void this.cache()
          ?.forget(row.chat)
          .catch(() => undefined);
  }

  /** The server may have answered somebody else meanwhile, or the chat be gone. */
  #fits({ want }: OfHistory, id: Id): boolean {
    const window = this.store.model.chats[id]?.window;
    return want === "newest" || want === "around" || window !== undefined;
  }

  #trim(id: Id, end: "old" | "new"): void {
    const over = (this.store.model.chats[id]?.window?.messages.length ?? 0) - MOST;
    if (over > 0) this.store.tell({ is: "trimmed", chat: id, end, count: Math.ceil(over / CHUNK) * CHUNK });
  }
}

/** From where to where, and which message must be among them. */
function placeOf(intent: OfHistory, { window, lastSeq }: Chat): readonly [number, number, number] {
  const [from, end] = window === undefined ? [lastSeq + 1, lastSeq + 1] : [window.from, endOf(window)];
  switch (intent.want) {
    case "older":
      return [from - PAGE, from - 1, from - 1];
    case "newer":
      return [end, end + PAGE - 1, end];
    case "newest":
      return [lastSeq - PAGE + 1, lastSeq, lastSeq];
    case "around":
      return [intent.seq - PAGE / 2, intent.seq + PAGE / 2 - 1, intent.seq];
  }
}
