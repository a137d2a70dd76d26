/** Was man einstellt: an einem Chat für sich, an einer Gruppe für alle, und an sich selbst. */
import type { Control } from "./control.en.ts";

export const control = (): Control => ({
  chatMarked: (chat) => `${chat}, als ungelesen markiert`,
  mute: "Stummschalten",
  unmute: "Stummschaltung aufheben",
  muted: "Stummgeschaltet",
  muteFor: "Stummschalten für",
  hour: "1 Stunde",
  day: "1 Tag",
  always: "Immer",
  pinned: "Angeheftet",
  markAsUnread: "Als ungelesen markieren",
  markAsRead: "Als gelesen markieren",
  archive: "Archivieren",
  unarchive: "Aus dem Archiv holen",
  archived: "Archiv",
  clear: "Leeren",
  clearAsk: (chat) => `${chat} leeren?`,
  clearHint: "Was bisher gesagt wurde, verschwindet, nur für dich.",
  hide: "Ausblenden",
  hideAsk: (chat) => `${chat} ausblenden?`,
  hideHint: "Mit der nächsten Nachricht ist der Chat wieder da.",
});
