/** What was written and is not stored yet, in the order of writing. */
import type { Id, Message, Model, Pending } from "./model.ts";
import { trayOf, triedAgain, withTray } from "./uploads.ts";

/** Its files stand in the message from now on, as far as they have come. */
export function queued(model: Model, pending: Pending): Model {
  if (model.pending.some((one) => one.clientId === pending.clientId)) return model;
  const { [pending.chat]: _, ...drafts } = model.drafts;
  if (pending.uploads === undefined) return { ...model, drafts, pending: [...model.pending, pending] };
  const tray = trayOf(model, pending.chat);
  const keys = pending.uploads.map(({ key }) => key);
  const uploads = pending.uploads.map((one) => tray.find(({ key }) => key === one.key) ?? one);
  const left = tray.filter(({ key }) => !keys.includes(key));
  return withTray({ ...model, drafts, pending: [...model.pending, { ...pending, uploads }] }, pending.chat, left);
}

export function without(model: Model, clientId: string): Model {
  const rest = model.pending.filter((one) => one.clientId !== clientId);
  return rest.length === model.pending.length ? model : { ...model, pending: rest };
}

/** Its files stand beside the draft again. */
export function discarded(model: Model, clientId: string): Model {
  const pending = model.pending.find((one) => one.clientId === clientId);
  const rest = without(model, clientId);
  if (pending?.uploads === undefined) return rest;
  return withTray(rest, pending.chat, [...trayOf(rest, pending.chat), ...pending.uploads]);
}

export function refused(model: Model, clientId: string, reason: string): Model {
  const pending = model.pending.map((one) => (one.clientId === clientId ? { ...one, refused: reason } : one));
  return { ...model, pending };
}

export function again(model: Model, clientId: string): Model {
  const pending = model.pending.map((one): Pending => {
    if (one.clientId !== clientId) return one;
    const { refused: _, ...rest } = triedAgain(one);
    return rest;
  });
  return { ...model, pending };
}

/** The message that an acknowledgement stands for. */
export function storedAs(
  pending: Pending,
  me: { readonly id: Id; readonly name: string },
  id: Id,
  seq: number,
  at: string,
): Message {
  const { clientId, text, replyTo, mentions, uploads } = pending;
  const attachments = uploads?.flatMap(({ file }) => (file === undefined ? [] : [file]));
  return {
    id,
    seq,
    sender: me.id,
    senderName: me.name,
    text,
    at,
    rev: 0,
    clientId,
    ...(replyTo === undefined ? {} : { replyTo: { seq: replyTo } }),
    ...(mentions === undefined ? {} : { mentions }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}
