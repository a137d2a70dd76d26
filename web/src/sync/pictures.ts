/** Keeps the pictures that were seen lately, for as long as their messages may be seen. */
import type { Pictures as Kept, Seen } from "../keep/pictures.ts";
import { goneBy } from "../model/gone.ts";
import type { Fact } from "../model/fact.ts";
import type { Model } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import type { Fetched } from "../wire/pictures.ts";
import type { Clock } from "./ports.ts";

export class Pictures {
  /** What was looked after on this page already. */
  readonly #known = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly fetch: (path: string, isShown: boolean) => Promise<Fetched>,
    /** None, where the browser has none to give, or nothing may stay. */
    private readonly kept: () => Kept | undefined,
  ) {
    store.listen((model, fact, before) => this.#changed(model, fact, before));
  }

  /** It has been shown. */
  async saw(seen: Seen): Promise<void> {
    const kept = this.kept();
    if (kept === undefined || this.#known.has(seen.path)) return;
    this.#known.add(seen.path);
    if (await kept.touch(seen, this.clock.now())) return;
    const bytes = await this.fetch(seen.path, true);
    // Meanwhile somebody else may be here, or the message gone.
    if (bytes instanceof Blob && this.kept() === kept && this.#isThere(seen))
      await kept.put(seen, bytes, this.clock.now());
    else this.#known.delete(seen.path);
  }

  /** It could not be shown. What may not be seen any more is not shown from here either. */
  async bytes(path: string): Promise<Blob | undefined> {
    const kept = this.kept();
    const fetched = await this.fetch(path, false);
    if (fetched === undefined) return await kept?.bytes(path);
    if (fetched !== "gone") return fetched;
    this.#known.delete(path);
    await kept?.remove(path);
    return undefined;
  }

  #isThere({ chat, seq }: Seen): boolean {
    const now = this.store.model.chats[chat];
    const message = now?.window?.messages[seq - now.window.from];
    return now !== undefined && message?.deletedAt === undefined && message?.mine?.hidden !== true;
  }

  #changed(model: Model, fact: Fact, before: Model): void {
    const kept = this.kept();
    if (kept === undefined) return;
    for (const { chat, from, to } of goneBy(model, fact, before))
      void kept.forget(chat, from, to).catch(() => undefined);
    if (fact.is === "current") void kept.forgetOthers(new Set(Object.keys(model.chats))).catch(() => undefined);
  }
}
