/** What is not to be seen any more by what was heard: whatever is kept of it beside the model goes, too. */
import type { Fact } from "./fact.ts";
import type { Chat, Id, Message, Mine, Model } from "./model.ts";

/** The messages of a chat from one to another. */
export interface Gone {
  readonly chat: Id;
  readonly from: number;
  readonly to: number;
}

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

export function goneBy(model: Model, fact: Fact, before: Model): Gone[] {
  // Who leaves has its own way to take all along.
  if (fact.is === "forgotten") return [];
  return [...left(model, before), ...withdrawn(fact)];
}

/** Chats that are gone, and what was cleared of those that are not. */
function left(model: Model, before: Model): Gone[] {
  if (model.chats === before.chats) return [];
  return Object.values(before.chats).flatMap((old): Gone[] => {
    const chat = model.chats[old.id];
    if (chat === undefined) return [{ chat: old.id, ...ALL }];
    const first = firstOf(chat);
    return first > firstOf(old) ? [{ chat: old.id, from: 0, to: first - 1 }] : [];
  });
}

function firstOf({ firstSeq = 1 }: Chat): number {
  return firstSeq;
}

/** Single messages, whether they are in a window or not. */
function withdrawn(fact: Fact): Gone[] {
  switch (fact.is) {
    case "changed":
      return deleted(fact.chat, [fact.message]);
    case "marked":
      return hidden(fact.chat, [fact]);
    case "page":
      return deleted(fact.page.chat, fact.page.messages);
    case "caught":
      return fact.rows.flatMap((row) =>
        row.reset ? [{ chat: row.chat, ...ALL }] : [...deleted(row.chat, row.changed), ...hidden(row.chat, row.marked)],
      );
    default:
      return [];
  }
}

function deleted(chat: Id, messages: readonly Message[]): Gone[] {
  const gone = messages.filter(({ deletedAt, mine }) => deletedAt !== undefined || mine?.hidden === true);
  return gone.map(({ seq }) => ({ chat, from: seq, to: seq }));
}

function hidden(chat: Id, marks: readonly { readonly seq: number; readonly mine: Mine }[]): Gone[] {
  return marks.filter(({ mine }) => mine.hidden).map(({ seq }) => ({ chat, from: seq, to: seq }));
}
