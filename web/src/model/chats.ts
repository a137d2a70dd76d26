/** The list of chats: what the server's lists, live messages and `sync` make of it. */
import type { Caught, Row } from "./fact.ts";
import { learned, pictureOf } from "./members.ts";
import { type Chat, type Id, type Kind, type Message, type Model, newChat } from "./model.ts";
import { preferred, shownFrom } from "./prefs.ts";
import { calls, counts, UNREAD_CAP } from "./reads.ts";
import { endOf, isGapless, later, MOST, merged } from "./window.ts";

export function withChat(model: Model, id: Id, change: (chat: Chat) => Chat): Model {
  const chat = model.chats[id];
  if (chat === undefined) return model;
  const changed = change(chat);
  return changed === chat ? model : { ...model, chats: { ...model.chats, [id]: changed } };
}

export function withoutChat(model: Model, id: Id): Model {
  const { [id]: gone, ...chats } = model.chats;
  return gone === undefined ? model : { ...model, chats, pending: model.pending.filter((one) => one.chat !== id) };
}

/** One's notes are a chat from the beginning, whatever the lists say. */
export function withNotes(model: Model): Model {
  const { me } = model;
  if (me === undefined || model.chats[me.id] !== undefined) return model;
  return { ...model, chats: { ...model.chats, [me.id]: newChat(me.id, "Self", me.name) } };
}

/** A list replaces the one before it: what is missing in it is gone, or one hid it. */
export function listed(model: Model, kind: "Personal" | "Group", rows: readonly Row[]): Model {
  const kept = Object.entries(model.chats).filter(
    ([id, chat]) => chat.kind !== kind || chat.prefs?.hidden === true || rows.some((row) => row.id === id),
  );
  const fresh = rows.map((row): [Id, Chat] => [row.id, ofRow(model, row)]);
  return { ...model, chats: { ...Object.fromEntries(kept), ...Object.fromEntries(fresh) } };
}

function ofRow(model: Model, row: Row): Chat {
  const old = model.chats[row.id];
  const known = old ?? newChat(row.id, row.kind, row.name);
  const chat = row.prefs === undefined ? known : preferred(model, known, row.prefs);
  const isNewer = row.lastSeq >= chat.lastSeq;
  const isInformed = (chat.info?.rev ?? 0) > (row.rev ?? 0);
  const { picture, ...rest } = chat;
  return {
    ...rest,
    name: isInformed ? chat.name : row.name,
    ...pictureOf(isInformed ? picture : row.picture),
    ...(row.partner === undefined ? {} : { partner: row.partner }),
    lastChat: row.lastChat > chat.lastChat ? row.lastChat : chat.lastChat,
    lastSeq: Math.max(row.lastSeq, chat.lastSeq),
    readSeq: Math.max(row.readSeq, chat.readSeq),
    ...(old === undefined && row.rev !== undefined ? { rev: row.rev, own: row.own ?? 0 } : {}),
    unread: isNewer ? row.unread : chat.unread,
    mentioned: isNewer ? row.mentioned : chat.mentioned,
    ...(isNewer && row.rev !== undefined ? { counted: { rev: row.rev, own: row.own ?? 0 } } : {}),
    gap:
      chat.gap || (chat.window !== undefined && endOf(chat.window) === chat.lastSeq + 1 && row.lastSeq > chat.lastSeq),
  };
}

/** A live message. One that is known already changes nothing but its state. */
export function said(model: Model, id: Id, kind: Kind, message: Message): Model {
  const known = model.chats[id];
  const chat = known ?? newChat(id, kind, kind === "Personal" ? message.senderName : "");
  const chats = { ...model.chats, [id]: spoken(model, chat, message) };
  const typists = model.typists.filter((typist) => typist.chat !== id || typist.user !== message.sender);
  return { ...model, chats, typists };
}

function spoken(model: Model, chat: Chat, message: Message): Chat {
  if (message.seq <= chat.lastSeq) return known(chat, message);
  const follows = message.seq === chat.lastSeq + 1;
  const { window: old } = chat;
  // A full window takes no more: it is fetched, and the other end goes, when somebody looks there.
  const wasAtEnd = old !== undefined && endOf(old) === chat.lastSeq + 1 && old.messages.length < MOST;
  const starts = chat.lastSeq === 0 && message.seq === 1 && old === undefined;
  const window = (follows && wasAtEnd) || starts ? merged(old, [message], starts) : old;
  return {
    ...chat,
    ...(window === undefined ? {} : { window }),
    lastSeq: message.seq,
    lastChat: message.at > chat.lastChat ? message.at : chat.lastChat,
    last: message,
    unread: counts(model.me?.id, message) ? Math.min(UNREAD_CAP, chat.unread + 1) : chat.unread,
    mentioned: calls(model, message) ? Math.min(UNREAD_CAP, chat.mentioned + 1) : chat.mentioned,
    gap: chat.gap || !follows,
  };
}

/** The state of a message at or before the newest. */
export function known(chat: Chat, message: Message): Chat {
  const last = message.seq === chat.lastSeq && (chat.last === undefined || chat.last.seq <= message.seq);
  const window =
    chat.window !== undefined && touches(chat, message.seq) ? merged(chat.window, [message], false) : chat.window;
  return {
    ...chat,
    ...(window === undefined ? {} : { window }),
    ...(last ? { last: later(chat.last?.seq === message.seq ? chat.last : undefined, message) } : {}),
  };
}

function touches(chat: Chat, seq: number): boolean {
  return chat.window !== undefined && seq >= chat.window.from && seq <= endOf(chat.window);
}

/** What was missed of one chat. */
export function caught(model: Model, row: Caught): Model {
  const old = row.reset ? undefined : model.chats[row.chat];
  const chat = old ?? newChat(row.chat, row.kind, row.kind === "Self" ? (model.me?.name ?? "") : "");
  const messages = isGapless(row.messages) ? row.messages : [];
  const newest = messages.at(-1);
  const reaches = newest !== undefined && newest.seq >= chat.lastSeq;
  const last = reaches ? later(chat.last?.seq === newest.seq ? chat.last : undefined, newest) : chat.last;
  const empty = row.lastSeq === 0 && chat.window === undefined ? { from: 1, messages: [] } : undefined;
  const window = empty ?? merged(chat.window, messages, chat.window?.messages.length === 0);
  const lastSeq = Math.max(chat.lastSeq, row.lastSeq);
  const readSeq = Math.max(chat.readSeq, row.readSeq ?? 0);
  // These came after the list was made and before anybody told of them.
  const unlisted = messages.filter((message) => message.seq > Math.max(chat.lastSeq, readSeq));
  const me = model.me?.id;
  const next: Chat = {
    ...chat,
    ...(window === undefined ? {} : { window }),
    ...(last === undefined ? {} : { last }),
    lastSeq,
    lastChat: newest !== undefined && newest.at > chat.lastChat ? newest.at : chat.lastChat,
    readSeq,
    ...(row.rev === undefined ? {} : { rev: row.rev, own: row.own ?? 0 }),
    unread: chat.unread + unlisted.filter((message) => counts(me, message)).length,
    mentioned: chat.mentioned + unlisted.filter((message) => calls(model, message)).length,
    gap: false,
  };
  const shown = shownFrom(next, row.firstSeq);
  const all = row.prefs === undefined ? shown : preferred(model, shown, row.prefs);
  return { ...model, chats: { ...model.chats, [row.chat]: learned(all, row) } };
}
