/** What was written and is not stored on the server yet. It survives the tab, the browser and the login. */
import type { Pending } from "../model/model.ts";
import { bytesOf } from "../model/text.ts";
import type { Database } from "./database.ts";
import { lasting } from "./files.ts";

/** As much waits at most. */
const BOUNDS = { messages: 1_000, bytes: 50 * 1024 * 1024 };

export class OutboxIsFull extends Error {
  override readonly name = "OutboxIsFull";
}

export class Outbox {
  constructor(
    private readonly database: Database,
    private readonly tab: string,
    private readonly bounds = BOUNDS,
  ) {}

  /** Takes a message in and its draft away, both or neither. Returns once that is committed. */
  async put(pending: Pending): Promise<void> {
    const transaction = this.database.transaction(["outbox", "drafts"], "readwrite", { durability: "strict" });
    const outbox = transaction.objectStore("outbox");
    const waiting = await outbox.getAll();
    const bytes = [...waiting, pending].reduce((sum, one) => sum + bytesOf(one.text), 0);
    if (waiting.length >= this.bounds.messages || bytes > this.bounds.bytes) throw new OutboxIsFull();
    await Promise.all([
      outbox.put({ ...keepable(pending), order: Date.now(), tab: this.tab }),
      transaction.objectStore("drafts").delete(pending.chat),
      transaction.done,
    ]);
  }

  async remove(clientId: string): Promise<void> {
    await this.database.delete("outbox", clientId);
  }

  async mark(pending: Pending): Promise<void> {
    const transaction = this.database.transaction("outbox", "readwrite");
    const old = await transaction.store.get(pending.clientId);
    if (old !== undefined) await transaction.store.put({ ...keepable(pending), order: old.order, tab: old.tab });
    await transaction.done;
  }

  /** What belongs to this tab or to tabs that are closed, in the order of writing. It is this tab's from now on. */
  async adopt(isClosed: (tab: string) => Promise<boolean>): Promise<Pending[]> {
    const all = await this.database.getAll("outbox");
    const closed = new Set<string>();
    for (const tab of new Set(all.map((one) => one.tab))) {
      if (tab !== this.tab && (await isClosed(tab))) closed.add(tab);
    }
    const ours = all.filter((one) => one.tab === this.tab || closed.has(one.tab));
    await Promise.all(ours.map((one) => this.database.put("outbox", { ...one, tab: this.tab })));
    return ours.sort((one, other) => one.order - other.order).map(({ order: _, tab: __, ...pending }) => pending);
  }
}

function keepable(pending: Pending): Pending {
  return pending.uploads === undefined ? pending : { ...pending, uploads: pending.uploads.map(lasting) };
}
