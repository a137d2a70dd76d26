/** A text that is being mended: it is a draft of its own, beside that of the next message, until it is stored or given up. */
import type { Id, Mending, Message, Model } from "./model.ts";

export function mendingOf({ seq, edits = 0, text, attachments }: Message): Mending {
  return { seq, edits, was: text, text, hasFiles: attachments !== undefined };
}

export function mended(model: Model, chat: Id, mending: Mending | undefined): Model {
  const { [chat]: _, ...others } = model.mendings;
  return { ...model, mendings: mending === undefined ? others : { ...others, [chat]: mending } };
}

const KEY = "mending:";

/** Under which it is kept among the drafts. No chat is called so. */
export function keyOfMending(chat: Id): string {
  return KEY + chat;
}

export function kept(mending: Mending | undefined): string {
  return mending === undefined ? "" : JSON.stringify(mending);
}

/** What was kept, apart: texts of new messages, and texts that are being mended. */
export function apart(all: Readonly<Record<string, string>>): {
  readonly drafts: Record<Id, string>;
  readonly mendings: Record<Id, Mending>;
} {
  const drafts: Record<Id, string> = {};
  const mendings: Record<Id, Mending> = {};
  for (const [key, text] of Object.entries(all)) {
    if (key.startsWith(KEY)) mendings[key.slice(KEY.length)] = JSON.parse(text) as Mending;
    else drafts[key] = text;
  }
  return { drafts, mendings };
}
