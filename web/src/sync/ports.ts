/** What this room needs of the world. Tests bring their own. */

export interface Clock {
  now(): number;
  /** Calls back after a while, unless it is called off before. */
  after(milliseconds: number, work: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
}

export const CLOCK: Clock = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Pauses between tries: each twice the one before, up to a bound, and none like another's. */
export class Pause {
  #tries = 0;

  constructor(private readonly clock: Clock) {}

  next(atLeast = 0): number {
    const bound = Math.min(5_000, 500 * 2 ** this.#tries);
    this.#tries += 1;
    return Math.max(atLeast, bound * (0.75 + 0.25 * this.clock.random()));
  }

  reset(): void {
    this.#tries = 0;
  }
}
