/** What was found in a text, and where to look at it. */

/** Where something stands in a text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

export interface Cut {
  readonly text: string;
  readonly isFound: boolean;
}

/** So much stands before the first match, and in all. */
const BEFORE = 40;
const MOST = 280;

/** A piece of a text around the first match, cut where matches begin and end. */
export function excerpt(text: string, ranges: readonly Range[]): Cut[] {
  const first = ranges[0]?.start ?? 0;
  const from = first > BEFORE ? startOfWord(text, first - BEFORE, first) : 0;
  const to = wholeLetter(text, Math.min(text.length, from + MOST));
  const cuts: Cut[] = [];
  let at = from;
  const add = (end: number, isFound: boolean) => {
    if (end > at) cuts.push({ text: text.slice(at, end), isFound });
    at = Math.max(at, end);
  };
  if (from > 0) cuts.push({ text: "…", isFound: false });
  for (const { start, length } of ranges) {
    add(Math.min(start, to), false);
    add(Math.min(start + length, to), true);
  }
  add(to, false);
  if (to < text.length) cuts.push({ text: "…", isFound: false });
  return cuts;
}

/** After the first space, if there is one before the match. */
function startOfWord(text: string, from: number, before: number): number {
  const space = text.slice(from, before).search(/\s/u);
  return space < 0 ? wholeLetter(text, from) : from + space + 1;
}

/** Never between the halves of a letter. */
function wholeLetter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

const LONGEST = 256;
const WORDS = 8;

/** Whether the server would refuse a search because of its length. */
export function asksTooMuch(text: string): boolean {
  return [...text].length > LONGEST || text.split(/[^\p{L}\p{M}\p{N}_]+/u).filter((word) => word !== "").length > WORDS;
}
