/** Who is in a group, in joining order, and who leads it. */
import type { GroupNews, MemberRow, Roster } from "./fact.ts";
import type { Chat, GroupInfo, Happening, Id, Member, Person, Role } from "./model.ts";

/** What is told of a group, in whatever order and however often: of each part the state with the highest `rev` stands. */
export function learned(chat: Chat, { info, roster, rows = [] }: GroupNews): Chat {
  const informedOf = info === undefined ? chat : informed(chat, info);
  const whole = roster === undefined ? informedOf : rostered(informedOf, roster);
  return rows.reduce(withRow, whole);
}

function informed(chat: Chat, info: GroupInfo): Chat {
  if (chat.info !== undefined && info.rev <= chat.info.rev) return chat;
  const { picture: _, ...rest } = chat;
  return { ...rest, info, name: info.name, description: info.description, ...pictureOf(info.picture) };
}

/** A field that is there or not. */
export function pictureOf(picture: Id | undefined): { picture?: Id } {
  return picture === undefined ? {} : { picture };
}

/** All members. Who is not among them and did not come after is gone. */
function rostered(chat: Chat, { rev, members }: Roster): Chat {
  if (chat.rosterRev !== undefined && rev < chat.rosterRev) return chat;
  const known = new Map(chat.members.map((member) => [member.id, member]));
  const told = members
    .filter((member) => (chat.gone?.[member.id] ?? -1) < member.rev)
    .map((member) => newer(known.get(member.id), member));
  const later = chat.members.filter((one) => one.rev > rev && !members.some((member) => member.id === one.id));
  return { ...chat, rosterRev: rev, members: [...told, ...later] };
}

function newer(old: Member | undefined, fresh: Member): Member {
  return old !== undefined && old.rev > fresh.rev ? old : fresh;
}

/** One member as a change left them. Who is in no list was in none of them either, up to the change of the list. */
function withRow(chat: Chat, { gone, ...member }: MemberRow): Chat {
  if (chat.rosterRev === undefined) return chat;
  const old = chat.members.find((one) => one.id === member.id);
  if (member.rev <= (old?.rev ?? chat.gone?.[member.id] ?? chat.rosterRev)) return chat;
  if (gone === true) return { ...without(chat, member.id), gone: { ...chat.gone, [member.id]: member.rev } };
  const members =
    old === undefined ? [...chat.members, member] : chat.members.map((one) => (one === old ? member : one));
  return { ...chat, members };
}

/** Where members are known one by one, they change by their numbers alone. */
export function joined(chat: Chat, person: Person, role: Role): Chat {
  if (chat.rosterRev !== undefined) return chat;
  if (chat.members.length === 0 || chat.members.some((member) => member.id === person.id)) return chat;
  return { ...chat, members: [...chat.members, { id: person.id, name: person.name, role, rev: 0 }] };
}

export function left(chat: Chat, member: Id): Chat {
  return chat.rosterRev === undefined ? without(chat, member) : chat;
}

function without(chat: Chat, member: Id): Chat {
  const { [member]: _, ...reads } = chat.reads;
  return { ...chat, reads, members: chat.members.filter((one) => one.id !== member) };
}

export function owned(chat: Chat, owner: Id): Chat {
  if (chat.rosterRev !== undefined) return chat;
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
