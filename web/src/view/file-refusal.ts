/** Why a file cannot come to the server, in words. */
import type { Words } from "../words/en.ts";

/** `most`: the bytes of a file at most. */
export function fileRefusal(words: Words, code: string, most: number): string {
  if (code === "file_too_large") return words.fileIsTooLarge(most);
  return words.refusals[code] ?? words.refusals["unavailable"] ?? "";
}
