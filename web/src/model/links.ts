/** Which parts of a text are addresses. Loaded with the first text that may hold one. */
import { LinkifyIt } from "linkify-it";
import type { Found } from "./text.ts";

const finder = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
finder.add("ftp:", null).add("//", null);

const ALLOWED = /^(https?|mailto):/i;

export function addressesIn(text: string): Found[] {
  return (finder.match(text) ?? [])
    .filter(({ url }) => ALLOWED.test(url))
    .map(({ index, lastIndex, url }) => ({ from: index, to: lastIndex, href: url }));
}
