/** Messages, marks and pages as the server sends them, read into the model's own. */
import type { Caught, Page } from "../model/fact.ts";
import type { Found } from "../model/intent.ts";
import type { Range } from "../model/search.ts";
import type { Happening, Id, Kind, Member, Message, Mine, Quote, Reaction } from "../model/model.ts";
import { groupNews, prefs, role } from "./chats.ts";
import { attachment } from "./files.ts";
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
  texts,
  textsIf,
} from "./shapes.ts";

/** A message of a live event, of `sync` or of an acknowledgement. */
export function message(from: Fields): Message {
  return {
    ...common(from),
    sender: text(from, "SenderId"),
    senderName: text(from, "Sender"),
  };
}

function common(from: Fields): Omit<Message, "sender" | "senderName"> {
  const my = from["My"];
  return some({
    id: text(from, "_id"),
    seq: count(from, "Seq"),
    text: text(from, "Content"),
    at: text(from, "Timestamp"),
    rev: countIf(from, "Rev") ?? 0,
    clientId: textIf(from, "ClientId"),
    editedAt: textIf(from, "EditedAt"),
    edits: countIf(from, "Edits"),
    deletedAt: textIf(from, "DeletedAt"),
    deletedBy: textIf(from, "DeletedBy"),
    replyTo: from["ReplyTo"] === undefined || from["ReplyTo"] === null ? undefined : quote(fields(from["ReplyTo"])),
    forwarded: flag(from, "Forwarded") || undefined,
    mentions: textsIf(from, "Mentions"),
    attachments: listIf(from, "Attachments", attachment),
    reactions: listIf(from, "Reactions", reaction),
    pinned: flag(from, "Pinned") || undefined,
    mine: my === undefined || my === null ? undefined : mine(fields(my)),
  }) as Omit<Message, "sender" | "senderName">;
}

export function mine(from: Fields): Mine {
  return {
    own: count(from, "Own"),
    reactions: textsIf(from, "Reactions") ?? [],
    starred: flag(from, "Starred"),
    hidden: flag(from, "Hidden"),
  };
}

function reaction(from: Fields): Reaction {
  return { emoji: text(from, "Emoji"), count: count(from, "Count"), users: texts(from, "Users") };
}

function quote(from: Fields): Quote {
  const seq = count(from, "Seq");
  if (flag(from, "Unavailable")) return { seq, unavailable: true };
  if (textIf(from, "DeletedAt") !== undefined) return { seq, deleted: true };
  const said = { seq, sender: text(from, "SenderId"), senderName: text(from, "Sender"), text: text(from, "Content") };
  return flag(from, "HasFile") ? { ...said, hasFile: true } : said;
}

/** `self-chat` */
export function selfPage(from: Fields, me: Id, myName: string): Page {
  const messages = oldestFirst(from, (row) => ({ ...common(row), sender: me, senderName: myName }));
  return {
    chat: text(from, "ChatId"),
    kind: "Self",
    reads: {},
    messages,
    hasMore: flag(from, "HasMore"),
    ...numbers(from),
  };
}

/** `personal-chat` */
export function personalPage(from: Fields): Page {
  const me = text(from, "UserId");
  const names = { mine: text(from, "User"), theirs: text(from, "Partner") };
  const rows: Fields[] = list(from, "Messages", (row) => row);
  const messages = oldestFirst(from, (row) => {
    const sender = text(row, "Sender");
    return { ...common(row), sender, senderName: sender === me ? names.mine : names.theirs };
  });
  const reads = readsOf(rows, me, (row) => text(row, "Sender"));
  const pointers = partnerPointer(from, reads, rows, me);
  return {
    chat: text(from, "ChatId"),
    kind: "Personal",
    name: names.theirs,
    reads: pointers,
    messages,
    hasMore: flag(from, "HasMore"),
    ...numbers(from),
  };
}

/** The pointer of the partner, where the page tells it. */
function partnerPointer(from: Fields, reads: Record<Id, number>, rows: readonly Fields[], me: Id): Record<Id, number> {
  const pointer = countIf(from, "PartnerReadSeq");
  const first = rows[0];
  const partner = first === undefined ? undefined : Object.keys(fields(first["ReadStatus"])).find((id) => id !== me);
  if (pointer === undefined || partner === undefined) return reads;
  return { ...reads, [partner]: Math.max(pointer, reads[partner] ?? 0) };
}

/** `group-chat` */
export function groupPage(from: Fields, me: Id): Page {
  const admin = text(from, "Admin");
  const members = Object.entries(fields(from["Participants"])).map(([id, name]): Member => {
    if (typeof name !== "string") throw new Malformed("a participant's name is not a text");
    return { id, name, role: id === admin ? "Owner" : "Member", rev: 0 };
  });
  const rows: Fields[] = list(from, "Messages", (row) => row);
  return {
    chat: text(from, "GroupId"),
    kind: "Group",
    name: text(from, "Name"),
    description: text(from, "Description"),
    members,
    reads: readsOf(rows, me, (row) => text(row, "SenderId")),
    messages: oldestFirst(from, message),
    hasMore: flag(from, "HasMore"),
    ...numbers(from),
  };
}

/** The numbers of changes up to which a page is complete, and where history begins. */
function numbers(from: Fields): { rev?: number; own?: number; firstSeq?: number } {
  return some({ rev: countIf(from, "Rev"), own: countIf(from, "Own"), firstSeq: countIf(from, "FirstSeq") });
}

function oldestFirst(from: Fields, read: (row: Fields) => Message): Message[] {
  return list(from, "Messages", read).reverse();
}

/** How far each member has read at least: the newest message that is "Read" and not their own. */
function readsOf(rows: readonly Fields[], me: Id, senderOf: (row: Fields) => Id): Record<Id, number> {
  const reads: Record<Id, number> = {};
  for (const row of rows) {
    const seq = count(row, "Seq");
    const sender = senderOf(row);
    for (const [reader, state] of Object.entries(fields(row["ReadStatus"]))) {
      if (state === "Read" && reader !== sender && reader !== me) reads[reader] = Math.max(reads[reader] ?? 0, seq);
    }
  }
  return reads;
}

const HAPPENINGS: readonly Happening["what"][] = [
  "Added",
  "Joined",
  "Left",
  "Removed",
  "Banned",
  "AdminChanged",
  "RoleSet",
  "Muted",
  "Unmuted",
  "Edited",
];

/** `chat-changed`, and what `activity` lists of it. Nothing, if it is not known here. */
export function happening(from: Fields): Happening | undefined {
  const name = text(from, "What");
  const what = HAPPENINGS.find((one) => one === name);
  if (what === undefined) return undefined;
  return {
    rev: count(from, "Rev"),
    after: count(from, "AfterSeq"),
    at: text(from, "At"),
    what,
    byName: text(from, "ByName"),
    userName: what === "Edited" ? "" : text(from, "UserName"),
    ...(what === "RoleSet" ? { role: role(from, "Role") } : {}),
    ...(what === "Edited" ? { fields: textsIf(from, "Fields") ?? [] } : {}),
  };
}

/** A row of `search-result`. */
export function result(from: Fields): Found {
  const told = fields(from["Message"]);
  const ranges = from["Ranges"];
  if (!Array.isArray(ranges)) throw new Malformed("Ranges is not a list");
  return { chat: text(told, "ChatId"), message: message(told), ranges: ranges.map(range) };
}

function range(pair: unknown): Range {
  const [start, length] = Array.isArray(pair) ? (pair as unknown[]) : [];
  if (!Number.isInteger(start) || !Number.isInteger(length)) throw new Malformed("a range is not two numbers");
  return { start: start as number, length: length as number };
}

const KINDS: readonly Kind[] = ["Self", "Personal", "Group"];

export function kind(from: Fields): Kind {
  const name = text(from, "Kind");
  const known = KINDS.find((one) => one === name);
  if (known === undefined) throw new Malformed("no such kind of chat");
  return known;
}

/** A row of `sync`. */
export function caught(from: Fields): Caught {
  const preferences = fieldsIf(from, "Prefs");
  return {
    chat: text(from, "Id"),
    kind: kind(from),
    lastSeq: count(from, "LastSeq"),
    rev: countIf(from, "Rev"),
    own: countIf(from, "Own"),
    readSeq: countIf(from, "ReadSeq"),
    firstSeq: countIf(from, "FirstSeq"),
    ...(preferences === undefined ? {} : { prefs: prefs(preferences) }),
    ...groupNews({ Info: from["Info"], Roster: from["Roster"] }),
    messages: list(from, "Messages", message),
    changed: listIf(from, "Changed", message) ?? [],
    marked: listIf(from, "Mine", (row) => ({ seq: count(row, "Seq"), mine: mine(fields(row["My"])) })) ?? [],
    hasMore: flag(from, "HasMore"),
    changedMore: flag(from, "ChangedMore"),
    reset: flag(from, "Reset"),
  };
}
