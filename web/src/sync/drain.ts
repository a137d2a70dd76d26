/** Sends what is pending: per chat in the order of writing, the same `ClientId` until it is stored or refused for good. */
import type { Id, Kind, Pending } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { isLoaded } from "../model/uploads.ts";
import { passes } from "../wire/refusal.ts";
import { count, text } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";
import { type Clock, Pause } from "./ports.ts";

const SEND: Readonly<Record<Kind, string>> = {
  Self: "send-self-message",
  Personal: "send-personal-message",
  Group: "send-group-message",
};

export class Drain {
  readonly #running = new Set<Id>();

  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
    private readonly clock: Clock,
  ) {}

  /** Goes on with every chat in which something waits. */
  run(): void {
    for (const { chat } of this.store.model.pending) void this.#chat(chat);
  }

  async #chat(chat: Id): Promise<void> {
    if (this.#running.has(chat)) return;
    this.#running.add(chat);
    const pause = new Pause(this.clock);
    let next = this.#next(chat);
    while (next !== undefined && this.store.model.current) {
      const wait = await this.#send(next, pause);
      if (wait > 0) await new Promise<void>((resolve) => this.clock.after(wait, resolve));
      next = this.#next(chat);
    }
    this.#running.delete(chat);
  }

  /** What waits for its files holds up what was written after it. */
  #next(chat: Id): Pending | undefined {
    const next = this.store.model.pending.find((one) => one.chat === chat && one.refused === undefined);
    return next !== undefined && isLoaded(next) ? next : undefined;
  }

  /** Returns how long to wait before the next, in milliseconds. */
  async #send(pending: Pending, pause: Pause): Promise<number> {
    const { clientId, chat } = pending;
    const kind = this.store.model.chats[chat]?.kind;
    if (kind === undefined) {
      this.store.tell({ is: "refused", clientId, reason: "not_found" });
      return 0;
    }
    const answer = await this.wire.ask(SEND[kind], payloadOf(pending, kind));
    if (answer.ok) {
      pause.reset();
      const { body } = answer;
      this.store.tell({
        is: "stored",
        clientId,
        chat,
        id: text(body, "_id"),
        seq: count(body, "Seq"),
        at: text(body, "Timestamp"),
      });
      return 0;
    }
    if (passes(answer.refusal)) return pause.next(1000 * (answer.refusal.retryAfter ?? 0));
    this.store.tell({ is: "refused", clientId, reason: answer.refusal.code });
    return 0;
  }
}

function payloadOf(pending: Pending, kind: Kind): object {
  const { clientId, chat, text: content, replyTo, mentions, uploads = [] } = pending;
  const where = kind === "Group" ? { GroupId: chat } : { ChatId: chat };
  return {
    ...(kind === "Self" ? {} : where),
    Content: content,
    ClientId: clientId,
    ...(replyTo === undefined ? {} : { ReplyTo: replyTo }),
    ...(mentions === undefined || mentions.length === 0 ? {} : { Mentions: mentions }),
    ...(uploads.length === 0 ? {} : { Attachments: uploads.map(({ file }) => ({ Id: file?.id })) }),
  };
}
