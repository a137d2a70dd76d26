/** Connects, and keeps what is known up to date: lists, then what was missed, then what waits to be sent. */
import type { Fact } from "../model/fact.ts";
import { done, type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import type { Chat, Id, Person } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { endOf } from "../model/window.ts";
import type { Awake } from "../tabs/awake.ts";
import type { Heard } from "../wire/decode.ts";
import type { Http } from "../wire/http.ts";
import type { Listener, Wire } from "../wire/socket.ts";
import { catchUp } from "./catch-up.ts";
import { Drain } from "./drain.ts";
import { Opened } from "./opened.ts";
import { Pages } from "./pages.ts";
import { type Clock, Pause } from "./ports.ts";
import { Presence } from "./presence.ts";
import { Seen } from "./seen.ts";
import type { Wishes } from "./wishes.ts";

const CROWDED = "Too many connections";

/** After these there is perhaps something to be sent. */
const DRAINS: readonly Fact["is"][] = ["queued", "again", "uploaded", "notUploaded", "discarded"];

/** What others do for the conductor. */
export interface Around {
  readonly store: Store;
  readonly http: Http;
  readonly clock: Clock;
  readonly awake: Awake;
  /** Somebody is logged in: their cache is loaded before anything is heard. */
  entered(me: Person): Promise<void>;
  /** Nobody is logged in any more, or never was. */
  ended(reason: string | undefined): void;
  strange(error: unknown): void;
}

export class Conductor implements Listener {
  readonly pages: Pages;
  readonly #opened: Opened;
  #wishes: Wishes | undefined;
  readonly #drain: Drain;
  readonly #seen: Seen;
  readonly #presence: Presence;
  readonly #pause: Pause;
  readonly #wire: Wire;
  #callOff: (() => void) | undefined;
  #isOn = false;
  #isAsking = false;
  #isCatchingUp = false;
  /** Chats that are shown, and those whose members and reads were fetched on this connection. */
  readonly #shown = new Set<Id>();
  readonly #fresh = new Set<Id>();

  constructor(
    private readonly around: Around,
    wireFor: (listener: Listener) => Wire,
  ) {
    const { store, clock, awake } = around;
    this.#wire = wireFor(this);
    this.pages = new Pages(store, this.#wire);
    this.#opened = new Opened(store, this.#wire);
    this.#drain = new Drain(store, this.#wire, clock);
    this.#seen = new Seen(store, this.#wire, clock);
    this.#presence = new Presence(store, this.#wire, clock);
    this.#pause = new Pause(clock);
    awake.onOnline(() => this.#hasten());
    store.listen((model, fact) => {
      if (model.current && Object.values(model.chats).some((chat) => chat.gap)) void this.#catchUp();
      if (DRAINS.includes(fact.is)) this.#drain.run();
    });
  }

  /** Begins to hold a connection, and holds it until it is told to stop. */
  start(): void {
    this.#isOn = true;
    void this.#connect();
  }

  stop(): void {
    this.#isOn = false;
    this.#callOff?.();
    this.#wire.close();
    this.around.store.tell({ is: "connection", state: "connecting" });
  }

  async want(intent: Intent): Promise<Outcome> {
    switch (intent.want) {
      case "open":
        return await this.#open(intent.chat, intent.seq);
      case "older":
        return await this.pages.older(intent.chat);
      case "newer":
        return await this.pages.newer(intent.chat);
      case "newest":
        return await this.pages.newest(intent.chat);
      case "around":
        return await this.pages.around(intent.chat, intent.seq);
      case "seen":
        this.#seen.seen(intent.chat, intent.seq);
        return done();
      case "typing":
        this.#presence.typing(intent.chat, intent.on);
        return done();
      case "close":
        this.#shown.delete(intent.chat);
        this.around.store.tell({ is: "closed", chat: intent.chat });
        return done();
      default:
        return await this.#wish(intent);
    }
  }

  async #wish(intent: Intent): Promise<Outcome> {
    const loaded = await import("./wishes.ts").catch(() => undefined);
    if (loaded === undefined) return refusedWith("offline");
    this.#wishes ??= new loaded.Wishes(this.around.store, this.#wire, this.#opened);
    return await this.#wishes.want(intent);
  }

  heard(heard: Heard): void {
    switch (heard.is) {
      case "page":
        return this.pages.heard(heard.page);
      case "people":
        return this.#wishes?.heard(heard.people);
      case "ended":
        return this.#refused(heard.reason);
      case "token":
        void this.around.http.post("/update-access-token", { acessToken: heard.token });
        return;
      case "fact":
        this.around.store.tell(heard.fact);
        if (heard.fact.is === "list" && heard.fact.kind === "Group" && !this.around.store.model.current)
          void this.#listed();
    }
  }

  opened(): void {
    this.#pause.reset();
  }

  closed(): void {
    this.#fresh.clear();
    this.#presence.reset();
    if (!this.#isOn) return;
    const { store } = this.around;
    if (store.model.connection !== "crowded") store.tell({ is: "connection", state: "offline" });
    if (store.model.connection !== "crowded") this.#later();
  }

  strange(error: unknown): void {
    this.around.strange(error);
  }

  async #connect(): Promise<void> {
    if (!this.#isOn || this.#wire.isOpen || this.#isAsking) return;
    this.#callOff?.();
    this.#isAsking = true;
    const who = await this.around.http.me().catch((): Awaited<ReturnType<Http["me"]>> => ({ state: "unknown" }));
    this.#isAsking = false;
    if (!this.#isOn) return;
    if (who.state === "out") return this.around.ended(undefined);
    if (who.state !== "in") return this.closed();
    await this.around.entered(who.me);
    this.around.store.tell({ is: "me", me: who.me });
    this.#wire.open();
  }

  #later(): void {
    this.#callOff?.();
    this.#callOff = this.around.clock.after(this.#pause.next(), () => void this.#connect());
  }

  /** The browser says that it may go better now: the next try is now. */
  #hasten(): void {
    if (this.#isOn && this.around.store.model.connection === "offline" && this.around.awake.isVisible())
      void this.#connect();
  }

  #refused(reason: string): void {
    if (reason === CROWDED) return this.around.store.tell({ is: "connection", state: "crowded" });
    this.#isOn = false;
    this.around.ended(reason);
  }

  async #listed(): Promise<void> {
    this.around.store.tell({ is: "connection", state: "open" });
    await this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    const isComplete = await catchUp(this.around.store, this.#wire).catch((error) => {
      this.strange(error);
      return true;
    });
    this.#isCatchingUp = false;
    if (!isComplete || !this.#wire.isOpen) return this.#again();
    this.around.store.tell({ is: "current" });
    void this.#opened.blocks();
    this.#drain.run();
    this.#seen.run();
    for (const id of this.#shown) {
      if (!this.#fresh.has(id)) void this.pages.refresh(id).then((outcome) => this.#refreshed(id, outcome));
    }
  }

  /** It was refused while the connection stands: a little later once more. */
  #again(): void {
    if (this.#wire.isOpen) this.around.clock.after(this.#pause.next(), () => void this.#catchUp());
  }

  /** Fetches what is needed to show a chat: around a message, where unread begins, or the newest. */
  async #open(id: Id, seq: number | undefined): Promise<Outcome> {
    const chat = this.around.store.model.chats[id];
    if (chat === undefined) return refusedWith("not_found");
    this.#shown.add(id);
    this.#opened.looked(id);
    const isFresh = this.#fresh.has(id);
    const wanted = seq ?? (chat.unread > FEW ? chat.readSeq + 1 : undefined);
    if (wanted !== undefined) await this.pages.around(id, wanted);
    else if (!isFull(chat)) return this.#refreshed(id, await this.pages.newest(id));
    return isFresh ? done() : this.#refreshed(id, await this.pages.refresh(id));
  }

  #refreshed(id: Id, outcome: Outcome): Outcome {
    if (outcome.ok) {
      this.#fresh.add(id);
      this.#opened.chat(id);
    }
    return outcome;
  }
}

/** So many unread messages fit on the newest page with some that were read before. */
const FEW = 25;

/** Whether the window holds a page's worth of the newest. */
function isFull(chat: Chat): boolean {
  const { window } = chat;
  const visible = chat.lastSeq + 1 - (chat.firstSeq ?? 1);
  return window !== undefined && endOf(window) > chat.lastSeq && window.messages.length >= Math.min(50, visible);
}
