/** What the server says of chats as a whole, and of groups, read into the model's own. */
import type { GroupNews, MemberRow, Roster } from "../model/fact.ts";
import type { Invitation, Invite } from "../model/intent.ts";
import type { GroupInfo, Prefs, Role } from "../model/model.ts";
import {
  count,
  countIf,
  type Fields,
  fields,
  fieldsIf,
  flag,
  list,
  listIf,
  Malformed,
  some,
  text,
  textIf,
} from "./shapes.ts";

export function prefs(from: Fields): Prefs {
  return some({
    own: count(from, "Own"),
    firstSeq: count(from, "FirstSeq"),
    mutedUntil: textIf(from, "MutedUntil"),
    archived: flag(from, "Archived"),
    pinned: flag(from, "Pinned"),
    markedUnread: flag(from, "MarkedUnread"),
    hidden: flag(from, "Hidden"),
  });
}

const ROLES: readonly Role[] = ["Owner", "Moderator", "Member"];

export function role(from: Fields, name: string): Role {
  const told = text(from, name);
  const known = ROLES.find((one) => one === told);
  if (known === undefined) throw new Malformed(`${name} is no role`);
  return known;
}

/** What is told of a group in `sync`, in a change, and in its acknowledgement. */
export function groupNews(from: Fields): GroupNews {
  const [told, all] = [fieldsIf(from, "Info"), fieldsIf(from, "Roster")];
  return some({
    info: told === undefined ? undefined : info(told),
    roster: all === undefined ? undefined : roster(all),
    rows: listIf(from, "Members", member),
  });
}

function info(from: Fields): GroupInfo {
  const settings = fields(from["Settings"]);
  return some({
    rev: count(from, "Rev"),
    name: text(from, "Name"),
    description: text(from, "Description"),
    picture: textIf(from, "Avatar"),
    settings: {
      whoPosts: role(settings, "WhoPosts"),
      whoAdds: role(settings, "WhoAdds"),
      whoPins: role(settings, "WhoPins"),
      whoEdits: role(settings, "WhoEdits"),
      whoMentionsAll: role(settings, "WhoMentionsAll"),
      slowMode: count(settings, "SlowMode"),
      openHistory: flag(settings, "OpenHistory"),
    },
  });
}

function roster(from: Fields): Roster {
  return { rev: count(from, "Rev"), members: list(from, "Members", member) };
}

function member(from: Fields): MemberRow {
  return some({
    id: text(from, "_id"),
    name: text(from, "Name"),
    role: role(from, "Role"),
    rev: count(from, "Rev"),
    picture: textIf(from, "Avatar"),
    mutedUntil: textIf(from, "MutedUntil"),
    gone: flag(from, "Gone") || undefined,
  });
}

export function invite(from: Fields): Invite {
  return some({
    id: text(from, "Id"),
    url: text(from, "Url"),
    expiresAt: text(from, "ExpiresAt"),
    uses: count(from, "Uses"),
    maxUses: countIf(from, "MaxUses"),
  });
}

export function invitation(from: Fields): Invitation {
  return some({
    chat: text(from, "ChatId"),
    name: text(from, "Name"),
    description: text(from, "Description"),
    picture: textIf(from, "Avatar"),
    members: count(from, "Members"),
    joined: flag(from, "Joined"),
  });
}
