/** Files on their way: beside what one writes, and in messages that wait to be sent. */
import type { Upload } from "./attachment.ts";
import type { Fact } from "./fact.ts";
import type { Id, Model, Pending } from "./model.ts";

type OfUploads = Extract<Fact, { is: "attached" | "uploading" | "uploaded" | "notUploaded" | "detached" }>;

export function uploaded(model: Model, fact: OfUploads): Model {
  switch (fact.is) {
    case "attached":
      return withTray(model, fact.chat, [...trayOf(model, fact.chat), ...fact.uploads]);
    case "detached":
      return withTray(
        model,
        fact.chat,
        trayOf(model, fact.chat).filter(({ key }) => key !== fact.key),
      );
    case "uploading":
      return withUpload(model, fact.key, (one) => ({ ...one, share: fact.share }));
    case "uploaded":
      return withUpload(model, fact.key, (one) => ({ ...fresh(one), share: 1, file: fact.file }));
    case "notUploaded": {
      const { key, reason } = fact;
      return withUpload(model, key, (one) =>
        reason === undefined ? fresh(one) : { ...one, share: 0, refused: reason },
      );
    }
  }
}

/** What stands beside the text that is written in a chat. */
export function trayOf(model: Model, chat: Id): readonly Upload[] {
  return model.trays[chat] ?? [];
}

/** What was kept of files: those that no message is to hold stand beside drafts. */
export function traysOf(
  kept: readonly { readonly chat: Id; readonly upload: Upload }[],
  pending: readonly Pending[],
): Record<Id, readonly Upload[]> {
  const taken = new Set(pending.flatMap(({ uploads = [] }) => uploads.map(({ key }) => key)));
  const trays: Record<Id, Upload[]> = {};
  for (const { chat, upload } of kept) {
    if (!taken.has(upload.key)) trays[chat] = [...(trays[chat] ?? []), upload];
  }
  return trays;
}

/** Those that hold up a message come first. */
export function uploadsOf(model: Model): Upload[] {
  return [...model.pending.map(({ uploads = [] }) => uploads), ...Object.values(model.trays)].flat();
}

/** Whether all that a message is to hold is on the server. */
export function isLoaded({ uploads = [] }: Pending): boolean {
  return uploads.every(({ file }) => file !== undefined);
}

export function withTray(model: Model, chat: Id, tray: readonly Upload[]): Model {
  const { [chat]: _, ...others } = model.trays;
  return { ...model, trays: tray.length === 0 ? others : { ...others, [chat]: tray } };
}

/** To be tried once more. */
function fresh({ refused: _, ...upload }: Upload): Upload {
  return upload;
}

/** All that a message waits for is tried once more. What the server does not know any more is brought there anew. */
export function triedAgain(pending: Pending): Pending {
  if (pending.uploads === undefined) return pending;
  const uploads = pending.uploads.map((one) => {
    const { file: _, ...rest } = fresh(one);
    return pending.refused === "not_found" ? { ...rest, share: 0 } : fresh(one);
  });
  return { ...pending, uploads };
}

/** A message cannot be sent with a file that cannot come to the server. */
function withUpload(model: Model, key: string, change: (upload: Upload) => Upload): Model {
  const isOne = (one: Upload) => one.key === key;
  const changed = (all: readonly Upload[]) => all.map((one) => (isOne(one) ? change(one) : one));
  const chat = Object.keys(model.trays).find((id) => trayOf(model, id).some(isOne));
  if (chat !== undefined) return withTray(model, chat, changed(trayOf(model, chat)));
  if (!model.pending.some(({ uploads = [] }) => uploads.some(isOne))) return model;
  const pending = model.pending.map((one): Pending => {
    if (!one.uploads?.some(isOne)) return one;
    const uploads = changed(one.uploads);
    const refused = uploads.find((upload) => upload.refused !== undefined)?.refused;
    return { ...one, uploads, ...(refused === undefined ? {} : { refused }) };
  });
  return { ...model, pending };
}
