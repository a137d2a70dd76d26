/** Whom one blocked, and what people say of themselves. */
import { pictureOf } from "./members.ts";
import type { Chat, Id, Model, Person, Profile } from "./model.ts";

export function blocking(model: Model, users: readonly Id[]): Model {
  return { ...model, blocked: Object.fromEntries(users.map((id) => [id, true])) };
}

export function blockedOrNot(model: Model, user: Id, on: boolean): Model {
  const others = Object.keys(model.blocked).filter((id) => id !== user);
  return blocking(model, on ? [...others, user] : others);
}

/** Whoever has another name or picture has it everywhere. */
export function profiled(model: Model, profile: Profile): Model {
  const { id } = profile;
  const chats = Object.entries(model.chats).map(([key, chat]) => [key, renewed(chat, profile)] as const);
  return {
    ...model,
    ...(model.me?.id === id ? { me: { id, name: profile.name } } : {}),
    chats: Object.fromEntries(chats),
    profiles: { ...model.profiles, [id]: profile },
  };
}

function isAs(one: Person | Chat, { name, picture }: Person): boolean {
  return one.name === name && one.picture === picture;
}

function renewed(chat: Chat, person: Person): Chat {
  const { id, name } = person;
  if (chat.partner === id) return isAs(chat, person) ? chat : as(chat, name, person.picture);
  if (!chat.members.some((member) => member.id === id && !isAs(member, person))) return chat;
  return {
    ...chat,
    members: chat.members.map((member) => (member.id === id ? as(member, name, person.picture) : member)),
  };
}

function as<One extends { readonly picture?: Id }>({ picture: _, ...one }: One, name: string, picture: Id | undefined) {
  return { ...one, name, ...pictureOf(picture) };
}

/** The status of somebody, if it holds still. */
export function statusOf(profile: Profile | undefined, now: number): string | undefined {
  if (profile?.status === undefined) return undefined;
  return profile.statusUntil !== undefined && Date.parse(profile.statusUntil) <= now ? undefined : profile.status;
}
