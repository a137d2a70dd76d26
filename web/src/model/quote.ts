/** What an answer shows of the message that it answers. */
import type { Message, Quote } from "./model.ts";

/** As much of a text as the server tells in a quote. */
const SHOWN = 120;

/** The newest copy of the original, if there is one here, else what came with the answer. Whoever hid it has no copy of its text. */
export function quoteOf(told: Quote | undefined, original: Message | undefined): Quote | undefined {
  if (told === undefined || original === undefined || told.unavailable === true || original.mine?.hidden === true)
    return told;
  const { seq, sender, senderName, text, attachments } = original;
  if (original.deletedAt !== undefined) return { seq, deleted: true };
  const begin = [...text.slice(0, 2 * SHOWN)].slice(0, SHOWN).join("");
  return { seq, sender, senderName, text: begin, ...(attachments === undefined ? {} : { hasFile: true }) };
}
