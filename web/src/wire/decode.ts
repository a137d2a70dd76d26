/** One table: which event means which fact. An unknown event means nothing; a malformed one is an error with its name. */
import type { Fact, Page, Row } from "../model/fact.ts";
import type { Kind, Person, Presence } from "../model/model.ts";
import { groupNews, prefs } from "./chats.ts";
import * as read from "./messages.ts";
import { person, privacy, profile } from "./profiles.ts";
import { count, countIf, type Fields, fields, fieldsIf, flag, list, Malformed, some, text, textIf } from "./shapes.ts";

/** What is heard: a fact, a page that somebody asked for, the end of the session, or a renewed token. */
export type Heard =
  | { readonly is: "fact"; readonly fact: Fact }
  | { readonly is: "page"; readonly page: Page }
  | { readonly is: "people"; readonly people: readonly Person[] }
  | { readonly is: "ended"; readonly reason: string }
  | { readonly is: "token"; readonly token: string };

type Read = (from: Fields, me: Person, now: number) => Heard;

const fact = (one: Fact): Heard => ({ is: "fact", fact: one });

const live =
  (kind: Kind): Read =>
  (from) =>
    fact({ is: "said", chat: text(from, "ChatId"), kind, message: read.message(from) });

const made =
  (kind: Kind, idName: string, nameName: string): Read =>
  (from) =>
    fact({ is: "chatMade", chat: text(from, idName), kind, name: text(from, nameName) });

const gone: Read = (from) => fact({ is: "chatGone", chat: text(from, "GroupId") });

function personalRow(from: Fields): Row {
  const picture = textIf(from, "PartnerAvatar");
  return some({
    ...row(from),
    kind: "Personal",
    name: text(from, "Partner"),
    partner: text(from, "PartnerId"),
    picture,
  });
}

function groupRow(from: Fields): Row {
  return some({ ...row(from), kind: "Group", name: text(from, "Name"), picture: textIf(from, "Avatar") });
}

function row(from: Fields): Omit<Row, "kind" | "name"> {
  const preferences = fieldsIf(from, "Prefs");
  return {
    id: text(from, "_id"),
    lastChat: text(from, "LastChat"),
    lastSeq: count(from, "LastSeq"),
    readSeq: count(from, "ReadSeq"),
    unread: count(from, "Unread"),
    mentioned: countIf(from, "Mentioned") ?? 0,
    rev: countIf(from, "Rev"),
    own: countIf(from, "Own"),
    ...(preferences === undefined ? {} : { prefs: prefs(preferences) }),
  };
}

const people: Read = (from) => ({
  is: "people",
  people: list(from, "Users", person),
});

function presences(from: Fields): Record<string, Presence> {
  const rows = list(from, "Users", (user): [string, Presence] => {
    const lastSeen = textIf(user, "LastSeen");
    return [text(user, "_id"), { online: flag(user, "Online"), ...(lastSeen === undefined ? {} : { lastSeen }) }];
  });
  return Object.fromEntries(rows);
}

const EVENTS: Readonly<Record<string, Read>> = {
  "user-id": (from) => fact({ is: "me", me: { id: text(from, "userId"), name: text(from, "userName") } }),
  "personal-chat-list": (from) =>
    fact({ is: "list", kind: "Personal", rows: list(from, "PersonalChatList", personalRow) }),
  "group-chat-list": (from) => fact({ is: "list", kind: "Group", rows: list(from, "GroupChatList", groupRow) }),
  "auth-failure": (from) => ({ is: "ended", reason: text(from, "reason") }),
  "access-token": (from) => ({ is: "token", token: text(from, "accessToken") }),
  "self-chat": (from, me) => ({ is: "page", page: read.selfPage(from, me.id, me.name) }),
  "personal-chat": (from) => ({ is: "page", page: read.personalPage(from) }),
  "group-chat": (from, me) => ({ is: "page", page: read.groupPage(from, me.id) }),
  "searched-user": people,
  "added-user-match": people,
  "receive-personal-message": live("Personal"),
  "receive-group-message": live("Group"),
  "sent-self-message": live("Self"),
  "sent-personal-message": live("Personal"),
  "sent-group-message": live("Group"),
  "read-personal-msg-ack": (from) =>
    fact({ is: "read", chat: text(from, "ChatId"), reader: text(from, "Reader"), seq: count(from, "Seq") }),
  "read-grp-msg-ack": (from) =>
    fact({ is: "read", chat: text(from, "ChatId"), reader: text(from, "Reader"), seq: count(from, "Seq") }),
  "chat-read": (from) =>
    fact({
      is: "readHere",
      chat: text(from, "ChatId"),
      seq: count(from, "Seq"),
      unread: count(from, "Unread"),
      mentioned: countIf(from, "Mentioned") ?? 0,
    }),
  "create-personal-chat-creator": made("Personal", "ChatId", "Partner"),
  "create-personal-chat-partner": made("Personal", "ChatId", "Partner"),
  "create-group-chat-creator": made("Group", "GroupId", "Name"),
  "create-group-chat-receiver": made("Group", "GroupId", "Name"),
  "new-grp-added": made("Group", "GroupId", "Name"),
  "add-member-success": (from) =>
    fact({
      is: "joined",
      chat: text(from, "GroupId"),
      member: { id: text(from, "Member"), name: text(from, "MemberName") },
      role: "Member",
    }),
  "someone-kicked-out": (from) => fact({ is: "left", chat: text(from, "GroupId"), member: text(from, "Member") }),
  "user-left-grp": (from) => fact({ is: "left", chat: text(from, "GroupId"), member: text(from, "User") }),
  "change-admin-success-receiver": (from) =>
    fact({ is: "owner", chat: text(from, "GroupId"), member: text(from, "Admin") }),
  "kicked-out": gone,
  "group-left-success": gone,
  "delete-group-chat-creator": gone,
  "delete-grp-success-receiver": gone,
  "message-changed": (from) =>
    fact({ is: "changed", chat: text(from, "ChatId"), message: read.message(fields(from["Message"])) }),
  "chat-changed": (from) => {
    const event = read.happening(from);
    const chat = text(from, "ChatId");
    return fact({ is: "group", chat, news: groupNews(from), rev: count(from, "Rev"), ...some({ event }) });
  },
  "message-mine": (from) =>
    fact({ is: "marked", chat: text(from, "ChatId"), seq: count(from, "Seq"), mine: read.mine(fields(from["My"])) }),
  "chat-prefs": (from) => fact({ is: "prefs", chat: text(from, "ChatId"), prefs: prefs(fields(from["Prefs"])) }),
  "delivered-ack": (from) => fact({ is: "delivered", chat: text(from, "ChatId"), seq: count(from, "Seq") }),
  "user-blocked": (from) => fact({ is: "blocked", user: text(from, "User"), on: flag(from, "On") }),
  "user-details": (from) => fact({ is: "privacy", privacy: privacy(from) }),
  "privacy-changed": (from) => fact({ is: "privacy", privacy: privacy(from) }),
  "profile-changed": (from) => fact({ is: "profiles", profiles: [profile(fields(from["Profile"]))] }),
  presence: (from) => fact({ is: "presence", users: presences(from) }),
  "presence-list": (from) => fact({ is: "presence", users: presences(from) }),
  typing: (from, _, now) => {
    const chat = text(from, "ChatId");
    const user = text(from, "User");
    if (!flag(from, "On")) return fact({ is: "stoppedTyping", chat, user });
    const until = now + 1000 * (countIf(from, "ExpiresIn") ?? 6);
    return fact({ is: "typing", chat, user, name: text(from, "Name"), until });
  },
};

/** What an event means. */
export function decode(event: string, payload: unknown, me: Person | undefined, now: number): Heard | undefined {
  const known = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  if (known === undefined) return undefined;
  try {
    return known(fields(payload), me ?? { id: "", name: "" }, now);
  } catch (error) {
    throw error instanceof Malformed ? new Malformed(`${event}: ${error.message}`) : error;
  }
}

/** The answer to `watch-presence`. */
export function presenceOf(from: Fields): Extract<Fact, { is: "presence" }> {
  return { is: "presence", users: presences(from) };
}

/** The answer to `sync`. */
export function decodeSync(payload: unknown): Extract<Fact, { is: "caught" }> {
  const from = fields(payload);
  const gone = from["Gone"];
  if (!Array.isArray(gone)) throw new Malformed("sync: Gone is not a list");
  return { is: "caught", rows: list(from, "Chats", read.caught), gone: gone.filter((id) => typeof id === "string") };
}
