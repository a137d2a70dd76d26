/** Holds the one model. Facts go in, and whoever listens hears of each change. */
import type { Fact } from "./fact.ts";
import { EMPTY, type Model } from "./model.ts";
import { reduce } from "./reduce.ts";

export class Store {
  #model: Model = EMPTY;
  readonly #listeners: ((model: Model, fact: Fact, before: Model) => void)[] = [];

  get model(): Model {
    return this.#model;
  }

  tell(fact: Fact): void {
    const before = this.#model;
    this.#model = reduce(before, fact);
    if (this.#model === before) return;
    for (const listener of this.#listeners) listener(this.#model, fact, before);
  }

  listen(listener: (model: Model, fact: Fact, before: Model) => void): void {
    this.#listeners.push(listener);
  }
}
