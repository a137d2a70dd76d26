/** Questions to the model that the view asks: the list of chats, the lines of a log, receipts, titles. */
import type { Chat, Happening, Id, Message, Model, Pending } from "./model.ts";
import { ownerOf } from "./members.ts";
import { isArchived, isMuted } from "./prefs.ts";
import { endOf } from "./window.ts";

/** Notes first, then what one pinned, then the chat that was spoken in last. What one hid is left out. */
export function chatsInOrder(model: Model): Chat[] {
  const newest = (chat: Chat) => lastPending(model, chat.id)?.at ?? chat.lastChat;
  const rank = (chat: Chat) => (chat.kind === "Self" ? 0 : chat.prefs?.pinned === true ? 1 : 2);
  const chats = Object.values(model.chats).filter((chat) => chat.prefs?.hidden !== true);
  return chats.sort((one, other) => {
    const byRank = rank(one) - rank(other);
    if (byRank !== 0) return byRank;
    const byTime = newest(other).localeCompare(newest(one));
    return byTime === 0 ? one.id.localeCompare(other.id) : byTime;
  });
}

function lastPending(model: Model, chat: Id): Pending | undefined {
  return model.pending.findLast((one) => one.chat === chat);
}

/** How many chats wait for one. What one muted or put away waits in silence. */
export function waitingChats(model: Model, now: number): number {
  return chatsInOrder(model).filter((chat) => isWaiting(chat) && !isMuted(chat, now) && !isArchived(chat)).length;
}

/** Something is unread, or one marked it so. */
export function isWaiting(chat: Chat): boolean {
  return chat.unread > 0 || chat.prefs?.markedUnread === true;
}

export type Receipt =
  | { readonly state: "sent" | "delivered" | "read" }
  | { readonly state: "readBy"; readonly count: number };

/** What became of one's own message. */
export function receiptOf(model: Model, chat: Chat, message: Message): Receipt {
  if (chat.kind === "Self") return { state: "sent" };
  const readers = readersOf(model, chat, message).length;
  if (chat.kind === "Group") return readers === 0 ? { state: "sent" } : { state: "readBy", count: readers };
  if (readers > 0) return { state: "read" };
  return { state: chat.delivered >= message.seq ? "delivered" : "sent" };
}

/** Who has read a message, beside its sender. */
export function readersOf(model: Model, chat: Chat, message: Message): Id[] {
  return Object.entries(chat.reads)
    .filter(([reader, seq]) => reader !== message.sender && reader !== model.me?.id && seq >= message.seq)
    .filter(([reader]) => chat.kind !== "Group" || chat.members.some((member) => member.id === reader))
    .map(([reader]) => reader);
}

export function isOwner(model: Model, chat: Chat): boolean {
  return model.me !== undefined && ownerOf(chat) === model.me.id;
}

/** Somebody's name as it is known here. */
export function nameIn(model: Model, chat: Chat, user: Id): string {
  if (user === model.me?.id) return model.me.name;
  if (chat.kind === "Personal") return chat.name;
  return chat.members.find((member) => member.id === user)?.name ?? "";
}

/** What the log shows, oldest first. */
export type Row =
  | { readonly row: "day"; readonly key: string; readonly day: string }
  | { readonly row: "new"; readonly key: "new" }
  | { readonly row: "happened"; readonly key: string; readonly event: Happening }
  | { readonly row: "message"; readonly key: string; readonly message: Message; readonly isFirst: boolean }
  | { readonly row: "pending"; readonly key: string; readonly pending: Pending; readonly isFirst: boolean };

const TOGETHER = 5 * 60 * 1000;

/** Days, the divider and lines. `dayOf` says to which day a time belongs; `divider` is the first new `Seq`. */
export function rowsOf(model: Model, chat: Chat, dayOf: (at: string) => string, divider: number | undefined): Row[] {
  const rows: Row[] = [];
  let day = "";
  let speaker = "";
  let spoke = 0;
  const begin = (sender: Id, at: string): boolean => {
    const today = dayOf(at);
    const time = Date.parse(at);
    const isNewDay = today !== day;
    if (isNewDay) rows.push({ row: "day", key: `day-${today}`, day: at });
    const isFirst = isNewDay || sender !== speaker || time - spoke > TOGETHER;
    day = today;
    speaker = sender;
    spoke = time;
    return isFirst;
  };
  const waiting = (chat.happened ?? []).filter(({ after }) => after + 1 >= (chat.window?.from ?? 1));
  const tell = (before: number) => {
    while (waiting[0] !== undefined && waiting[0].after < before) {
      const [event] = waiting.splice(0, 1) as [Happening];
      begin("", event.at);
      rows.push({ row: "happened", key: `happened-${event.rev}`, event });
    }
  };
  for (const message of chat.window?.messages ?? []) {
    tell(message.seq);
    if (message.mine?.hidden === true) continue;
    const isFirst = begin(message.sender, message.at);
    const isDivided = message.seq === divider;
    if (isDivided) rows.push({ row: "new", key: "new" });
    rows.push({ row: "message", key: keyOf(message, model), message, isFirst: isFirst || isDivided });
  }
  const isAtEnd = chat.window === undefined || endOf(chat.window) > chat.lastSeq;
  if (isAtEnd) tell(Number.POSITIVE_INFINITY);
  for (const pending of isAtEnd ? model.pending : []) {
    if (pending.chat !== chat.id) continue;
    rows.push({
      row: "pending",
      isFirst: begin(model.me?.id ?? "", pending.at),
      key: `o-${pending.clientId}`,
      pending,
    });
  }
  return rows;
}

/** One's own line keeps its place in the page when it is stored. */
function keyOf(message: Message, model: Model): string {
  return message.clientId !== undefined && message.sender === model.me?.id
    ? `o-${message.clientId}`
    : `m-${message.seq}`;
}
