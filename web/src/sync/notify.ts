/** Notifications of the browser: of messages of others, if nobody looks at that chat, at most one a chat in five seconds. */
import { lineOf } from "../model/attachment.ts";
import type { Fact } from "../model/fact.ts";
import type { Id, Model } from "../model/model.ts";
import { isMuted } from "../model/prefs.ts";
import { calls } from "../model/reads.ts";
import type { Awake } from "../tabs/awake.ts";
import type { Clock } from "./ports.ts";

const PAUSE = 5_000;

export interface Notice {
  readonly chat: Id;
  readonly title: string;
  readonly text: string;
  /** The message's own, so that one tab alone shows it. */
  readonly lock: string;
}

export class Notifier {
  readonly #last = new Map<Id, number>();

  constructor(
    private readonly clock: Clock,
    private readonly awake: Awake,
    /** The chat that is open here, if any. */
    private readonly open: () => Id | undefined,
    private readonly show: (notice: Notice) => void,
  ) {}

  told(model: Model, fact: Fact): void {
    if (fact.is !== "said" || !model.current || fact.message.sender === model.me?.id) return;
    if (model.blocked[fact.message.sender] === true) return;
    const chat = model.chats[fact.chat];
    if (chat === undefined || chat.last?.seq !== fact.message.seq || fact.message.seq <= chat.readSeq) return;
    if (this.open() === chat.id && this.awake.isFocused()) return;
    const now = this.clock.now();
    if (isMuted(chat, now) && !calls(model, fact.message)) return;
    if (now - (this.#last.get(chat.id) ?? Number.NEGATIVE_INFINITY) < PAUSE) return;
    this.#last.set(chat.id, now);
    const { senderName, id } = fact.message;
    const text = lineOf(fact.message);
    const title = chat.kind === "Group" ? `${senderName} – ${chat.name}` : senderName;
    this.show({ chat: chat.id, title, text, lock: id });
  }
}
