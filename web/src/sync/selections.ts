/** Questions for messages by their marks or words, and for those who made them: what is starred or found, who reacted. */
import { done, type Intent, type Outcome } from "../model/intent.ts";
import { message, result } from "../wire/messages.ts";
import { flag, list, some, text, textIf } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

/** So many empty pages are passed over. */
const ROUNDS = 5;

type OfSelections = Extract<Intent, { want: "starred" | "search" | "reactors" }>;

const WANTS: readonly string[] = ["starred", "search", "reactors"] satisfies OfSelections["want"][];

export function isOfSelections(intent: Intent): intent is OfSelections {
  return WANTS.includes(intent.want);
}

export class Selections {
  constructor(private readonly wire: Wire) {}

  async want(intent: OfSelections): Promise<Outcome> {
    switch (intent.want) {
      case "starred":
        return await this.#starred(intent.cursor);
      case "search":
        return await this.#search(intent.text, intent.cursor);
      case "reactors":
        return await this.#reactors(intent);
    }
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
