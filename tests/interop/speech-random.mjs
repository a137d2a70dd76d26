// Texts and queries by chance, of many scripts and few letters, so that they often meet.
import { asked, words } from "./words.mjs";

/// Pieces of words. Some are the same to a search, and some are more than one letter.
const SCRIPTS = {
  Latin: ["a", "A", "á", "a\u0301", "b", "ss", "ß", "ﬁ", "i", "_"],
  Greek: ["α", "Ά", "σ", "ς", "Σ", "ω"],
  Cyrillic: ["а", "А", "е", "ё", "й", "и"],
  Arabic: ["ا", "ب", "ت"],
  Hebrew: ["א", "ב", "ג"],
  Devanagari: ["क", "ख", "४"],
  Han: ["上", "海", "东", "々"],
  Kana: ["か", "が", "カ", "ー"],
  Hangul: ["한", "글", "어"],
  Thai: ["ก", "า", "ร"],
  Digits: ["0", "1", "１"],
};
const BETWEEN = [" ", " ", " ", ", ", "-", " 😀 ", "\n", "…", "/"];
const WORDS = 8;

export class Texts {
  constructor(chance) {
    this.chance = chance;
  }

  word() {
    const { chance } = this;
    const letters = SCRIPTS[chance.pick(Object.keys(SCRIPTS))];
    return Array.from({ length: 1 + chance.below(3) }, () => chance.pick(letters)).join("");
  }

  text() {
    const { chance } = this;
    const all = Array.from({ length: 1 + chance.below(6) }, () => this.word());
    return all.reduce((text, word) => text + (chance.happens(0.1) ? "" : chance.pick(BETWEEN)) + word);
  }

  /// A query that `text` often answers, but not always.
  query(text) {
    const { chance } = this;
    const cut = words(text);
    const parts = [];
    for (let n = chance.below(3); n >= 0; n -= 1) parts.push(chance.happens(0.75) ? this.#of(text, cut) : this.word());
    const query = parts.join(" ") + (chance.happens(0.3) ? " " : "");
    const count = asked(query).flat().length;
    return count >= 1 && count <= WORDS ? query : this.word();
  }

  /// A word of a text, the beginning of one, or some that follow each other.
  #of(text, cut) {
    const { chance } = this;
    const at = chance.below(cut.length);
    const written = ({ from, to }) => text.slice(from[0], to.at(-1));
    if (chance.happens(0.3)) {
      // A phrase is of words that stand apart: it is not said what follows a part of a run.
      const next = cut.slice(at, at + 1 + chance.below(3));
      if (next.every(({ run }) => !run)) return `"${next.map(written).join(" ")}"`;
    }
    const whole = written(cut[at]);
    return chance.happens(0.5) ? whole : Array.from(whole).slice(0, 1 + chance.below(2)).join("");
  }
}
