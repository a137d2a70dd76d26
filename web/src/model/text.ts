/** A text as words and links. Nothing of it is ever HTML. */
import { LinkifyIt } from "linkify-it";

export type Piece =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "link"; readonly text: string; readonly href: string };

const finder = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
finder.add("ftp:", null).add("//", null);

const ALLOWED = /^(https?|mailto):/i;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of finder.match(text) ?? []) {
    if (!ALLOWED.test(match.url)) continue;
    if (match.index > at) found.push({ is: "text", text: text.slice(at, match.index) });
    found.push({ is: "link", text: text.slice(match.index, match.lastIndex), href: match.url });
    at = match.lastIndex;
  }
  if (at < text.length) found.push({ is: "text", text: text.slice(at) });
  return found;
}

const EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

/** Up to three emoji and nothing else. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 100 && EMOJI.test(text);
}

const encoder = new TextEncoder();

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Beyond so many characters a text is folded. */
export const FOLD = 4_000;
