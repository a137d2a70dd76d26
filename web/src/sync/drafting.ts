/** Saves drafts once nothing was typed for a moment, and at once when the page may go. */
import type { Drafts } from "../keep/drafts.ts";
import type { Id } from "../model/model.ts";
import type { Clock } from "./ports.ts";

const PAUSE = 300;

export class Drafting {
  /** Drafts that wait for a pause in typing, and what calls that off. */
  readonly #typing = new Map<Id, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly kept: () => Drafts | undefined,
  ) {}

  typed(chat: Id, text: string): void {
    this.kept()?.typed(chat, text, this.clock.now());
    this.callOff(chat);
    this.#typing.set(
      chat,
      this.clock.after(PAUSE, () => this.#save(chat)),
    );
  }

  /** Another tab has a newer one. */
  overtaken(chat: Id): void {
    this.callOff(chat);
    this.kept()?.overtaken(chat);
  }

  saveAll(): void {
    this.kept()?.saveAtOnce();
    for (const chat of [...this.#typing.keys()]) this.#save(chat);
  }

  callOff(chat: Id): void {
    this.#typing.get(chat)?.();
    this.#typing.delete(chat);
  }

  stop(): void {
    for (const chat of [...this.#typing.keys()]) this.callOff(chat);
  }

  #save(chat: Id): void {
    this.callOff(chat);
    void this.kept()
      ?.save(chat)
      .catch(() => undefined);
  }
}
