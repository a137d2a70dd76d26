/** What one may do with a message at this moment. The server decides; these rules say which controls are offered. */
import type { About } from "./intent.ts";
import type { Chat, Message, Model, Role } from "./model.ts";
import { EVERYBODY } from "./reads.ts";

/** Seconds, until the server has said its own. */
const WINDOW = 48 * 60 * 60;

/** Whether the server numbers changes: only then messages can be changed at all. */
export function hasChanges(chat: Chat): boolean {
  return chat.rev !== undefined;
}

export function isGone(message: Message): boolean {
  return message.deletedAt !== undefined;
}

function isWithin(message: Message, seconds: number, now: number): boolean {
  return now - Date.parse(message.at) < seconds * 1000;
}

function roleIn(model: Model, chat: Chat): Role {
  return chat.members.find((member) => member.id === model.me?.id)?.role ?? "Member";
}

export function mayEdit(model: Model, chat: Chat, message: Message, about: About | undefined, now: number): boolean {
  if (!hasChanges(chat) || isGone(message) || message.sender !== model.me?.id || message.forwarded === true)
    return false;
  return chat.kind === "Self" || isWithin(message, about?.editWindow ?? WINDOW, now);
}

export function mayErase(model: Model, chat: Chat, message: Message, about: About | undefined, now: number): boolean {
  if (!hasChanges(chat) || isGone(message)) return false;
  if (chat.kind === "Self" || (chat.kind === "Group" && roleIn(model, chat) !== "Member")) return true;
  return message.sender === model.me?.id && isWithin(message, about?.deleteWindow ?? WINDOW, now);
}

export function mayPin(model: Model, chat: Chat): boolean {
  return hasChanges(chat) && (chat.kind !== "Group" || roleIn(model, chat) !== "Member");
}

const CALLS_ALL = new RegExp(`@${EVERYBODY}(?![\\p{L}\\p{N}_])`, "u");

/** The ids of members whose name stands after an @ in a text. */
export function mentionsIn(text: string, chat: Chat): string[] {
  if (!hasChanges(chat) || chat.kind !== "Group") return [];
  const members = chat.members.filter((member) => text.includes(`@${member.name}`)).map((member) => member.id);
  return CALLS_ALL.test(text) ? [...members, EVERYBODY] : members;
}

/** The newest of one's own messages that may be edited. */
export function lastEditable(model: Model, chat: Chat, about: About | undefined, now: number): Message | undefined {
  return chat.window?.messages.findLast(
    (message) => message.mine?.hidden !== true && mayEdit(model, chat, message, about, now),
  );
}
