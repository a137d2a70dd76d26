/** Was Tasten tun, und womit der Server ablehnt. */
import type { Say } from "./say.ts";
import type { keys as english } from "./asides.en.ts";

export const keys: typeof english = {
  search: "Suchen",
  other: "Anderer Chat",
  nextUnread: "Nächster ungelesener Chat",
  close: "Schließt das Oberste, oder springt zum Neuesten",
  send: "Senden",
  breakLine: "Neue Zeile",
  editLast: "Die letzte Nachricht bearbeiten, wenn nichts geschrieben ist",
  move: "Durch die Unterhaltung gehen",
  actions: "Aktionen einer Nachricht",
  replyKey: "Auf eine Nachricht antworten",
  reactKey: "Auf eine Nachricht reagieren",
  copyKey: "Eine Nachricht kopieren",
  pane: "Nächster Bereich",
  help: "Diese Liste",
};

export const refusals: Readonly<Record<string, string>> = {
  offline: "Du bist offline.",
  timeout: "Der Server antwortet nicht. Versuche es noch einmal.",
  bad_request: "Das geht nicht.",
  not_found: "Das ist weg, oder war nie hier.",
  not_member: "Diese Person ist nicht in der Gruppe.",
  not_admin: "Das darf nur, wem die Gruppe gehört.",
  forbidden: "Das darfst du nicht.",
  conflict: "Das widerspricht dem, was schon so ist.",
  too_large: "Das ist zu groß.",
  rate_limited: "Zu oft. Versuche es gleich noch einmal.",
  slow_mode: "Hier schreibt man langsam. Versuche es gleich noch einmal.",
  busy: "Der Server hat zu tun. Versuche es gleich noch einmal.",
  unavailable: "Der Server kann das gerade nicht speichern. Versuche es gleich noch einmal.",
  muted: "Du bist hier stummgeschaltet.",
  blocked: "Ihr könnt einander nicht schreiben.",
  expired: "Dafür ist es zu spät.",
  outbox_full: "Es wartet schon zu viel auf das Senden.",
  file_too_large: "Diese Datei ist zu groß.",
  file_empty: "Diese Datei ist leer.",
  file_lost: "Diese Datei lässt sich nicht lesen. Wähle sie noch einmal aus.",
  file_400: "Dieses Bild lässt sich nicht lesen.",
  file_413: "Für diese Datei ist kein Platz, oder das Bild hat zu viele Bildpunkte.",
  file_415: "Dateien dieser Art werden hier nicht angenommen.",
  file_429: "Zu viele Dateien auf einmal. Gleich geht es weiter.",
  "429": "Zu oft. Versuche es gleich noch einmal.",
  "503": "Der Server hat zu tun. Versuche es gleich noch einmal.",
};

export const finding = (say: Say) => ({
  nPinned: (n: number) => say.plural(n, { other: "{n} angeheftet" }),
  pinnedMessages: "Angeheftete Nachrichten",
  reactions: "Reaktionen",
  saidIn: (who: string, chat: string, text: string) => `${who} in ${chat}: ${text}`,
  showMore: "Mehr anzeigen",
  nothingStarred: "Noch nichts gemerkt.",
  nothingStarredHint: "Merke dir eine Nachricht, und du findest sie hier wieder. Niemand sonst sieht es.",
});

/** By whom, and to whom. */
export const happened = {
  Added: (by: string, user: string) => `${by} hat ${user} hinzugefügt`,
  Joined: (_: string, user: string) => `${user} ist beigetreten`,
  Left: (_: string, user: string) => `${user} ist gegangen`,
  Removed: (by: string, user: string) => `${by} hat ${user} entfernt`,
  Banned: (by: string, user: string) => `${by} hat ${user} ausgesperrt`,
  AdminChanged: (by: string, user: string) => `${by} hat die Gruppe an ${user} übergeben`,
};
