// The page that Prometheus reads, as numbers by name and labels.

export class Numbers {
  #samples = [];

  constructor(page) {
    for (const line of page.split("\n")) {
      const [, name, , labels = "", value] = /^([a-z_]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name) this.#samples.push({ name, labels: parsed(labels), value: Number(value) });
    }
  }

  /// The sum of all samples of this name that have these labels.
  of(name, labels = {}) {
    const fits = (sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
    return this.#samples
      .filter((sample) => sample.name === name && fits(sample))
      .reduce((sum, sample) => sum + sample.value, 0);
  }

  get names() {
    return new Set(this.#samples.map((sample) => sample.name));
  }

  /// Every value that a label has.
  get values() {
    return new Set(this.#samples.flatMap((sample) => Object.values(sample.labels)));
  }
}

const parsed = (labels) => Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
