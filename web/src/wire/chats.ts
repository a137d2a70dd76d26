/** What the server says of chats as a whole, read into the model's own. */
import type { Prefs } from "../model/model.ts";
import { count, type Fields, flag, some, textIf } from "./shapes.ts";

export function prefs(from: Fields): Prefs {
  return some({
    own: count(from, "Own"),
    firstSeq: count(from, "FirstSeq"),
    mutedUntil: textIf(from, "MutedUntil"),
    archived: flag(from, "Archived"),
    pinned: flag(from, "Pinned"),
    markedUnread: flag(from, "MarkedUnread"),
    hidden: flag(from, "Hidden"),
  });
}
