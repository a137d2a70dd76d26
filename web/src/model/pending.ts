/** What was written and is not stored yet, in the order of writing. */
import type { Id, Message, Model, Pending } from "./model.ts";

export function queued(model: Model, pending: Pending): Model {
  if (model.pending.some((one) => one.clientId === pending.clientId)) return model;
  const { [pending.chat]: _, ...drafts } = model.drafts;
  return { ...model, drafts, pending: [...model.pending, pending] };
}

export function without(model: Model, clientId: string): Model {
  const rest = model.pending.filter((one) => one.clientId !== clientId);
  return rest.length === model.pending.length ? model : { ...model, pending: rest };
}

export function refused(model: Model, clientId: string, reason: string | undefined): Model {
  const pending = model.pending.map((one): Pending => {
    if (one.clientId !== clientId) return one;
    const { refused: _, ...rest } = one;
    return reason === undefined ? rest : { ...rest, refused: reason };
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
  const { clientId, text, replyTo, mentions } = pending;
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
  };
}
