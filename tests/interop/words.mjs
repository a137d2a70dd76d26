// What a search of messages finds, as its rules say and without any index: how a text is cut into words, how words are compared, and
// which places of a text match.

/// A run of these scripts is a word of its own, and is found by any part of it.
const SCRIPTS = "Han Hiragana Katakana Hangul Thai Lao Khmer Myanmar".split(" ");
const IN_RUN = new RegExp(`[${SCRIPTS.map((script) => `\\p{Script=${script}}`).join("")}ー々]`, "u");
const LETTER = /[\p{L}\p{M}\p{Nd}_]/u;
const MARK = /\p{M}/u;
/// A character as people see it: marks, and the parts of a Hangul syllable or of a narrow kana, belong to what stands before them.
const CHARACTER = /.[\p{M}\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f]*/gsu;
const SHOWN = 20;

/// Full case folding: whatever differs in case alone becomes the same. The dotless i has no partner in it.
function caseless(text) {
  const fold = (letter) => (letter === "ı" ? letter : letter.toLowerCase().toUpperCase().toLowerCase());
  return Array.from(text, fold).join("");
}

/// A text as it is compared.
export function folded(text) {
  const apart = caseless(text.normalize("NFKC")).normalize("NFD");
  return apart.replace(/[\u0300-\u036f]/g, "").normalize("NFC");
}

/// The words of a text. The letter `letters[i]` of a word comes from the text between `from[i]` and `to[i]`.
export function words(text) {
  const found = [];
  let open;
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    for (const letter of folded(character)) {
      if (!LETTER.test(letter)) {
        open = undefined;
        continue;
      }
      const run = MARK.test(letter) && open ? open.run : IN_RUN.test(letter);
      if (open?.run !== run) found.push((open = { run, letters: [], from: [], to: [] }));
      open.letters.push(letter);
      open.from.push(index);
      open.to.push(index + character.length);
    }
  }
  return found;
}

/// What a query asks for: groups of words that must follow each other, most of them of one word. Of the last word it may say that its
/// beginning is enough.
export function asked(query) {
  const parts = query.split('"');
  // A quotation mark without a partner is ignored.
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join(" "));
  const groups = [];
  for (const [at, part] of parts.entries()) {
    const cut = words(part);
    if (at % 2 === 1 && cut.length > 0) groups.push(cut);
    if (at % 2 === 0) groups.push(...cut.map((word) => [word]));
    const open = at % 2 === 0 && at === parts.length - 1 && cut.at(-1);
    if (open) open.beginning = !/^\s/u.test(part.slice(open.to.at(-1)));
  }
  return groups;
}

/// Where in a word of the text a word of the query stands, as pairs of places in `letters`.
function within(word, sought) {
  if (word.run !== sought.run) return [];
  const { length } = sought.letters;
  const at = (start) => sought.letters.every((letter, n) => word.letters[start + n] === letter);
  if (!word.run) return at(0) && (sought.beginning || word.letters.length === length) ? [[0, length]] : [];
  return word.letters.map((_, start) => [start, start + length]).filter(([start]) => at(start));
}

/// The places of a group in a text: for each a range for every word of it, in UTF-16 units.
function places(text, group) {
  const cut = words(text);
  const found = [];
  for (const first of cut.keys()) {
    const each = group.map((sought, n) => (cut[first + n] ? within(cut[first + n], sought) : []));
    if (each.some((places) => places.length === 0)) continue;
    for (const [n, places] of each.entries()) {
      const { from, to } = cut[first + n];
      for (const [start, end] of places) found.push([from[start], to[end - 1]]);
    }
  }
  return found;
}

/// The ranges of `content` that match, if it and the `names` beside it match as a whole; else undefined.
export function ranges(query, content, names = []) {
  const groups = asked(query);
  const found = (group) => [content, ...names].some((text) => places(text, group).length > 0);
  return groups.every(found) ? joined(groups.flatMap((group) => places(content, group))) : undefined;
}

/// As an answer shows them: ascending, those that overlap joined, the first few, each as its start and length.
function joined(found) {
  const all = [];
  for (const [start, end] of found.sort(([a, b], [c, d]) => a - c || b - d)) {
    const last = all.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all.slice(0, SHOWN).map(([start, end]) => [start, end - start]);
}
