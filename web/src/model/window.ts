/** A chat's window: a gapless run of messages. Grows at its ends, never with a hole in it. */
import type { Chat, Message, Mine, Window } from "./model.ts";

/** As many messages stand in model and page at most. */
export const MOST = 400;

/** The `Seq` after the window's last. */
export function endOf(window: Window): number {
  return window.from + window.messages.length;
}

export function atEnd(chat: Chat): boolean {
  return chat.window !== undefined && endOf(chat.window) > chat.lastSeq;
}

export function atStart(chat: Chat): boolean {
  return chat.window !== undefined && chat.window.from <= (chat.firstSeq ?? 1);
}

export function messageAt(chat: Chat, seq: number): Message | undefined {
  const inside = chat.window?.messages[seq - chat.window.from];
  return inside ?? (chat.last?.seq === seq ? chat.last : undefined);
}

/** Of two states of one message the later one, with the later marks. */
export function later(old: Message | undefined, fresh: Message): Message {
  if (old === undefined) return fresh;
  const base = fresh.rev >= old.rev ? fresh : old;
  const mine = laterMine(old.mine, fresh.mine);
  const clientId = fresh.clientId ?? old.clientId;
  const senderName = base.senderName === "" ? old.senderName || fresh.senderName : base.senderName;
  const all = { ...base, senderName, ...(clientId === undefined ? {} : { clientId }) };
  return mine === undefined ? all : { ...all, mine: base.deletedAt === undefined ? mine : onlyHidden(mine) };
}

function laterMine(old: Mine | undefined, fresh: Mine | undefined): Mine | undefined {
  if (old === undefined || fresh === undefined) return fresh ?? old;
  return fresh.own >= old.own ? fresh : old;
}

/** A deleted message keeps of one's marks only that it is hidden. */
export function onlyHidden(mine: Mine): Mine {
  return { own: mine.own, reactions: [], starred: false, hidden: mine.hidden };
}

/** Puts a run of messages into a window. A run that does not touch it replaces it only if `afresh`. */
export function merged(window: Window | undefined, run: readonly Message[], afresh: boolean): Window | undefined {
  const first = run[0];
  if (first === undefined) return window;
  const touches = window !== undefined && first.seq <= endOf(window) && first.seq + run.length >= window.from;
  if (!touches) return window === undefined || afresh ? { from: first.seq, messages: run } : window;
  const from = Math.min(first.seq, window.from);
  const end = Math.max(first.seq + run.length, endOf(window));
  const messages: Message[] = [];
  for (let seq = from; seq < end; seq += 1) {
    const old = window.messages[seq - window.from];
    const fresh = run[seq - first.seq];
    const both = fresh === undefined ? old : later(old, fresh);
    if (both === undefined) return window;
    messages.push(both);
  }
  return { from, messages };
}

/** Replaces one message of the window, if it is there. */
export function replaced(
  window: Window | undefined,
  seq: number,
  change: (old: Message) => Message,
): Window | undefined {
  const old = window?.messages[seq - window.from];
  if (window === undefined || old === undefined) return window;
  const messages = [...window.messages];
  messages[seq - window.from] = change(old);
  return { from: window.from, messages };
}

/** Takes messages from one end. */
export function trimmed(window: Window, end: "old" | "new", count: number): Window {
  if (end === "new") return { from: window.from, messages: window.messages.slice(0, -count) };
  return { from: window.from + count, messages: window.messages.slice(count) };
}

/** Drops what lies before the first visible message. */
export function cut(window: Window | undefined, firstSeq: number | undefined): Window | undefined {
  if (window === undefined || firstSeq === undefined || window.from >= firstSeq) return window;
  const messages = window.messages.slice(firstSeq - window.from);
  return { from: Math.max(firstSeq, window.from), messages };
}

/** Whether the messages from one `Seq` follow each other. */
export function isGapless(run: readonly Message[]): boolean {
  return run.every((message, index) => index === 0 || message.seq === (run[index - 1]?.seq ?? 0) + 1);
}
