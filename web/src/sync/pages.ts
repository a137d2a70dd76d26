/** History, both ways. One question at a time for each chat; an answer is put where it was asked for. */
import type { Page } from "../model/fact.ts";
import { done, type Outcome } from "../model/intent.ts";
import type { Chat, Id, Kind } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { atEnd, atStart, endOf, MOST } from "../model/window.ts";
import type { Answer, Wire } from "../wire/socket.ts";

const PAGE = 50;
/** What goes at once when the window is full. */
const CHUNK = 100;
/** How many rounds of short pages one wish may take: a page holds one message at least. */
const ROUNDS = 60;

const FETCH: Readonly<Record<Kind, string>> = {
  Self: "fetch-self-chat",
  Personal: "fetch-personal-chat",
  Group: "fetch-group-chat",
};

export class Pages {
  readonly #busy = new Map<Id, Promise<unknown>>();
  /** What the answer that is waited for is to do. */
  readonly #awaited = new Map<Id, { afresh: boolean; page?: Page }>();

  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  /** A page was heard: it belongs to the question of its chat that is open. */
  heard(page: Page): void {
    const awaited = this.#awaited.get(page.chat);
    if (awaited !== undefined) awaited.page = page;
    this.store.tell({ is: "page", page, afresh: awaited?.afresh ?? false });
  }

  older(chat: Id): Promise<Outcome> {
    return this.#inTurn(chat, async (now) => {
      const { window } = now;
      if (window === undefined || atStart(now)) return done();
      return await this.#ask(now, { Before: window.from, Limit: PAGE }, false, "new");
    });
  }

  newer(chat: Id): Promise<Outcome> {
    return this.#inTurn(chat, async (now) => {
      const { window } = now;
      if (window === undefined || atEnd(now)) return done();
      const end = endOf(window);
      return await this.#upTo(now, end, Math.min(end + PAGE, now.lastSeq + 1));
    });
  }

  /** The newest page. A window that does not reach it goes. */
  newest(chat: Id): Promise<Outcome> {
    return this.#inTurn(chat, (now) => this.#ask(now, { Limit: PAGE }, !atEnd(now), "old"));
  }

  /** The end of the window once more: who is in the chat, and how far they have read, is told with a page. */
  refresh(chat: Id): Promise<Outcome> {
    return this.#inTurn(chat, (now) => {
      const before = now.window === undefined || atEnd(now) ? {} : { Before: endOf(now.window) };
      return this.#ask(now, { ...before, Limit: PAGE }, now.window === undefined, "old");
    });
  }

  /** A page with this message in its middle. */
  around(chat: Id, seq: number): Promise<Outcome> {
    return this.#inTurn(chat, async (now) => {
      const { window } = now;
      const isInside = window !== undefined && seq >= window.from && seq < endOf(window);
      if (isInside) return done();
      const before = Math.max(2, seq + PAGE / 2);
      return await this.#ask(now, { Before: before, Limit: PAGE }, true, "old");
    });
  }

  /** Pages are counted from their newer end, and one of long messages is short: so on until the window is reached. */
  async #upTo(chat: Chat, from: number, before: number): Promise<Outcome> {
    const held: Page[] = [];
    let next = before;
    for (let round = 0; round < ROUNDS && next > from; round += 1) {
      const { outcome, page } = await this.#fetch(chat, { Before: next, Limit: Math.min(PAGE, next - from) }, false);
      if (!outcome.ok || page === undefined) return outcome;
      held.unshift(page);
      next = page.messages[0]?.seq ?? from;
    }
    for (const page of held) this.store.tell({ is: "page", page, afresh: false });
    this.#trim(chat.id, "old");
    return done();
  }

  async #ask(chat: Chat, payload: object, afresh: boolean, end: "old" | "new"): Promise<Outcome> {
    const { outcome } = await this.#fetch(chat, payload, afresh);
    this.#trim(chat.id, end);
    return outcome;
  }

  async #fetch(chat: Chat, payload: object, afresh: boolean): Promise<{ outcome: Outcome; page?: Page }> {
    const awaited: { afresh: boolean; page?: Page } = { afresh };
    this.#awaited.set(chat.id, awaited);
    const id = chat.kind === "Group" ? { GroupId: chat.id } : { ChatId: chat.id };
    const answer: Answer = await this.wire.ask(FETCH[chat.kind], { ...id, ...payload });
    if (this.#awaited.get(chat.id) === awaited) this.#awaited.delete(chat.id);
    return answer.ok
      ? { outcome: done(), ...(awaited.page === undefined ? {} : { page: awaited.page }) }
      : { outcome: answer };
  }

  #trim(id: Id, end: "old" | "new"): void {
    const window = this.store.model.chats[id]?.window;
    const over = (window?.messages.length ?? 0) - MOST;
    if (over > 0) this.store.tell({ is: "trimmed", chat: id, end, count: Math.ceil(over / CHUNK) * CHUNK });
  }

  /** Questions of one chat wait for each other, so that an answer has one place to go to. */
  async #inTurn(id: Id, work: (chat: Chat) => Promise<Outcome>): Promise<Outcome> {
    const before = this.#busy.get(id) ?? Promise.resolve();
    const turn = before.then(async () => {
      const chat = this.store.model.chats[id];
      return chat === undefined ? done() : await work(chat);
    });
    this.#busy.set(id, turn);
    const outcome = await turn;
    if (this.#busy.get(id) === turn) this.#busy.delete(id);
    return outcome;
  }
}
