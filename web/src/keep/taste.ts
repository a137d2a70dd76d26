/** Keeps what one likes in localStorage, so that it is there before the first paint. */
import { PLAIN, type Taste } from "../model/taste.ts";

export const TASTE_KEY = "greenroom-taste";

export function readTaste(storage: Pick<Storage, "getItem">): Taste {
  try {
    const kept: unknown = JSON.parse(storage.getItem(TASTE_KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return PLAIN;
    const known = Object.entries(PLAIN).map(([name, plain]) => {
      const value: unknown = (kept as Record<string, unknown>)[name];
      return [name, typeof value === typeof plain ? value : plain];
    });
    return Object.fromEntries(known) as Taste;
  } catch {
    return PLAIN;
  }
}

/** Private windows may refuse: then it holds for this page. */
export function writeTaste(storage: Pick<Storage, "setItem">, taste: Taste): void {
  try {
    storage.setItem(TASTE_KEY, JSON.stringify(taste));
  } catch {
    return;
  }
}
