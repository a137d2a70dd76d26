/** What one may do with a message at this moment. The server decides; these rules say which controls are offered. */
import type { About } from "./intent.ts";
import type { Chat, Member, Message, Model, Role } from "./model.ts";
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

const RANK: Readonly<Record<Role, number>> = { Owner: 2, Moderator: 1, Member: 0 };

/** A setting names a role and means it and those above it. */
function reaches(role: Role, who: Role): boolean {
  return RANK[role] >= RANK[who];
}

export function roleIn(model: Model, chat: Chat): Role {
  return chat.members.find((member) => member.id === model.me?.id)?.role ?? "Member";
}

export function mayEdit(model: Model, chat: Chat, message: Message, about: About | undefined, now: number): boolean {
  if (!hasChanges(chat) || isGone(message) || message.sender !== model.me?.id || message.forwarded === true)
    return false;
  if (isSilenced(model, chat, now)) return false;
  return chat.kind === "Self" || isWithin(message, about?.editWindow ?? WINDOW, now);
}

export function mayErase(model: Model, chat: Chat, message: Message, about: About | undefined, now: number): boolean {
  if (!hasChanges(chat) || isGone(message)) return false;
  if (chat.kind === "Self" || (chat.kind === "Group" && roleIn(model, chat) !== "Member")) return true;
  return message.sender === model.me?.id && isWithin(message, about?.deleteWindow ?? WINDOW, now);
}

export function mayPin(model: Model, chat: Chat): boolean {
  if (!hasChanges(chat) || isSilenced(model, chat)) return false;
  return chat.kind !== "Group" || reaches(roleIn(model, chat), chat.info?.settings.whoPins ?? "Moderator");
}

export function mayAdd(model: Model, chat: Chat): boolean {
  return reaches(roleIn(model, chat), chat.info?.settings.whoAdds ?? "Owner");
}

export function mayEditGroup(model: Model, chat: Chat): boolean {
  return chat.info !== undefined && reaches(roleIn(model, chat), chat.info.settings.whoEdits);
}

export function mayCallAll(model: Model, chat: Chat): boolean {
  return reaches(roleIn(model, chat), chat.info?.settings.whoMentionsAll ?? "Member");
}

/** Whether one may mute, remove and ban somebody: the owner anybody else, moderators members. */
export function mayGovern(model: Model, chat: Chat, member: Member): boolean {
  if (member.id === model.me?.id) return false;
  const role = roleIn(model, chat);
  return role === "Owner" || (role === "Moderator" && member.role === "Member");
}

/** Why one cannot write now. */
export type Hindrance =
  | { readonly is: "blocked" }
  | { readonly is: "posts"; readonly who: Role }
  | { readonly is: "muted"; readonly until: string }
  | { readonly is: "slow"; readonly seconds: number };

export function hindranceOf(model: Model, chat: Chat, now: number): Hindrance | undefined {
  if (isBlocked(model, chat)) return { is: "blocked" };
  const role = roleIn(model, chat);
  const settings = chat.info?.settings;
  if (settings !== undefined && !reaches(role, settings.whoPosts)) return { is: "posts", who: settings.whoPosts };
  const until = mutedUntil(model, chat, now);
  if (until !== undefined) return { is: "muted", until };
  const wait = role === "Member" ? slowModeOf(model, chat, now) : 0;
  return wait > 0 ? { is: "slow", seconds: wait } : undefined;
}

/** One of the two has blocked the other: oneself, or something was refused with that. */
function isBlocked(model: Model, chat: Chat): boolean {
  if (chat.partner !== undefined && model.blocked[chat.partner] === true) return true;
  return model.pending.some((one) => one.chat === chat.id && one.refused === "blocked");
}

function mutedUntil(model: Model, chat: Chat, now: number): string | undefined {
  const until = chat.members.find((member) => member.id === model.me?.id)?.mutedUntil;
  return until !== undefined && Date.parse(until) > now ? until : undefined;
}

/** Who may change nothing here that others see: neither mend a text nor react. */
export function isSilenced(model: Model, chat: Chat, now = Date.now()): boolean {
  return isBlocked(model, chat) || mutedUntil(model, chat, now) !== undefined;
}

/** The seconds until the next message of one's own is taken. */
function slowModeOf(model: Model, chat: Chat, now: number): number {
  const pause = chat.info?.settings.slowMode ?? 0;
  if (pause === 0) return 0;
  const last = chat.window?.messages.findLast((message) => message.sender === model.me?.id);
  return last === undefined ? 0 : Math.min(pause, Math.ceil((Date.parse(last.at) - now) / 1000 + pause));
}

const CALLS_ALL = new RegExp(`@${EVERYBODY}(?![\\p{L}\\p{N}_])`, "u");

/** The ids of members whose name stands after an @ in a text. */
export function mentionsIn(model: Model, text: string, chat: Chat): string[] {
  if (!hasChanges(chat) || chat.kind !== "Group") return [];
  const members = chat.members.filter((member) => text.includes(`@${member.name}`)).map((member) => member.id);
  return CALLS_ALL.test(text) && mayCallAll(model, chat) ? [...members, EVERYBODY] : members;
}

/** The newest of one's own messages that may be edited. */
export function lastEditable(model: Model, chat: Chat, about: About | undefined, now: number): Message | undefined {
  return chat.window?.messages.findLast(
    (message) => message.mine?.hidden !== true && mayEdit(model, chat, message, about, now),
  );
}
