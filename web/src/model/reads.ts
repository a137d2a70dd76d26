/** Unread counts and read pointers. Pointers only move forward. */
import type { Chat, Id, Model } from "./model.ts";
import { endOf } from "./window.ts";

/** Beyond it a count means so many or more. */
export const UNREAD_CAP = 1000;

/** One has read up to `seq`, here or on another device, which knows the count. */
export function readHere(model: Model, chat: Chat, seq: number, unread: number | undefined): Chat {
  const readSeq = Math.max(chat.readSeq, Math.min(seq, chat.lastSeq));
  if (readSeq === chat.readSeq && unread === undefined) return chat;
  return { ...chat, readSeq, unread: unread ?? recount(model.me?.id, chat, readSeq) };
}

/** Counts in the window where it reaches to the end, and subtracts what was read where it does not. */
function recount(me: Id | undefined, chat: Chat, readSeq: number): number {
  if (readSeq >= chat.lastSeq) return 0;
  const { window } = chat;
  const counted = (from: number, to: number) =>
    window === undefined
      ? 0
      : window.messages
          .slice(Math.max(0, from - window.from), Math.max(0, to - window.from))
          .filter((message) => counts(me, message)).length;
  if (window !== undefined && window.from <= readSeq + 1 && endOf(window) > chat.lastSeq) {
    return counted(readSeq + 1, endOf(window));
  }
  return chat.unread >= UNREAD_CAP ? chat.unread : Math.max(0, chat.unread - counted(chat.readSeq + 1, readSeq + 1));
}

/** Whether a message can be unread for `me`. */
export function counts(
  me: Id | undefined,
  message: { readonly sender: Id; readonly deletedAt?: string; readonly mine?: { readonly hidden: boolean } },
): boolean {
  return message.sender !== me && message.deletedAt === undefined && message.mine?.hidden !== true;
}

/** Others have read so far. */
export function readBy(chat: Chat, reads: Readonly<Record<Id, number>>): Chat {
  const moved = Object.entries(reads).filter(([reader, seq]) => seq > (chat.reads[reader] ?? 0));
  return moved.length === 0 ? chat : { ...chat, reads: { ...chat.reads, ...Object.fromEntries(moved) } };
}
