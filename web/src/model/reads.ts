/** Unread counts and read pointers. Pointers only move forward. */
import type { Chat, Id, Message, Model } from "./model.ts";
import { endOf } from "./window.ts";

/** Beyond it a count means so many or more. */
export const UNREAD_CAP = 1000;

/** Who is mentioned where all are. */
export const EVERYBODY = "all";

/** How many messages wait, and how many of them mention one. */
export interface Waiting {
  readonly unread: number;
  readonly mentioned: number;
}

/** One has read up to `seq`, here or on another device, which knows the counts. */
export function readHere(model: Model, chat: Chat, seq: number, told: Partial<Waiting>): Chat {
  const readSeq = Math.max(chat.readSeq, Math.min(seq, chat.lastSeq));
  if (readSeq === chat.readSeq && told.unread === undefined) return chat;
  const me = model.me?.id;
  return {
    ...chat,
    readSeq,
    unread: told.unread ?? recount(chat, readSeq, chat.unread, (message) => counts(me, message)),
    mentioned: told.mentioned ?? recount(chat, readSeq, chat.mentioned, (message) => calls(model, message)),
  };
}

/** Counts in the window where it reaches to the end, and subtracts what was read where it does not. */
export function recount(chat: Chat, readSeq: number, before: number, isOne: (message: Message) => boolean): number {
  if (readSeq >= chat.lastSeq) return 0;
  const { window } = chat;
  const counted = (from: number, to: number) =>
    window === undefined
      ? 0
      : window.messages.slice(Math.max(0, from - window.from), Math.max(0, to - window.from)).filter(isOne).length;
  if (
    window !== undefined &&
    window.from <= Math.max(readSeq + 1, chat.firstSeq ?? 1) &&
    endOf(window) > chat.lastSeq
  ) {
    return counted(readSeq + 1, endOf(window));
  }
  return before >= UNREAD_CAP ? before : Math.max(0, before - counted(chat.readSeq + 1, readSeq + 1));
}

/** Whether a message can be unread for `me`. */
export function counts(
  me: Id | undefined,
  message: { readonly sender: Id; readonly deletedAt?: string; readonly mine?: { readonly hidden: boolean } },
): boolean {
  return message.sender !== me && message.deletedAt === undefined && message.mine?.hidden !== true;
}

/** Whether a message that can be unread calls `me`, or everybody. */
function mentions(me: Id | undefined, message: Message): boolean {
  return counts(me, message) && message.mentions?.some((id) => id === me || id === EVERYBODY) === true;
}

/** Whether a message calls me by name, or everybody. Whom I blocked calls nobody. */
export function calls(model: Model, message: Message): boolean {
  return model.blocked[message.sender] !== true && mentions(model.me?.id, message);
}

/** Others have read so far. */
export function readBy(chat: Chat, reads: Readonly<Record<Id, number>>): Chat {
  const moved = Object.entries(reads).filter(([reader, seq]) => seq > (chat.reads[reader] ?? 0));
  return moved.length === 0 ? chat : { ...chat, reads: { ...chat.reads, ...Object.fromEntries(moved) } };
}
