/** What one decided of a chat for oneself: where it stands in the list, whether it calls, and from where on it is shown. */
import type { Chat, Model, Prefs } from "./model.ts";
import { calls, counts, recount } from "./reads.ts";
import { cut } from "./window.ts";

/** The state with the highest `own` stands. */
export function preferred(model: Model, chat: Chat, prefs: Prefs): Chat {
  if (chat.prefs !== undefined && prefs.own <= chat.prefs.own) return chat;
  const firstSeq = Math.max(chat.firstSeq ?? 1, prefs.firstSeq);
  return { ...shownFrom(forgottenBefore(model, chat, firstSeq), firstSeq), prefs };
}

/** What was cleared waits for nobody. */
function forgottenBefore(model: Model, chat: Chat, firstSeq: number): Chat {
  const from = Math.max(chat.readSeq, (chat.firstSeq ?? 1) - 1);
  if (firstSeq <= from + 1) return chat;
  const me = model.me?.id;
  const read = { ...chat, readSeq: from };
  return {
    ...chat,
    unread: recount(read, firstSeq - 1, chat.unread, (message) => counts(me, message)),
    mentioned: recount(read, firstSeq - 1, chat.mentioned, (message) => calls(model, message)),
  };
}

/** Drops what lies before the first message that is shown. That one only moves forward. */
export function shownFrom(chat: Chat, given: number | undefined): Chat {
  const firstSeq = Math.max(chat.firstSeq ?? 1, given ?? 1);
  const { last, pins, firstSeq: _, ...rest } = chat;
  const window = cut(chat.window, firstSeq);
  return {
    ...rest,
    ...(given === undefined && chat.firstSeq === undefined ? {} : { firstSeq }),
    ...(window === undefined ? {} : { window }),
    ...(last === undefined || last.seq < firstSeq ? {} : { last }),
    ...(pins === undefined ? {} : { pins: pins.filter((message) => message.seq >= firstSeq) }),
  };
}

export function isMuted(chat: Chat, now: number): boolean {
  const until = chat.prefs?.mutedUntil;
  return until !== undefined && Date.parse(until) > now;
}

export function isArchived(chat: Chat): boolean {
  return chat.prefs?.archived === true;
}
