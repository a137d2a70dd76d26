/** A localStorage for tests, and a clock whose time passes when the test says so. */
import type { Shelf } from "../src/keep/drafts.ts";
import type { Clock } from "../src/sync/ports.ts";

export class MemoryShelf implements Shelf {
  readonly #all = new Map<string, string>();

  get length(): number {
    return this.#all.size;
  }

  key(index: number): string | null {
    return [...this.#all.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#all.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#all.set(key, value);
  }

  removeItem(key: string): void {
    this.#all.delete(key);
  }
}

export class StillClock implements Clock {
  #now = 0;
  #waiting: { readonly due: number; readonly work: () => void }[] = [];

  now = () => this.#now;
  random = () => 1;

  after(milliseconds: number, work: () => void): () => void {
    const one = { due: this.#now + milliseconds, work };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#waiting.filter((one) => one.due <= this.#now);
    this.#waiting = this.#waiting.filter((one) => one.due > this.#now);
    for (const { work } of due) work();
  }
}
