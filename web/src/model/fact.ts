/** What can have happened: heard from the server, read from the cache, or done here. The only way to change the model. */
import type { Attachment, Upload } from "./attachment.ts";
import type {
  Chat,
  Connection,
  GroupInfo,
  Happening,
  Id,
  Kind,
  Member,
  Mending,
  Message,
  Mine,
  Pending,
  Person,
  Prefs,
  Presence,
  Privacy,
  Profile,
  Role,
} from "./model.ts";

/** A row of one of the two lists. */
export interface Row {
  readonly id: Id;
  readonly kind: Kind;
  readonly name: string;
  readonly partner?: Id;
  readonly picture?: Id;
  readonly lastChat: string;
  readonly lastSeq: number;
  readonly readSeq: number;
  readonly unread: number;
  readonly mentioned: number;
  readonly rev?: number;
  readonly own?: number;
  readonly prefs?: Prefs;
}

/** A page of history, oldest first. */
export interface Page {
  readonly chat: Id;
  readonly kind: Kind;
  readonly name?: string;
  readonly description?: string;
  readonly members?: readonly Member[];
  readonly reads: Readonly<Record<Id, number>>;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  readonly rev?: number;
  readonly own?: number;
  readonly firstSeq?: number;
}

/** What `sync` says of one chat. Messages are oldest first. */
export interface Caught {
  readonly chat: Id;
  readonly kind: Kind;
  readonly lastSeq: number;
  readonly rev?: number;
  readonly own?: number;
  readonly readSeq?: number;
  readonly firstSeq?: number;
  readonly prefs?: Prefs;
  readonly info?: GroupInfo;
  readonly roster?: Roster;
  readonly messages: readonly Message[];
  readonly changed: readonly Message[];
  readonly marked: readonly { readonly seq: number; readonly mine: Mine }[];
  readonly hasMore: boolean;
  readonly changedMore: boolean;
  readonly reset: boolean;
}

/** All members at a change. */
export interface Roster {
  readonly rev: number;
  readonly members: readonly Member[];
}

/** A member as a change left them. */
export interface MemberRow extends Member {
  readonly gone?: boolean;
}

/** What is told of a group at once. */
export interface GroupNews {
  readonly info?: GroupInfo;
  readonly roster?: Roster;
  readonly rows?: readonly MemberRow[];
}

export type Fact =
  | { readonly is: "connection"; readonly state: Connection }
  | { readonly is: "me"; readonly me: Person }
  | {
      readonly is: "loaded";
      readonly chats: readonly Chat[];
      readonly pending: readonly Pending[];
      readonly drafts: Readonly<Record<Id, string>>;
      readonly mendings?: Readonly<Record<Id, Mending>>;
      readonly trays?: Readonly<Record<Id, readonly Upload[]>>;
    }
  | { readonly is: "forgotten" }
  | { readonly is: "list"; readonly kind: "Personal" | "Group"; readonly rows: readonly Row[] }
  | { readonly is: "current" }
  | { readonly is: "said"; readonly chat: Id; readonly kind: Kind; readonly message: Message }
  | { readonly is: "page"; readonly page: Page; readonly afresh: boolean }
  | { readonly is: "trimmed"; readonly chat: Id; readonly end: "old" | "new"; readonly count: number }
  | { readonly is: "closed"; readonly chat: Id }
  | { readonly is: "caught"; readonly rows: readonly Caught[]; readonly gone: readonly Id[] }
  | { readonly is: "changed"; readonly chat: Id; readonly message: Message }
  | { readonly is: "marked"; readonly chat: Id; readonly seq: number; readonly mine: Mine }
  | { readonly is: "prefs"; readonly chat: Id; readonly prefs: Prefs }
  | { readonly is: "happened"; readonly chat: Id; readonly events: readonly Happening[] }
  | {
      readonly is: "group";
      readonly chat: Id;
      readonly news: GroupNews;
      /** Heard live: what happened, and the number of the change. */
      readonly event?: Happening;
      readonly rev?: number;
    }
  | { readonly is: "pins"; readonly chat: Id; readonly messages: readonly Message[] }
  | { readonly is: "read"; readonly chat: Id; readonly reader: Id; readonly seq: number }
  | {
      readonly is: "readHere";
      readonly chat: Id;
      readonly seq: number;
      readonly unread?: number;
      readonly mentioned?: number;
    }
  | { readonly is: "delivered"; readonly chat: Id; readonly seq: number }
  | { readonly is: "chatMade"; readonly chat: Id; readonly kind: Kind; readonly name: string; readonly partner?: Id }
  | { readonly is: "chatGone"; readonly chat: Id }
  | { readonly is: "joined"; readonly chat: Id; readonly member: Person; readonly role: Role }
  | { readonly is: "left"; readonly chat: Id; readonly member: Id }
  | { readonly is: "owner"; readonly chat: Id; readonly member: Id }
  | { readonly is: "queued"; readonly pending: Pending }
  | {
      readonly is: "stored";
      readonly clientId: string;
      readonly chat: Id;
      readonly id: Id;
      readonly seq: number;
      readonly at: string;
    }
  | { readonly is: "refused"; readonly clientId: string; readonly reason: string }
  | { readonly is: "again"; readonly clientId: string }
  | { readonly is: "discarded"; readonly clientId: string }
  | { readonly is: "draft"; readonly chat: Id; readonly text: string }
  | { readonly is: "mended"; readonly chat: Id; readonly mending: Mending | undefined }
  | { readonly is: "attached"; readonly chat: Id; readonly uploads: readonly Upload[] }
  | { readonly is: "detached"; readonly chat: Id; readonly key: string }
  | { readonly is: "uploading"; readonly key: string; readonly share: number }
  | { readonly is: "uploaded"; readonly key: string; readonly file: Attachment }
  /** Without a reason it is tried once more. */
  | { readonly is: "notUploaded"; readonly key: string; readonly reason?: string }
  | { readonly is: "blocks"; readonly users: readonly Id[] }
  | { readonly is: "privacy"; readonly privacy: Privacy }
  | { readonly is: "blocked"; readonly user: Id; readonly on: boolean }
  | { readonly is: "profiles"; readonly profiles: readonly Profile[] }
  | { readonly is: "presence"; readonly users: Readonly<Record<Id, Presence>> }
  | { readonly is: "typing"; readonly chat: Id; readonly user: Id; readonly name: string; readonly until: number }
  | { readonly is: "stoppedTyping"; readonly chat: Id; readonly user: Id }
  | { readonly is: "time"; readonly now: number };
