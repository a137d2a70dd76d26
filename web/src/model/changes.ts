/** Changes of messages that exist: what was edited, deleted, pinned, and one's own marks. Live and by `sync`. */
import { caught, withChat } from "./chats.ts";
import type { Caught } from "./fact.ts";
import type { Chat, Message, Model } from "./model.ts";
import { repinned } from "./pins.ts";
import { calls, counts } from "./reads.ts";
import { later, messageAt, replaced } from "./window.ts";

/** What was missed of one chat, and what changed in it. */
export function caughtAll(model: Model, row: Caught): Model {
  const next = caught(model, row);
  const changes = row.changed.reduce(
    (all, message) => withChat(all, row.chat, (chat) => changed(all, chat, message)),
    next,
  );
  return row.marked.reduce(
    (all, { seq, mine }) =>
      withChat(all, row.chat, (chat) => changedAt(all, chat, seq, (old) => later(old, { ...old, mine }))),
    changes,
  );
}

/** Live changes move the position only once nothing is left to be fetched. */
export function reached(model: Model, chat: Chat, to: { readonly rev?: number; readonly own?: number }): Chat {
  if (!model.current || chat.rev === undefined) return chat;
  return { ...chat, rev: Math.max(chat.rev, to.rev ?? 0), own: Math.max(chat.own ?? 0, to.own ?? 0) };
}

export function changed(model: Model, chat: Chat, message: Message): Chat {
  return repinned(
    changedAt(model, chat, message.seq, (old) => later(old, message)),
    message,
  );
}

/** Changes a message where it is known. One that was unread and counts no more is one unread less. */
export function changedAt(model: Model, chat: Chat, seq: number, change: (old: Message) => Message): Chat {
  const old = messageAt(chat, seq);
  if (old === undefined) return chat;
  const fresh = change(old);
  const me = model.me?.id;
  const isUnread = seq > chat.readSeq && counts(me, old);
  const isLess = isUnread && !counts(me, fresh) && isUncounted(chat, old, fresh);
  const isMended = isUnread && counts(me, fresh) && fresh.rev > (chat.counted?.rev ?? 0);
  const difference = isLess || isMended ? Number(calls(model, fresh)) - Number(calls(model, old)) : 0;
  return {
    ...chat,
    ...(chat.window === undefined ? {} : { window: replaced(chat.window, seq, () => fresh) }),
    ...(chat.last?.seq === seq ? { last: fresh } : {}),
    unread: isLess ? Math.max(0, chat.unread - 1) : chat.unread,
    mentioned: Math.max(0, chat.mentioned + difference),
  };
}

/** Whether the list did not know of what changed. */
function isUncounted({ counted }: Chat, old: Message, fresh: Message): boolean {
  if (counted === undefined) return true;
  return old.deletedAt === fresh.deletedAt ? (fresh.mine?.own ?? 0) > counted.own : fresh.rev > counted.rev;
}
