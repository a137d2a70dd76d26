/** Wishes for a chat that are for oneself alone: where it stands, whether it calls, that it is empty. */
import { done, type Intent, type Outcome } from "../model/intent.ts";
import type { Id } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { prefs } from "../wire/chats.ts";
import { fields, some } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

type OfPreferences = Extract<Intent, { want: "prefer" | "clear" }>;

export function isOfPreferences(intent: Intent): intent is OfPreferences {
  return intent.want === "prefer" || intent.want === "clear";
}

export class Preferences {
  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  async want(intent: OfPreferences): Promise<Outcome> {
    if (intent.want === "clear") return await this.#clear(intent.chat);
    const { mute, archived, pinned, markedUnread, hidden } = intent.change;
    return await this.#ask("set-chat-prefs", intent.chat, {
      Mute: mute,
      Archived: archived,
      Pinned: pinned,
      MarkedUnread: markedUnread,
      Hidden: hidden,
    });
  }

  /** Up to the newest message that is known here: what comes meanwhile stays. */
  async #clear(id: Id): Promise<Outcome> {
    const newest = this.store.model.chats[id]?.lastSeq ?? 0;
    return await this.#ask("clear-chat", id, newest > 0 ? { Seq: newest } : {});
  }

  async #ask(event: string, chat: Id, payload: object): Promise<Outcome> {
    const answer = await this.wire.ask(event, { ChatId: chat, ...some(payload) });
    if (!answer.ok) return answer;
    this.store.tell({ is: "prefs", chat, prefs: prefs(fields(answer.body["Prefs"])) });
    return done();
  }
}
