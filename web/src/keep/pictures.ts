/** Pictures that were seen lately, for times without a network. Losing one costs a fetch and nothing else. */
import type { Id } from "../model/model.ts";
import type { Database } from "./database.ts";

/** Bytes: of all, and of one. What was not seen for the longest time goes first. */
const BOUNDS = { inAll: 64 * 1024 * 1024, ofOne: 8 * 1024 * 1024 };

/** Where a picture was seen. */
export interface Seen {
  readonly chat: Id;
  readonly seq: number;
  /** Its address on the server. */
  readonly path: string;
}

export class Pictures {
  constructor(
    private readonly database: Database,
    private readonly bounds = BOUNDS,
  ) {}

  async put(seen: Seen, bytes: Blob, at: number): Promise<void> {
    if (bytes.size > this.bounds.ofOne) return;
    await this.database.put("pictures", { ...seen, bytes, size: bytes.size, at });
    await this.#prune();
  }

  async bytes(path: string): Promise<Blob | undefined> {
    return (await this.database.get("pictures", path))?.bytes;
  }

  /** It was seen again. False, if it is not here. */
  async touch(seen: Seen, at: number): Promise<boolean> {
    const transaction = this.database.transaction("pictures", "readwrite");
    const old = await transaction.store.get(seen.path);
    if (old !== undefined) await transaction.store.put({ ...old, ...seen, at });
    await transaction.done;
    return old !== undefined;
  }

  async remove(path: string): Promise<void> {
    await this.database.delete("pictures", path);
  }

  /** The messages of a chat from one to another are not to be seen any more. */
  async forget(chat: Id, from: number, to: number): Promise<void> {
    const transaction = this.database.transaction("pictures", "readwrite");
    const range = IDBKeyRange.bound([chat, from], [chat, to]);
    for (const path of await transaction.store.index("place").getAllKeys(range)) await transaction.store.delete(path);
    await transaction.done;
  }

  /** Only these chats are there still. */
  async forgetOthers(chats: ReadonlySet<Id>): Promise<void> {
    const transaction = this.database.transaction("pictures", "readwrite");
    for (let at = await transaction.store.index("place").openKeyCursor(); at !== null; at = await at.continue()) {
      if (!chats.has(at.key[0])) await transaction.store.delete(at.primaryKey);
    }
    await transaction.done;
  }

  async #prune(): Promise<void> {
    const transaction = this.database.transaction("pictures", "readwrite");
    let room = this.bounds.inAll;
    for (
      let at = await transaction.store.index("age").openKeyCursor(null, "prev");
      at !== null;
      at = await at.continue()
    ) {
      room -= at.key[1];
      if (room < 0) await transaction.store.delete(at.primaryKey);
    }
    await transaction.done;
  }
}
