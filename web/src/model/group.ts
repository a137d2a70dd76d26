/** What is known of groups alone: who is in them, what they allow, and what happened there. */

export type Role = "Owner" | "Moderator" | "Member";

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly rev: number;
  readonly picture?: string;
  /** Until when one may not speak, ISO 8601. */
  readonly mutedUntil?: string;
}

/** What a group allows to whom: a role means it and those above it. */
export interface GroupSettings {
  readonly whoPosts: Role;
  readonly whoAdds: Role;
  readonly whoPins: Role;
  readonly whoEdits: Role;
  readonly whoMentionsAll: Role;
  /** Seconds from one message of a member to the next; none is 0. */
  readonly slowMode: number;
  /** Who comes in later sees what was said before. */
  readonly openHistory: boolean;
}

/** What a group is; the state with the highest `rev` stands. */
export interface GroupInfo {
  readonly rev: number;
  readonly name: string;
  readonly description: string;
  /** The id of a file. */
  readonly picture?: string;
  readonly settings: GroupSettings;
}

/** A change of who is in a group, what they may do there, or what it is. */
export interface Happening {
  readonly rev: number;
  /** It happened after this message. */
  readonly after: number;
  readonly at: string;
  readonly what:
    | "Added"
    | "Joined"
    | "Left"
    | "Removed"
    | "Banned"
    | "AdminChanged"
    | "RoleSet"
    | "Muted"
    | "Unmuted"
    | "Edited";
  readonly byName: string;
  readonly userName: string;
  /** Which one was given. */
  readonly role?: Role;
  /** What was edited. */
  readonly fields?: readonly string[];
}
