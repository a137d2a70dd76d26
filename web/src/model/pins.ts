/** What is pinned in a chat, the latest first, once it was asked for. */
import type { Chat, Message } from "./model.ts";
import { messageAt } from "./window.ts";

/** A message has changed: it may be pinned now, or no more. */
export function repinned(chat: Chat, changed: Message): Chat {
  const { pins } = chat;
  if (pins === undefined) return chat;
  const old = pins.find((one) => one.seq === changed.seq);
  const known = messageAt(chat, changed.seq);
  const message = known !== undefined && known.rev > changed.rev ? known : changed;
  if (old !== undefined && old.rev > message.rev) return chat;
  if (message.pinned !== true) return old === undefined ? chat : { ...chat, pins: pins.filter((one) => one !== old) };
  return { ...chat, pins: old === undefined ? [message, ...pins] : pins.map((one) => (one === old ? message : one)) };
}
