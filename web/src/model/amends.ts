/** What changes of messages by what was heard, wherever a copy of them lies. */
import type { Fact } from "./fact.ts";
import type { Id, Message, Mine } from "./model.ts";
import { later } from "./window.ts";

export interface Amend {
  readonly chat: Id;
  readonly seq: number;
  readonly change: (old: Message) => Message;
}

export function amendsBy(fact: Fact): Amend[] {
  switch (fact.is) {
    case "changed":
      return [stated(fact.chat, fact.message)];
    case "marked":
      return [marked(fact.chat, fact.seq, fact.mine)];
    case "caught":
      return fact.rows.flatMap(({ chat, changed, marked: marks }) => [
        ...changed.map((message) => stated(chat, message)),
        ...marks.map(({ seq, mine }) => marked(chat, seq, mine)),
      ]);
    default:
      return [];
  }
}

function stated(chat: Id, message: Message): Amend {
  return { chat, seq: message.seq, change: (old) => later(old, message) };
}

function marked(chat: Id, seq: number, mine: Mine): Amend {
  return { chat, seq, change: (old) => later(old, { ...old, mine }) };
}
