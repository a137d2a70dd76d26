/** Questions for messages by their marks or words, and for those who made them: what is pinned, starred or found, who reacted. */
import { done, type Intent, type Outcome } from "../model/intent.ts";
import type { Id } from "../model/model.ts";
import { hasChanges } from "../model/rules.ts";
import type { Store } from "../model/store.ts";
import { happening, message, result } from "../wire/messages.ts";
import { flag, list, some, text, textIf } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

/** So many empty pages are passed over. */
const ROUNDS = 5;
/** As much as the server tells at once. */
const MOST = 200;

type OfSelections = Extract<Intent, { want: "pins" | "starred" | "search" | "reactors" }>;

const WANTS: readonly string[] = ["pins", "starred", "search", "reactors"] satisfies OfSelections["want"][];

export function isOfSelections(intent: Intent): intent is OfSelections {
  return WANTS.includes(intent.want);
}

export class Selections {
  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  async want(intent: OfSelections): Promise<Outcome> {
    switch (intent.want) {
      case "pins":
        return await this.pins(intent.chat);
      case "starred":
        return await this.#starred(intent.cursor);
      case "search":
        return await this.#search(intent.text, intent.cursor);
      case "reactors":
        return await this.#reactors(intent);
    }
  }

  /** The answer is a fact: what is pinned changes while one looks. */
  async pins(id: Id): Promise<Outcome> {
    const chat = this.store.model.chats[id];
    if (chat === undefined || !hasChanges(chat)) return done();
    const answer = await this.wire.ask("fetch-pinned", { ChatId: id });
    if (!answer.ok) return answer;
    this.store.tell({ is: "pins", chat: id, messages: list(answer.body, "Messages", message) });
    return done();
  }

  /** What happened in a group, the newest of it. Live events go on from there. */
  async happened(id: Id): Promise<Outcome> {
    const chat = this.store.model.chats[id];
    if (chat?.kind !== "Group" || !hasChanges(chat)) return done();
    const answer = await this.wire.ask("fetch-activity", { ChatId: id, Limit: MOST });
    if (!answer.ok) return answer;
    const events = list(answer.body, "Events", happening).filter((one) => one !== undefined);
    this.store.tell({ is: "happened", chat: id, events });
    return done();
  }

  async #starred(cursor: string | undefined): Promise<Outcome> {
    const answer = await this.wire.ask("fetch-starred", some({ Cursor: cursor }));
    if (!answer.ok) return answer;
    const found = list(answer.body, "Messages", (row) => ({ chat: text(row, "ChatId"), message: message(row) }));
    return done({ found, ...some({ cursor: textIf(answer.body, "Cursor") }) });
  }

  /** A page can be empty and have others after it: so on until something is found. */
  async #search(text: string, cursor: string | undefined): Promise<Outcome> {
    let next = cursor;
    for (let round = 1; ; round += 1) {
      const answer = await this.wire.ask("search-messages", some({ Query: text, Cursor: next }));
      if (!answer.ok) return answer;
      const found = list(answer.body, "Results", result);
      next = flag(answer.body, "HasMore") ? textIf(answer.body, "Cursor") : undefined;
      if (found.length > 0 || next === undefined || round === ROUNDS) return done({ found, ...some({ cursor: next }) });
    }
  }

  async #reactors({ chat, seq, emoji }: Extract<OfSelections, { want: "reactors" }>): Promise<Outcome> {
    const answer = await this.wire.ask("fetch-reactions", { ChatId: chat, Seq: seq, Emoji: emoji });
    if (!answer.ok) return answer;
    return done({
      people: list(answer.body, "Users", (user) => ({ id: text(user, "_id"), name: text(user, "Name") })),
    });
  }
}
