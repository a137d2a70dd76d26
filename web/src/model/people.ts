/** Whom one blocked, and what people say of themselves. */
import type { Chat, Id, Model, Profile } from "./model.ts";

export function blocking(model: Model, users: readonly Id[]): Model {
  return { ...model, blocked: Object.fromEntries(users.map((id) => [id, true])) };
}

export function blockedOrNot(model: Model, user: Id, on: boolean): Model {
  const others = Object.keys(model.blocked).filter((id) => id !== user);
  return blocking(model, on ? [...others, user] : others);
}

/** Whoever has another name has it everywhere. */
export function profiled(model: Model, profile: Profile): Model {
  const { id, name } = profile;
  const chats = Object.entries(model.chats).map(([key, chat]) => [key, renamed(chat, id, name)] as const);
  return {
    ...model,
    ...(model.me?.id === id ? { me: { id, name } } : {}),
    chats: Object.fromEntries(chats),
    profiles: { ...model.profiles, [id]: profile },
  };
}

function renamed(chat: Chat, id: Id, name: string): Chat {
  if (chat.partner === id) return chat.name === name ? chat : { ...chat, name };
  if (!chat.members.some((member) => member.id === id && member.name !== name)) return chat;
  return { ...chat, members: chat.members.map((member) => (member.id === id ? { ...member, name } : member)) };
}

/** The status of somebody, if it holds still. */
export function statusOf(profile: Profile | undefined, now: number): string | undefined {
  if (profile?.status === undefined) return undefined;
  return profile.statusUntil !== undefined && Date.parse(profile.statusUntil) <= now ? undefined : profile.status;
}
