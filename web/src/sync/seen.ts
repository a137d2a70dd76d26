/** Tells the server how far one has read: at most once a second for each chat, and never backwards. */
import type { Id, Kind } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import type { Wire } from "../wire/socket.ts";
import type { Clock } from "./ports.ts";

const PAUSE = 1_000;
const READ: Readonly<Record<Kind, string>> = {
  Self: "read-personal-message",
  Personal: "read-personal-message",
  Group: "read-group-message",
};

export class Seen {
  readonly #told = new Map<Id, number>();
  readonly #waiting = new Set<Id>();

  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
    private readonly clock: Clock,
  ) {}

  seen(id: Id, seq: number): void {
    const chat = this.store.model.chats[id];
    if (chat === undefined || seq <= chat.readSeq) return;
    this.store.tell({ is: "readHere", chat: id, seq });
    if (!this.#waiting.has(id)) void this.#tell(id);
  }

  /** After a connect: what was read meanwhile. */
  run(): void {
    for (const id of this.#told.keys()) {
      if (!this.#waiting.has(id)) void this.#tell(id);
    }
  }

  async #tell(id: Id): Promise<void> {
    const chat = this.store.model.chats[id];
    if (chat === undefined || chat.kind === "Self") return;
    const seq = chat.readSeq;
    if (seq <= (this.#told.get(id) ?? 0)) return;
    this.#waiting.add(id);
    if (!this.#told.has(id)) this.#told.set(id, 0);
    const where = chat.kind === "Group" ? { GroupId: id } : { ChatId: id };
    const answer = await this.wire.ask(READ[chat.kind], { ...where, Seq: seq });
    if (answer.ok) this.#told.set(id, seq);
    await new Promise<void>((resolve) => this.clock.after(PAUSE, resolve));
    this.#waiting.delete(id);
    if (this.wire.isOpen) await this.#tell(id);
  }
}
