/** A text as words, links, marks and names. Nothing of it is ever HTML. */

export type Piece =
  | { readonly is: "text" | "code" | "block" | "name"; readonly text: string }
  | { readonly is: "link"; readonly text: string; readonly href: string }
  | { readonly is: "bold" | "italic" | "struck" | "quote"; readonly pieces: readonly Piece[] };

/** An address in a text: where it stands, and where it leads. */
export interface Found {
  readonly from: number;
  readonly to: number;
  readonly href: string;
}

export type Finder = (text: string) => readonly Found[];

/** Whether there can be an address: most texts have none, and that is seen at once. */
export function mayHoldAddress(text: string): boolean {
  return /https?:|mailto:/i.test(text);
}

/** What stands alone in a block is its code, and no name of a language. */
const FENCE = /```(?:[\w-]*\n(?!```))?([\s\S]*?)\n?```\n?/g;
const QUOTE = /^(?:> .*(?:\n|$))+/gm;

/** Marks stand close to what they mark, and not inside of words. */
const MARKS: readonly (readonly ["code" | "bold" | "struck" | "italic", RegExp])[] = [
  ["code", /`([^`\n]+)`/],
  ["bold", /(?<![\p{L}\p{N}*])\*\*(?=[^\s*])([^\n]*?[^\s*])\*\*(?![\p{L}\p{N}*])/u],
  ["struck", /(?<![\p{L}\p{N}~])~~(?=[^\s~])([^\n]*?[^\s~])~~(?![\p{L}\p{N}~])/u],
  ["italic", /(?<![\p{L}\p{N}*])\*(?=[^\s*])([^\n*]*?[^\s*])\*(?![\p{L}\p{N}*])/u],
];

/** What else is needed to cut a text into pieces. */
interface Given {
  /** Those of the people that it mentions. */
  readonly names: readonly string[];
  readonly find: Finder;
}

/** The pieces of a text. */
export function pieces(text: string, names: readonly string[] = [], find: Finder = () => []): Piece[] {
  const given = { names, find };
  return split(
    text,
    FENCE,
    ([, code = ""]) => ({ is: "block", text: code }),
    (rest) =>
      split(
        rest,
        QUOTE,
        ([quote]) => ({ is: "quote", pieces: inline(quote.replace(/^> /gm, "").replace(/\n$/, ""), given) }),
        (line) => inline(line, given),
      ),
  );
}

/** Cuts a text at all matches; what lies between is asked for further. */
function split(
  text: string,
  pattern: RegExp,
  found: (match: RegExpMatchArray) => Piece,
  between: (text: string) => Piece[],
): Piece[] {
  const all: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) all.push(...between(text.slice(at, match.index)));
    all.push(found(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) all.push(...between(text.slice(at)));
  return all;
}

/** Links first, so that a mark in an address is a part of it; then marks, then names. */
function inline(text: string, { names, find }: Given): Piece[] {
  const all: Piece[] = [];
  let at = 0;
  const code = [...text.matchAll(/`[^`\n]+`/g)].map((match) => [match.index, match.index + match[0].length] as const);
  for (const { from, to, href } of mayHoldAddress(text) ? find(text) : []) {
    if (code.some(([start, end]) => from >= start && from < end)) continue;
    if (from > at) all.push(...marked(text.slice(at, from), names));
    all.push({ is: "link", text: text.slice(from, to), href });
    at = to;
  }
  if (at < text.length) all.push(...marked(text.slice(at), names));
  return all;
}

function marked(text: string, names: readonly string[]): Piece[] {
  const first = MARKS.map(([is, pattern]) => ({ is, match: pattern.exec(text) }))
    .filter((one): one is typeof one & { match: RegExpExecArray } => one.match !== null)
    .sort((one, other) => one.match.index - other.match.index)[0];
  if (first === undefined) return named(text, names);
  const { is, match } = first;
  const inner = match[1] ?? "";
  const piece: Piece = is === "code" ? { is, text: inner } : { is, pieces: marked(inner, names) };
  return [
    ...named(text.slice(0, match.index), names),
    piece,
    ...marked(text.slice(match.index + match[0].length), names),
  ];
}

function named(text: string, names: readonly string[]): Piece[] {
  if (text === "") return [];
  const found = names
    .map((name) => ({ name: `@${name}`, at: text.indexOf(`@${name}`) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at || other.name.length - one.name.length)[0];
  if (found === undefined) return [{ is: "text", text }];
  const { name, at } = found;
  return [...named(text.slice(0, at), []), { is: "name", text: name }, ...named(text.slice(at + name.length), names)];
}

const EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;
/** Most texts are none, and that is seen at once. */
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/** Up to three emoji and nothing else. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 100 && PICTURE.test(text) && EMOJI.test(text);
}

const encoder = new TextEncoder();

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Beyond so many characters a text is folded. */
export const FOLD = 4_000;
