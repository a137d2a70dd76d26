/** A model of the server with one chat of two: what it would tell, list, page and answer to `sync`. */
import type { Fact, Page } from "../src/model/fact.ts";
import { decode } from "../src/wire/decode.ts";
import type { Answer, Wire } from "../src/wire/socket.ts";

export type Deed =
  | { readonly do: "say"; readonly mine: boolean; readonly calls: boolean; readonly holds: boolean }
  | { readonly do: "edit" | "erase" | "hide" | "read" | "readByPartner" | "clear"; readonly seq: number }
  | { readonly do: "archive" | "markUnread"; readonly on: boolean }
  | { readonly do: "star"; readonly seq: number; readonly on: boolean };

interface Row {
  Seq: number;
  SenderId: string;
  Content: string;
  Rev: number;
  Edits: number;
  Mentions?: string[] | undefined;
  Attachments?: object[] | undefined;
  DeletedAt?: string;
  My?: { Own: number; Starred?: boolean; Hidden?: boolean };
}

const FILE = { Id: "f", Name: "a.pdf", Type: "application/pdf", Size: 3, Url: "/files/f" };
const ME = { id: "me", name: "Me" };
const time = (seq: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString();

export class Server implements Wire {
  readonly #rows: Row[] = [];
  #rev = 0;
  #own = 0;
  #read = 0;
  #partnerRead = 0;
  #prefs = { Own: 0, FirstSeq: 1, Archived: false, MarkedUnread: false };
  #hear: ((fact: Fact) => void) | undefined;
  #page: (page: Page) => void = () => undefined;

  constructor(private readonly numbered: boolean) {}

  isOpen = true;
  open(): void {}
  close(): void {}

  onPage(heard: (page: Page) => void): void {
    this.#page = heard;
  }

  cut(): void {
    this.#hear = undefined;
  }

  connect(hear: (fact: Fact) => void): void {
    this.#hear = hear;
    this.#tell("user-id", { userId: ME.id, userName: ME.name });
    const row = {
      _id: "chat",
      Partner: "Ann",
      PartnerId: "ann",
      LastChat: time(this.#rows.length),
      LastSeq: this.#rows.length,
      ReadSeq: this.#read,
      Unread: this.#unread(),
      Mentioned: this.#mentioned(),
    };
    this.#tell("personal-chat-list", { PersonalChatList: [{ ...row, ...this.#numbers(), ...this.#preferences() }] });
    this.#tell("group-chat-list", { GroupChatList: [] });
    hear({ is: "connection", state: "open" });
  }

  carryOut(deed: Deed): void {
    if (deed.do === "say") {
      const row: Row = {
        Seq: this.#rows.length + 1,
        SenderId: deed.mine ? "me" : "ann",
        Content: `text ${this.#rows.length}`,
        Rev: 0,
        Edits: 0,
        ...(deed.calls ? { Mentions: ["me"] } : {}),
        ...(deed.holds ? { Attachments: [FILE] } : {}),
      };
      this.#rows.push(row);
      if (deed.mine) this.#unmark();
      return this.#tell(deed.mine ? "sent-personal-message" : "receive-personal-message", this.#live(row));
    }
    if ("on" in deed && !("seq" in deed))
      return this.#prefer(deed.do === "archive" ? { Archived: deed.on } : { MarkedUnread: deed.on });
    const row = this.#rows[deed.seq % Math.max(1, this.#rows.length)];
    if (row === undefined || row.Seq < this.#prefs.FirstSeq) return;
    switch (deed.do) {
      case "edit":
        if (row.DeletedAt !== undefined) return;
        row.Edits += 1;
        row.Content = `edited ${this.#rev}`;
        row.Mentions = row.Mentions === undefined ? ["all"] : undefined;
        return this.#changed(row);
      case "erase":
        if (row.DeletedAt !== undefined) return;
        row.DeletedAt = time(row.Seq);
        row.Content = "";
        row.Mentions = undefined;
        row.Attachments = undefined;
        return this.#changed(row);
      case "star":
        if (row.DeletedAt !== undefined) return;
        return this.#marked(row, { Starred: deed.on });
      case "hide":
        return this.#marked(row, { Hidden: true });
      case "clear":
        return this.#prefer({ FirstSeq: row.Seq + 1 });
      case "read":
        this.#unmark();
        this.#read = Math.max(this.#read, row.Seq);
        return this.#tell("chat-read", {
          ChatId: "chat",
          Seq: this.#read,
          Unread: this.#unread(),
          Mentioned: this.#mentioned(),
        });
      case "readByPartner":
        this.#partnerRead = Math.max(this.#partnerRead, row.Seq);
        return this.#tell("read-personal-msg-ack", { ChatId: "chat", Reader: "ann", Seq: this.#partnerRead });
    }
  }

  async ask(
    event: string,
    payload: {
      Before?: number;
      Limit?: number;
      Chats?: Record<string, number | { Seq: number; Rev: number; Own: number }>;
    },
  ): Promise<Answer> {
    if (this.#hear === undefined) return { ok: false, refusal: { code: "offline", message: "" } };
    if (event === "sync")
      return { ok: true, body: { Ok: true, Gone: [], Chats: [this.#caught(payload.Chats?.["chat"]), this.#notes()] } };
    const before = payload.Before ?? this.#rows.length + 1;
    const limit = Math.min(payload.Limit ?? 50, 7);
    const shown = this.#visible()
      .filter((row) => row.Seq < before)
      .slice(-limit);
    const page = {
      ChatId: "chat",
      UserId: "me",
      User: "Me",
      Partner: "Ann",
      HasMore: shown[0] !== undefined && shown[0].Seq > this.#prefs.FirstSeq,
      Messages: shown.toReversed().map((row) => this.#paged(row)),
      ...this.#numbers(),
      ...(this.numbered ? { FirstSeq: this.#prefs.FirstSeq } : {}),
    };
    const heard = decode("personal-chat", page, ME, 0);
    if (heard?.is === "page") this.#page(heard.page);
    return { ok: true, body: { Ok: true } };
  }

  #notes() {
    return { Id: "me", Kind: "Self", LastSeq: 0, Messages: [], HasMore: false };
  }

  #caught(named: number | { Seq: number; Rev: number; Own: number } | undefined) {
    const at = typeof named === "number" || named === undefined ? { Seq: named ?? 0 } : named;
    const missed = this.#visible().filter((row) => row.Seq > at.Seq);
    const messages = missed.slice(0, 5).map((row) => this.#live(row, true));
    const row = {
      Id: "chat",
      Kind: "Personal",
      LastSeq: this.#rows.length,
      Messages: messages,
      HasMore: missed.length > 5,
    };
    if (!("Rev" in at)) return { ...row, ...this.#numbers() };
    const changed = this.#visible()
      .filter((one) => one.Seq <= at.Seq && one.Rev > at.Rev)
      .sort((one, other) => one.Rev - other.Rev);
    const marked = this.#visible()
      .filter((one) => one.Seq <= at.Seq && (one.My?.Own ?? 0) > at.Own)
      .sort((one, other) => (one.My?.Own ?? 0) - (other.My?.Own ?? 0));
    const more = changed.length > 3 || marked.length > 3;
    return {
      ...row,
      Rev: changed.length > 3 ? (changed[2]?.Rev ?? 0) : this.#rev,
      Own: marked.length > 3 ? (marked[2]?.My?.Own ?? 0) : this.#own,
      Changed: changed.slice(0, 3).map((one) => this.#live(one, true)),
      Mine: marked.slice(0, 3).map((one) => ({ Seq: one.Seq, My: one.My })),
      ChangedMore: more,
      FirstSeq: this.#prefs.FirstSeq,
      ...(this.#prefs.Own > at.Own ? this.#preferences() : {}),
    };
  }

  #numbers() {
    return this.numbered ? { Rev: this.#rev, Own: this.#own } : {};
  }

  #live(row: Row, isToMe = false) {
    const { My, Edits, Rev, ...rest } = row;
    const marks =
      isToMe && My !== undefined ? { My: row.DeletedAt === undefined ? My : { Own: My.Own, Hidden: My.Hidden } } : {};
    return {
      ...rest,
      Sender: row.SenderId === "me" ? "Me" : "Ann",
      _id: `id-${row.Seq}`,
      Timestamp: time(row.Seq),
      ChatId: "chat",
      ...(Rev > 0 ? { Rev } : {}),
      ...(Edits > 0 && row.DeletedAt === undefined ? { Edits } : {}),
      ...marks,
    };
  }

  #paged(row: Row) {
    const { SenderId, Sender: _, ...rest } = this.#live(row, true);
    const read = row.SenderId === "ann" || this.#partnerRead >= row.Seq;
    return { ...rest, Sender: SenderId, ReadStatus: { me: "Read", ann: read ? "Read" : "Unread" } };
  }

  #changed(row: Row): void {
    this.#rev += 1;
    row.Rev = this.#rev;
    this.#tell("message-changed", {
      ChatId: "chat",
      Rev: this.#rev,
      What: "Edited",
      By: "ann",
      Message: this.#live(row),
    });
  }

  #marked(row: Row, marks: { Starred?: boolean; Hidden?: boolean }): void {
    this.#own += 1;
    row.My = { ...row.My, ...marks, Own: this.#own };
    this.#tell("message-mine", { ChatId: "chat", Seq: row.Seq, My: row.My });
  }

  #preferences() {
    return this.numbered ? { Prefs: this.#prefs } : {};
  }

  #prefer(change: Partial<{ FirstSeq: number; Archived: boolean; MarkedUnread: boolean }>): void {
    this.#own += 1;
    this.#prefs = { ...this.#prefs, ...change, Own: this.#own };
    this.#tell("chat-prefs", { ChatId: "chat", Prefs: this.#prefs });
  }

  /** One has looked there: it is marked no more. */
  #unmark(): void {
    if (this.#prefs.MarkedUnread) this.#prefer({ MarkedUnread: false });
  }

  #visible(): Row[] {
    return this.#rows.filter((row) => row.Seq >= this.#prefs.FirstSeq);
  }

  #waiting(): Row[] {
    return this.#visible().filter(
      (row) => row.Seq > this.#read && row.SenderId !== "me" && row.DeletedAt === undefined && row.My?.Hidden !== true,
    );
  }

  #unread(): number {
    return this.#waiting().length;
  }

  #mentioned(): number {
    return this.#waiting().filter((row) => row.Mentions !== undefined).length;
  }

  #tell(event: string, payload: object): void {
    const heard = decode(event, payload, ME, 0);
    if (heard?.is === "fact") this.#hear?.(heard.fact);
  }
}
