// Chance that can be had again: numbers from a seed.

export class Chance {
  #state;

  constructor(seed) {
    this.seed = seed >>> 0;
    this.#state = this.seed;
  }

  /// A number from 0 up to 1 (the generator is mulberry32).
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /// A whole number from 0 to `bound - 1`.
  below(bound) {
    return Math.floor(this.next() * bound);
  }

  /// Whether something of this probability happens.
  happens(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /// A key of `weights`, each as often as its weight says.
  weighed(weights) {
    let at = this.next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    return Object.keys(weights).find((key) => (at -= weights[key]) < 0);
  }
}
