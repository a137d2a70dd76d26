/** Answering and reacting to a message: whether one may, and how an answer begins. */
import { lineOf } from "../../model/attachment.ts";
import { nameIn } from "../../model/look-up.ts";
import type { Chat, Message } from "../../model/model.ts";
import { hasChanges, hindranceOf, isGone, isSilenced } from "../../model/rules.ts";
import type { ModeSignal } from "../composer/mode.ts";
import type { App } from "../context.ts";

export function mayAnswer(app: App, chat: Chat, message: Message): boolean {
  const hindrance = hindranceOf(app.model.value, chat, Date.now());
  return hasChanges(chat) && !isGone(message) && (hindrance === undefined || hindrance.is === "slow");
}

export function mayReact(app: App, chat: Chat, message: Message): boolean {
  return hasChanges(chat) && !isGone(message) && !isSilenced(app.model.value, chat);
}

/** Whoever answers mends nothing at that moment. */
export function answer(app: App, chat: Chat, mode: ModeSignal, message: Message): void {
  const model = app.model.value;
  const isOwn = message.sender === model.me?.id;
  const who = isOwn ? app.speech.value.words.you : message.senderName || nameIn(model, chat, message.sender);
  void app.want({ want: "mend", chat: chat.id, mending: undefined });
  mode.value = { is: "reply", seq: message.seq, who, text: lineOf(message) };
}
