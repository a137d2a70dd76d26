/** The bytes of files that no stored message holds yet, so that a reload does not lose what was chosen. */
import type { Upload } from "../model/attachment.ts";
import type { Id } from "../model/model.ts";
import type { Database } from "./database.ts";

/** As much is kept at most. What is more lives as long as its page. */
const BOUNDS = { files: 200, bytes: 500 * 1024 * 1024 };

export class Files {
  constructor(
    private readonly database: Database,
    private readonly tab: string,
    private readonly bounds = BOUNDS,
  ) {}

  async put(chat: Id, upload: Upload, bytes: Blob): Promise<void> {
    const kept = await this.database.getAll("files");
    const size = kept.reduce((sum, one) => sum + one.upload.size, upload.size);
    if (kept.length >= this.bounds.files || size > this.bounds.bytes) return;
    await this.database.put("files", {
      key: upload.key,
      chat,
      upload: lasting(upload),
      bytes,
      order: Date.now(),
      tab: this.tab,
    });
  }

  async bytes(key: string): Promise<Blob | undefined> {
    return (await this.database.get("files", key))?.bytes;
  }

  /** It is on the server now. */
  async mark(upload: Upload): Promise<void> {
    const transaction = this.database.transaction("files", "readwrite");
    const old = await transaction.store.get(upload.key);
    if (old !== undefined) await transaction.store.put({ ...old, upload: lasting(upload) });
    await transaction.done;
  }

  async remove(key: string): Promise<void> {
    await this.database.delete("files", key);
  }

  /** What belongs to this tab or to tabs that are closed, in the order of choosing. It is this tab's from now on. */
  async adopt(isClosed: (tab: string) => Promise<boolean>): Promise<{ readonly chat: Id; readonly upload: Upload }[]> {
    const all = await this.database.getAll("files");
    const closed = new Set<string>();
    for (const tab of new Set(all.map((one) => one.tab))) {
      if (tab !== this.tab && (await isClosed(tab))) closed.add(tab);
    }
    const ours = all.filter((one) => one.tab === this.tab || closed.has(one.tab));
    await Promise.all(ours.map((one) => this.database.put("files", { ...one, tab: this.tab })));
    return ours.sort((one, other) => one.order - other.order).map(({ chat, upload }) => ({ chat, upload }));
  }
}

/** Without what ends with the page. */
export function lasting({ preview: _, ...upload }: Upload): Upload {
  return upload;
}
