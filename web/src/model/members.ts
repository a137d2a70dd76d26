/** Who is in a group, in joining order, and who leads it. */
import type { Chat, Happening, Id, Member, Person, Role } from "./model.ts";

export function joined(chat: Chat, person: Person, role: Role): Chat {
  if (chat.members.length === 0 || chat.members.some((member) => member.id === person.id)) return chat;
  return { ...chat, members: [...chat.members, { id: person.id, name: person.name, role, rev: 0 }] };
}

export function left(chat: Chat, member: Id): Chat {
  const { [member]: _, ...reads } = chat.reads;
  return { ...chat, reads, members: chat.members.filter((one) => one.id !== member) };
}

export function owned(chat: Chat, owner: Id): Chat {
  const roleOf = (member: Member): Role => {
    if (member.id === owner) return "Owner";
    return member.role === "Owner" ? "Member" : member.role;
  };
  return { ...chat, members: chat.members.map((member) => ({ ...member, role: roleOf(member) })) };
}

/** What was heard twice is one. */
export function happened(chat: Chat, events: readonly Happening[]): Chat {
  const all = new Map([...(chat.happened ?? []), ...events].map((one) => [one.rev, one]));
  return { ...chat, happened: [...all.values()].sort((one, other) => one.rev - other.rev) };
}

export function ownerOf(chat: Chat): Id | undefined {
  return chat.members.find((member) => member.role === "Owner")?.id;
}
