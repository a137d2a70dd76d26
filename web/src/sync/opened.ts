/** What is asked without being wanted: all of a chat that is opened, and whom one blocked. */
import type { Id } from "../model/model.ts";
import { hasChanges } from "../model/rules.ts";
import type { Store } from "../model/store.ts";
import { groupNews, prefs } from "../wire/chats.ts";
import { happening, message } from "../wire/messages.ts";
import { type Fields, fields, list, text } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

/** As much as the server tells at once. */
const MOST = 200;

export class Opened {
  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  /** Once it is fetched. */
  chat(id: Id): void {
    void this.#whole(id);
    void this.#pins(id);
    void this.happened(id);
  }

  /** Who opens a chat that one marked has looked at it, though there is nothing to read. */
  looked(id: Id): void {
    if (this.store.model.chats[id]?.prefs?.markedUnread !== true) return;
    void this.#ask("set-chat-prefs", { ChatId: id, MarkedUnread: false }, (body) =>
      this.store.tell({ is: "prefs", chat: id, prefs: prefs(fields(body["Prefs"])) }),
    );
  }

  async blocks(): Promise<void> {
    await this.#ask("fetch-blocks", {}, (body) =>
      this.store.tell({ is: "blocks", users: list(body, "Users", (row) => text(row, "_id")) }),
    );
  }

  /** What happened in a group, the newest of it. Live events go on from there. */
  async happened(id: Id): Promise<void> {
    if (!this.#isNumbered(id, "Group")) return;
    await this.#ask("fetch-activity", { ChatId: id, Limit: MOST }, (body) => {
      const events = list(body, "Events", happening).filter((one) => one !== undefined);
      this.store.tell({ is: "happened", chat: id, events });
    });
  }

  /** All of a group at once: a page does not tell roles and settings. */
  async #whole(id: Id): Promise<void> {
    if (!this.#isNumbered(id, "Group")) return;
    await this.#ask("fetch-chat", { ChatId: id }, (body) => {
      this.store.tell({ is: "prefs", chat: id, prefs: prefs(fields(body["Prefs"])) });
      this.store.tell({ is: "group", chat: id, news: groupNews(body) });
    });
  }

  /** The answer is a fact: what is pinned changes while one looks. */
  async #pins(id: Id): Promise<void> {
    if (!this.#isNumbered(id)) return;
    await this.#ask("fetch-pinned", { ChatId: id }, (body) =>
      this.store.tell({ is: "pins", chat: id, messages: list(body, "Messages", message) }),
    );
  }

  #isNumbered(id: Id, kind?: "Group"): boolean {
    const chat = this.store.model.chats[id];
    return chat !== undefined && hasChanges(chat) && (kind === undefined || chat.kind === kind);
  }

  async #ask(event: string, payload: object, told: (body: Fields) => void): Promise<void> {
    const answer = await this.wire.ask(event, payload);
    if (answer.ok) told(answer.body);
  }
}
