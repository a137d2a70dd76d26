/** The database in the browser, one for each user: its stores, and what a new version does. The only file that names idb. */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { Upload } from "../model/attachment.ts";
import type { Chat, Id, Message, Pending } from "../model/model.ts";

/** A kept chat has no window: its messages are rows of their own. */
export interface KeptChat extends Omit<Chat, "window"> {
  /** When it was opened last, milliseconds. */
  readonly openedAt: number;
}

export interface KeptMessage {
  readonly chat: Id;
  readonly seq: number;
  readonly message: Message;
}

export interface Schema extends DBSchema {
  chats: { key: Id; value: KeptChat };
  messages: { key: [Id, number]; value: KeptMessage };
  outbox: { key: string; value: Pending & { readonly order: number; readonly tab: string } };
  files: {
    key: string;
    value: {
      readonly key: string;
      readonly chat: Id;
      readonly upload: Upload;
      readonly bytes: Blob;
      readonly order: number;
      readonly tab: string;
    };
  };
  pictures: {
    key: string;
    value: {
      readonly path: string;
      readonly chat: Id;
      readonly seq: number;
      readonly bytes: Blob;
      readonly size: number;
      readonly at: number;
    };
    indexes: { age: [number, number]; place: [Id, number] };
  };
  drafts: { key: Id; value: { readonly chat: Id; readonly text: string } };
  places: { key: Id; value: { readonly chat: Id; readonly seq: number; readonly offset: number } };
}

export type Database = IDBPDatabase<Schema>;

/** One more whenever what the cache holds has another shape: it is dropped then. Outbox, its files and drafts never are. */
const VERSION = 4;

function nameOf(user: Id): string {
  return `greenroom-${user}`;
}

/** Opens the database of a user. Nothing, where the browser has none to give. */
export async function openDatabase(user: Id): Promise<Database | undefined> {
  try {
    return await openDB<Schema>(nameOf(user), VERSION, {
      upgrade(database) {
        const has = database.objectStoreNames;
        for (const cache of ["chats", "messages", "places", "pictures"] as const) {
          if (has.contains(cache)) database.deleteObjectStore(cache);
        }
        database.createObjectStore("chats", { keyPath: "id" });
        database.createObjectStore("messages", { keyPath: ["chat", "seq"] });
        database.createObjectStore("places", { keyPath: "chat" });
        const pictures = database.createObjectStore("pictures", { keyPath: "path" });
        pictures.createIndex("age", ["at", "size"]);
        pictures.createIndex("place", ["chat", "seq"]);
        if (!has.contains("outbox")) database.createObjectStore("outbox", { keyPath: "clientId" });
        if (!has.contains("files")) database.createObjectStore("files", { keyPath: "key" });
        if (!has.contains("drafts")) database.createObjectStore("drafts", { keyPath: "chat" });
      },
      blocking(_, __, event) {
        (event.target as IDBDatabase | null)?.close();
      },
    });
  } catch {
    return undefined;
  }
}

/** Nothing of this user stays. */
export async function wipe(user: Id): Promise<void> {
  await deleteDB(nameOf(user)).catch(() => undefined);
}
