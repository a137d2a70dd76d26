/** All that is known. Values only: they are replaced, never changed. */
import type { Attachment, Upload } from "./attachment.ts";
import type { GroupInfo, Happening, Member } from "./group.ts";

export type { GroupInfo, GroupSettings, Happening, Member, Role } from "./group.ts";

export type Id = string;
export type Kind = "Self" | "Personal" | "Group";

/** The message that another one answers, as far as it may be seen. */
export interface Quote {
  readonly seq: number;
  readonly sender?: Id;
  readonly senderName?: string;
  readonly text?: string;
  readonly hasFile?: boolean;
  readonly deleted?: boolean;
  readonly unavailable?: boolean;
}

export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly users: readonly Id[];
}

/** One's own marks on a message; the state with the highest `own` stands. */
export interface Mine {
  readonly own: number;
  readonly reactions: readonly string[];
  readonly starred: boolean;
  readonly hidden: boolean;
}

/** A message; the state with the highest `rev` stands. */
export interface Message {
  readonly id: Id;
  readonly seq: number;
  readonly sender: Id;
  readonly senderName: string;
  readonly text: string;
  /** When it was stored, ISO 8601. */
  readonly at: string;
  readonly rev: number;
  readonly clientId?: string;
  readonly editedAt?: string;
  readonly edits?: number;
  readonly deletedAt?: string;
  readonly deletedBy?: Id;
  readonly replyTo?: Quote;
  readonly forwarded?: boolean;
  readonly mentions?: readonly Id[];
  readonly attachments?: readonly Attachment[];
  readonly reactions?: readonly Reaction[];
  readonly pinned?: boolean;
  readonly mine?: Mine;
}

/** What one decided of a chat for oneself; the state with the highest `own` stands. */
export interface Prefs {
  readonly own: number;
  /** What lies before is not shown: one came later, or cleared it. */
  readonly firstSeq: number;
  /** ISO 8601. */
  readonly mutedUntil?: string;
  readonly archived: boolean;
  readonly pinned: boolean;
  readonly markedUnread: boolean;
  readonly hidden: boolean;
}

/** A run of messages without gaps: the first is `from`, the next `from + 1`, and so on. */
export interface Window {
  readonly from: number;
  readonly messages: readonly Message[];
}

export interface Chat {
  readonly id: Id;
  readonly kind: Kind;
  readonly name: string;
  readonly description: string;
  readonly partner?: Id;
  /** The id of the file that shows the partner or the group. */
  readonly picture?: Id;
  /** Sorts the list: when it was last spoken in, ISO 8601. */
  readonly lastChat: string;
  readonly lastSeq: number;
  readonly readSeq: number;
  /** The oldest message that is visible, once it is known. */
  readonly firstSeq?: number;
  /** Up to which change the chat is known; none where the server does not number them. */
  readonly rev?: number;
  readonly own?: number;
  readonly prefs?: Prefs;
  readonly unread: number;
  /** The numbers of changes that the list had counted in when it told `unread`. */
  readonly counted?: { readonly rev: number; readonly own: number };
  readonly mentioned: number;
  /** The newest message, if it is known. */
  readonly last?: Message;
  /** Empty until a page or a roster brought them. In joining order. */
  readonly members: readonly Member[];
  /** Up to which change the members are known one by one; none before the server told them so. */
  readonly rosterRev?: number;
  /** Who went, and by which change. */
  readonly gone?: Readonly<Record<Id, number>>;
  readonly info?: GroupInfo;
  /** How far others have read. */
  readonly reads: Readonly<Record<Id, number>>;
  readonly delivered: number;
  readonly window?: Window;
  /** What happened in a group beside what was said, by rising `rev`, as far as it was asked for or heard. */
  readonly happened?: readonly Happening[];
  /** What is pinned, the latest first, once it was asked for. */
  readonly pins?: readonly Message[];
  /** Something was missed: `sync` is due. */
  readonly gap: boolean;
}

/** What was written and is not stored yet. */
export interface Pending {
  readonly clientId: string;
  readonly chat: Id;
  readonly text: string;
  readonly at: string;
  readonly replyTo?: number;
  readonly mentions?: readonly Id[];
  /** The files that it is to hold. */
  readonly uploads?: readonly Upload[];
  /** Why it was refused for good. */
  readonly refused?: string;
}

/** A text of a message that exists, as it is to be. */
export interface Mending {
  readonly seq: number;
  /** How often the message was edited when this began. */
  readonly edits: number;
  /** What stood there. */
  readonly was: string;
  readonly text: string;
  /** With files a text may become empty. */
  readonly hasFiles: boolean;
  /** Why it could not be stored. */
  readonly refused?: string;
}

export interface Person {
  readonly id: Id;
  readonly name: string;
  /** The id of the file that shows this person. */
  readonly picture?: Id;
}

/** What somebody says of oneself. */
export interface Profile extends Person {
  readonly bio?: string;
  readonly status?: string;
  /** Until when the status holds, ISO 8601. */
  readonly statusUntil?: string;
}

/** Whom one lets do something, or see it. */
export type Reach = "Everyone" | "Contacts" | "Nobody";

/** What one lets others know and do. */
export interface Privacy {
  readonly presence: Reach;
  readonly addToGroups: Reach;
  readonly readReceipts: boolean;
  readonly typing: boolean;
}

export type Connection = "connecting" | "open" | "offline" | "crowded";

export interface Presence {
  readonly online: boolean;
  readonly lastSeen?: string;
}

export interface Typist {
  readonly chat: Id;
  readonly user: Id;
  readonly name: string;
  readonly until: number;
}

export interface Model {
  readonly me?: Person;
  readonly chats: Readonly<Record<Id, Chat>>;
  readonly pending: readonly Pending[];
  readonly drafts: Readonly<Record<Id, string>>;
  /** Texts of messages that exist, as they are to be. */
  readonly mendings: Readonly<Record<Id, Mending>>;
  /** Files that stand beside a draft. */
  readonly trays: Readonly<Record<Id, readonly Upload[]>>;
  readonly connection: Connection;
  /** Both lists were heard, now or from the cache. */
  readonly listed: boolean;
  /** The lists were heard on this connection, and what was missed was fetched. */
  readonly current: boolean;
  readonly presence: Readonly<Record<Id, Presence>>;
  readonly typists: readonly Typist[];
  /** With whom one wants to have nothing to do. */
  readonly blocked: Readonly<Record<Id, true>>;
  /** One's own, once it was asked for. */
  readonly privacy?: Privacy;
  /** Of those whom one asked for, or heard of. */
  readonly profiles: Readonly<Record<Id, Profile>>;
}

export const EMPTY: Model = {
  chats: {},
  pending: [],
  drafts: {},
  mendings: {},
  trays: {},
  connection: "connecting",
  listed: false,
  current: false,
  presence: {},
  typists: [],
  blocked: {},
  profiles: {},
};

/** A chat of which only the name is known. */
export function newChat(id: Id, kind: Kind, name: string): Chat {
  return {
    id,
    kind,
    name,
    description: "",
    lastChat: "",
    lastSeq: 0,
    readSeq: 0,
    unread: 0,
    mentioned: 0,
    members: [],
    reads: {},
    delivered: 0,
    gap: false,
  };
}
