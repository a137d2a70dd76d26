/** Drafts: in the database, and in localStorage what is not committed there when the page goes. Both survive the tab, the browser and the login. */
import type { Id } from "../model/model.ts";
import type { Database } from "./database.ts";

/** What is needed of localStorage. */
export type Shelf = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

interface Draft {
  /** Empty, if what was written has been taken away. */
  readonly text: string;
  /** When it was typed, milliseconds. */
  readonly at: number;
  /** The message that it is about to become. */
  readonly clientId?: string | undefined;
}

export class Drafts {
  /** Typed here, and not committed yet. */
  readonly #unsaved = new Map<Id, Draft>();

  constructor(
    private readonly database: Database,
    private readonly storage: Shelf,
    private readonly user: Id,
  ) {}

  /** Those in the database, and over them what a page could not save there any more, which is saved now. */
  async load(): Promise<Record<Id, string>> {
    const rows = await this.database.getAll("drafts");
    const drafts = new Map(rows.map((row) => [row.chat, row.text]));
    for (const [chat, draft] of leftBy(this.storage, this.user)) {
      if (draft.clientId !== undefined && (await this.database.get("outbox", draft.clientId)) !== undefined) {
        this.#release(chat, draft);
        continue;
      }
      drafts.set(chat, draft.text);
      this.#unsaved.set(chat, { text: draft.text, at: draft.at });
      void this.save(chat).catch(() => undefined);
    }
    return Object.fromEntries([...drafts].filter(([, text]) => text !== ""));
  }

  typed(chat: Id, text: string, at: number): void {
    this.#unsaved.set(chat, { text, at });
  }

  /** It becomes a message, and stays a draft until that is committed. */
  sending(chat: Id, clientId: string): void {
    const draft = this.#unsaved.get(chat);
    if (draft !== undefined) this.#unsaved.set(chat, { ...draft, clientId });
  }

  /** It is a message now, and nowhere a draft. */
  sent(chat: Id): void {
    this.#unsaved.delete(chat);
    this.storage.removeItem(keyOf(this.user, chat));
  }

  /** The outbox could not take the message, and it is settled all the same. */
  settled(chat: Id, clientId: string): void {
    if (this.#unsaved.get(chat)?.clientId === clientId) this.sent(chat);
  }

  /** Another tab has a newer one, and saves it. */
  overtaken(chat: Id): void {
    this.#unsaved.delete(chat);
  }

  /** Asks and commits in one go: the page may be gone before an answer comes. */
  async save(chat: Id): Promise<void> {
    const draft = this.#unsaved.get(chat);
    if (draft === undefined) return;
    const transaction = this.database.transaction("drafts", "readwrite", { durability: "relaxed" });
    const asked =
      draft.text === "" ? transaction.store.delete(chat) : transaction.store.put({ chat, text: draft.text });
    transaction.commit();
    await Promise.all([asked, transaction.done]);
    if (this.#unsaved.get(chat) === draft) this.#unsaved.delete(chat);
    this.#release(chat, draft);
  }

  /** The page may go: browsers abort the transactions of one that goes, and localStorage is written at once. */
  saveAtOnce(): void {
    try {
      for (const [chat, draft] of this.#unsaved) {
        this.storage.setItem(keyOf(this.user, chat), JSON.stringify(draft));
      }
    } catch {
      return;
    }
  }

  /** What localStorage holds of this chat is not needed any more, unless it is newer. */
  #release(chat: Id, saved: Draft): void {
    const left = draftOf(this.storage.getItem(keyOf(this.user, chat)));
    if (left !== undefined && left.at <= saved.at) this.storage.removeItem(keyOf(this.user, chat));
  }
}

/** Nothing of this user stays. */
export function wipeDrafts(storage: Shelf, user: Id): void {
  for (const chat of leftBy(storage, user).keys()) storage.removeItem(keyOf(user, chat));
}

/** One key a chat, so that no tab writes over what another one left of another chat. */
function keyOf(user: Id, chat: Id): string {
  return `greenroom-draft/${user}/${chat}`;
}

function leftBy(storage: Shelf, user: Id): Map<Id, Draft> {
  const prefix = keyOf(user, "");
  const all = new Map<Id, Draft>();
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index) ?? "";
    const draft = key.startsWith(prefix) ? draftOf(storage.getItem(key)) : undefined;
    if (draft !== undefined) all.set(key.slice(prefix.length), draft);
  }
  return all;
}

function draftOf(kept: string | null): Draft | undefined {
  if (kept === null) return undefined;
  try {
    const { text, at, clientId } = JSON.parse(kept) as Draft;
    return typeof text === "string" && typeof at === "number" ? { text, at, clientId } : undefined;
  } catch {
    return undefined;
  }
}
