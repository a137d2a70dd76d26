/** What one sets: of a chat for oneself, of a group for all, and of oneself. */
export const control = () => ({
  chatMarked: (chat: string) => `${chat}, marked unread`,
  mute: "Mute",
  unmute: "Unmute",
  muted: "Muted",
  muteFor: "Mute for",
  hour: "1 hour",
  day: "1 day",
  always: "Always",
  pinned: "Pinned",
  markAsUnread: "Mark as unread",
  markAsRead: "Mark as read",
  archive: "Archive",
  unarchive: "Unarchive",
  archived: "Archived",
  clear: "Clear",
  clearAsk: (chat: string) => `Clear ${chat}?`,
  clearHint: "What was said so far goes, for you alone.",
  hide: "Hide",
  hideAsk: (chat: string) => `Hide ${chat}?`,
  hideHint: "It comes back with the next message.",
});

export type Control = ReturnType<typeof control>;
