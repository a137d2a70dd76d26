/** Mending the text of a message. What the server refuses stays in the field, with the reason beside it. */
import { mendingOf } from "../../model/mending.ts";
import type { Chat, Mending, Message } from "../../model/model.ts";
import { mentionsIn } from "../../model/rules.ts";
import { type App, useApp } from "../context.ts";
import { contentOf } from "./content.ts";
import type { ModeSignal } from "./mode.ts";

export function mend(app: App, chat: Chat, mode: ModeSignal, message: Message): void {
  mode.value = undefined;
  void app.want({ want: "mend", chat: chat.id, mending: mendingOf(message) });
}

export interface Mend {
  readonly now: Mending | undefined;
  write(text: string): void;
  save(): Promise<void>;
  end(): void;
}

export function useMending(chat: Chat): Mend {
  const app = useApp();
  const now = app.model.value.mendings[chat.id];
  const set = (mending: Mending | undefined) => void app.want({ want: "mend", chat: chat.id, mending });
  const save = async () => {
    if (now === undefined) return;
    const text = contentOf(now.text);
    const outcome = await app.want({
      want: "edit",
      chat: chat.id,
      seq: now.seq,
      text,
      edits: now.edits,
      mentions: mentionsIn(app.model.value, text, chat),
    });
    // One may have written on meanwhile, or have given it up.
    const later = app.model.value.mendings[chat.id];
    if (later?.seq !== now.seq) return;
    if (!outcome.ok) return set({ ...later, refused: outcome.refusal.code });
    set(contentOf(later.text) === text ? undefined : { ...later, edits: later.edits + 1 });
  };
  return { now, write: (text) => now !== undefined && set({ ...now, text }), save, end: () => set(undefined) };
}
