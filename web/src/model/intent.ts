/** What people can want, and how it can end. */
import type { Range } from "./search.ts";
import type { GroupSettings, Id, Mending, Message, Person, Privacy, Role } from "./model.ts";

export type Intent =
  | { readonly want: "signUp"; readonly name: string; readonly email: string; readonly password: string }
  | { readonly want: "verify"; readonly email: string; readonly code: string }
  | { readonly want: "resend"; readonly email: string }
  | { readonly want: "logIn"; readonly email: string; readonly password: string }
  | { readonly want: "forgot"; readonly email: string }
  | { readonly want: "logOut" }
  | { readonly want: "about" }
  | { readonly want: "account" }
  | { readonly want: "open"; readonly chat: Id; readonly seq?: number }
  | { readonly want: "close"; readonly chat: Id }
  | { readonly want: "older"; readonly chat: Id }
  | { readonly want: "newer"; readonly chat: Id }
  | { readonly want: "newest"; readonly chat: Id }
  | { readonly want: "around"; readonly chat: Id; readonly seq: number }
  | { readonly want: "draft"; readonly chat: Id; readonly text: string }
  /** To mend a text, go on with it, or give it up. */
  | { readonly want: "mend"; readonly chat: Id; readonly mending: Mending | undefined }
  | {
      readonly want: "send";
      readonly chat: Id;
      readonly text: string;
      readonly replyTo?: number;
      readonly mentions?: readonly Id[];
    }
  /** `most`: the bytes of a file at most. */
  | { readonly want: "attach"; readonly chat: Id; readonly files: readonly File[]; readonly most: number }
  | { readonly want: "detach" | "attachAgain"; readonly chat: Id; readonly key: string }
  /** A picture of oneself or of a group. */
  | { readonly want: "upload"; readonly file: File }
  | { readonly want: "again"; readonly clientId: string }
  | { readonly want: "discard"; readonly clientId: string }
  | { readonly want: "seen"; readonly chat: Id; readonly seq: number }
  | { readonly want: "people"; readonly text: string }
  | { readonly want: "talk"; readonly person: Id }
  | { readonly want: "group"; readonly name: string; readonly description: string; readonly members: readonly Id[] }
  | { readonly want: "addMember" | "removeMember" | "makeOwner"; readonly chat: Id; readonly member: Id }
  | { readonly want: "leave" | "deleteGroup"; readonly chat: Id }
  | { readonly want: "prefer"; readonly chat: Id; readonly change: Preference }
  | { readonly want: "clear"; readonly chat: Id }
  | {
      readonly want: "editGroup";
      readonly chat: Id;
      readonly name?: string;
      readonly description?: string;
      /** The id of a file, or none. */
      readonly picture?: Id | null;
      readonly settings?: Partial<GroupSettings>;
    }
  | { readonly want: "setRole"; readonly chat: Id; readonly member: Id; readonly role: Role }
  | { readonly want: "muteMember"; readonly chat: Id; readonly member: Id; readonly seconds: number }
  | { readonly want: "ban" | "unban"; readonly chat: Id; readonly member: Id }
  | { readonly want: "bans"; readonly chat: Id }
  | { readonly want: "invite"; readonly chat: Id; readonly seconds: number; readonly uses?: number }
  | { readonly want: "invites"; readonly chat: Id }
  | { readonly want: "revoke"; readonly chat: Id; readonly invite: Id }
  | { readonly want: "invitation" | "join"; readonly token: string }
  | { readonly want: "block"; readonly user: Id; readonly on: boolean }
  | { readonly want: "blocks" }
  | { readonly want: "privacy" }
  | { readonly want: "setPrivacy"; readonly change: Partial<Privacy> }
  | { readonly want: "profiles"; readonly users: readonly Id[] }
  | { readonly want: "editProfile"; readonly change: ProfileChange }
  | { readonly want: "password"; readonly current: string; readonly next: string }
  | { readonly want: "devices" }
  | { readonly want: "endDevice"; readonly device: Id }
  | { readonly want: "deleteAccount"; readonly password: string }
  | {
      readonly want: "edit";
      readonly chat: Id;
      readonly seq: number;
      readonly text: string;
      readonly edits: number;
      readonly mentions: readonly Id[];
    }
  | { readonly want: "erase" | "hide"; readonly chat: Id; readonly seq: number }
  | { readonly want: "react"; readonly chat: Id; readonly seq: number; readonly emoji: string; readonly on: boolean }
  | { readonly want: "pin" | "star"; readonly chat: Id; readonly seq: number; readonly on: boolean }
  | { readonly want: "starred"; readonly cursor?: string }
  | { readonly want: "search"; readonly text: string; readonly cursor?: string }
  | { readonly want: "reactors"; readonly chat: Id; readonly seq: number; readonly emoji: string }
  | { readonly want: "forward"; readonly chat: Id; readonly seq: number; readonly to: Id }
  | { readonly want: "typing"; readonly chat: Id; readonly on: boolean };

/** What one changes of a chat for oneself. */
export interface Preference {
  /** Seconds; none ends it. */
  readonly mute?: number;
  readonly archived?: boolean;
  readonly pinned?: boolean;
  readonly markedUnread?: boolean;
  readonly hidden?: boolean;
}

/** What one changes of what one says of oneself. An empty text removes it. */
export interface ProfileChange {
  readonly name?: string;
  readonly bio?: string;
  readonly status?: string;
  /** ISO 8601, or for good. */
  readonly statusUntil?: string | null;
  /** The id of a file, or none. */
  readonly picture?: Id | null;
}

/** A login of this account. */
export interface Device {
  readonly id: Id;
  readonly current: boolean;
  readonly seenAt: string;
  readonly agent: string;
}

/** What a client must know of the server before it asks. */
export interface About {
  readonly contentBytes: number;
  readonly nameCharacters: number;
  readonly groupMembers: number;
  /** What a message may hold, and the bytes of a file. */
  readonly attachments?: number;
  readonly fileBytes?: number;
  /** Seconds. */
  readonly editWindow?: number;
  readonly deleteWindow?: number;
  /** The folder that mails go to, if they go to one and it is on this machine. */
  readonly outbox?: string;
}

/** Why something did not happen. `code` is the server's, or `offline`, `timeout`, or the status of an HTTP answer. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** A link that leads into a group. */
export interface Invite {
  readonly id: Id;
  readonly url: string;
  readonly expiresAt: string;
  readonly uses: number;
  readonly maxUses?: number;
}

/** Where an invitation leads. */
export interface Invitation {
  readonly chat: Id;
  readonly name: string;
  readonly description: string;
  readonly picture?: Id;
  readonly members: number;
  readonly joined: boolean;
}

/** A message that was found, and where. */
export interface Found {
  readonly chat: Id;
  readonly message: Message;
  /** What matched in its text, where something was looked for. */
  readonly ranges?: readonly Range[];
}

/** What a wish brought, beside what became a fact. */
export interface Gift {
  readonly chat?: Id;
  readonly people?: readonly Person[];
  readonly found?: readonly Found[];
  /** With it one asks for more. */
  readonly cursor?: string;
  readonly invites?: readonly Invite[];
  readonly invitation?: Invitation;
  readonly devices?: readonly Device[];
  readonly about?: About;
  readonly email?: string;
  readonly text?: string;
  /** The id of a file that was uploaded. */
  readonly file?: Id;
}

export type Outcome = { readonly ok: true; readonly gift: Gift } | { readonly ok: false; readonly refusal: Refusal };

export type Want = (intent: Intent) => Promise<Outcome>;

export function done(gift: Gift = {}): Outcome {
  return { ok: true, gift };
}

export function refusedWith(code: string, message = "", retryAfter?: number): Outcome {
  return { ok: false, refusal: { code, message, ...(retryAfter === undefined ? {} : { retryAfter }) } };
}
