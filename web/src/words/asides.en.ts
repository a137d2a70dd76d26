/** What keys do, what the server refuses with, what finds messages again, and what happens in groups. */
import type { Say } from "./say.ts";

export const keys = {
  search: "Search",
  other: "Other chat",
  nextUnread: "Next unread chat",
  close: "Close what is on top, or jump to the newest",
  send: "Send",
  breakLine: "Break the line",
  editLast: "Edit the last message, with nothing written",
  move: "Move in the conversation",
  actions: "Actions of a message",
  replyKey: "Reply to a message",
  reactKey: "React to a message",
  copyKey: "Copy a message",
  pane: "Next pane",
  help: "This list",
};

export const refusals: Readonly<Record<string, string>> = {
  offline: "You are offline.",
  timeout: "The server does not answer. Try again.",
  bad_request: "This cannot be done.",
  not_found: "This is gone, or was never here.",
  not_member: "This person is not in the group.",
  not_admin: "Only the owner may do this.",
  forbidden: "You may not do this.",
  conflict: "This contradicts what is already so.",
  too_large: "This is too large.",
  rate_limited: "Too often. Try again in a moment.",
  slow_mode: "Slow mode is on. Try again in a moment.",
  busy: "The server is busy. Try again in a moment.",
  unavailable: "The server cannot store this now. Try again in a moment.",
  muted: "You are muted here.",
  blocked: "You cannot write to each other.",
  expired: "It is too late for this.",
  outbox_full: "Too much waits to be sent already.",
  file_too_large: "This file is too large.",
  file_empty: "This file is empty.",
  file_lost: "This file cannot be read. Choose it again.",
  file_400: "This picture cannot be read.",
  file_413: "There is no room for this file, or the picture has too many pixels.",
  file_415: "Files of this type are not accepted here.",
  file_429: "Too many files at once. They go on in a moment.",
  "429": "Too often. Try again in a moment.",
  "503": "The server is busy. Try again in a moment.",
};

export const finding = (say: Say) => ({
  nPinned: (n: number) => say.plural(n, { other: "{n} pinned" }),
  pinnedMessages: "Pinned messages",
  reactions: "Reactions",
  saidIn: (who: string, chat: string, text: string) => `${who} in ${chat}: ${text}`,
  showMore: "Show more",
  nothingStarred: "Nothing starred yet.",
  nothingStarredHint: "Star a message to find it here again. Nobody else sees it.",
});

/** By whom, and to whom. */
export const happened = {
  Added: (by: string, user: string) => `${by} added ${user}`,
  Joined: (_: string, user: string) => `${user} joined`,
  Left: (_: string, user: string) => `${user} left`,
  Removed: (by: string, user: string) => `${by} removed ${user}`,
  Banned: (by: string, user: string) => `${by} banned ${user}`,
  AdminChanged: (by: string, user: string) => `${by} made ${user} owner`,
};
