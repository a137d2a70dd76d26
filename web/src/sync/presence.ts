/** Hints: who types, who is online, what arrived. Nothing here is promised, so nothing is tried again. */
import type { Id, Model } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { hasChanges } from "../model/rules.ts";
import { presenceOf } from "../wire/decode.ts";
import type { Wire } from "../wire/socket.ts";
import type { Clock } from "./ports.ts";

/** As many people are watched at most. */
const MOST = 200;
const TYPING_PAUSE = 3_000;
const DELIVERED_PAUSE = 1_000;

export class Presence {
  #watched = "";
  readonly #typed = new Map<Id, number>();
  readonly #delivered = new Map<Id, number>();
  readonly #waiting = new Set<Id>();

  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
    private readonly clock: Clock,
  ) {
    store.listen((model) => this.#changed(model));
  }

  /** A new connection watches nobody. */
  reset(): void {
    this.#watched = "";
    this.#delivered.clear();
    this.#typed.clear();
  }

  /** Keys are pressed, or no more. */
  typing(id: Id, on: boolean): void {
    const chat = this.store.model.chats[id];
    if (chat === undefined || chat.kind === "Self" || !hasChanges(chat)) return;
    const now = this.clock.now();
    const last = this.#typed.get(id);
    if (on && last !== undefined && now - last < TYPING_PAUSE) return;
    if (!on && last === undefined) return;
    if (on) this.#typed.set(id, now);
    else this.#typed.delete(id);
    void this.wire.ask("typing", { ChatId: id, On: on });
  }

  #changed(model: Model): void {
    if (!model.current) return;
    this.#watch(model);
    for (const chat of Object.values(model.chats)) {
      if (chat.kind === "Personal" && hasChanges(chat) && chat.lastSeq > (this.#delivered.get(chat.id) ?? 0))
        this.#deliver(chat.id);
    }
  }

  #watch(model: Model): void {
    const partners = Object.values(model.chats)
      .filter((chat) => chat.partner !== undefined && hasChanges(chat))
      .sort((one, other) => other.lastChat.localeCompare(one.lastChat))
      .flatMap((chat) => (chat.partner === undefined ? [] : [chat.partner]))
      .slice(0, MOST);
    const key = [...partners].sort().join();
    if (key === this.#watched) return;
    this.#watched = key;
    void this.wire.ask("watch-presence", { Users: partners }).then((answer) => {
      if (answer.ok) this.store.tell(presenceOf(answer.body));
    });
  }

  #deliver(id: Id): void {
    if (this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.clock.after(DELIVERED_PAUSE, () => {
      this.#waiting.delete(id);
      const seq = this.store.model.chats[id]?.lastSeq ?? 0;
      this.#delivered.set(id, seq);
      if (this.wire.isOpen) void this.wire.ask("delivered", { ChatId: id, Seq: seq });
    });
  }
}
