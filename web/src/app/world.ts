/** What all parts of the application share while the page lives: signals, and what one likes. */
import { type Signal, signal } from "@preact/signals";
import { readTaste, TASTE_KEY, writeTaste } from "../keep/taste.ts";
import type { About } from "../model/intent.ts";
import { EMPTY, type Model } from "../model/model.ts";
import type { Taste } from "../model/taste.ts";
import { Places } from "../place/history.ts";
import type { Place } from "../place/place.ts";
import { type Speech, speech } from "../words/choose.ts";

/** Who is here: nobody knows yet, somebody, or nobody. Or a part of the page could not be loaded, and nobody will know. */
export type Session = "unknown" | "in" | "out" | "broken";

export interface World {
  readonly places: Places;
  readonly place: Signal<Place>;
  readonly speech: Signal<Speech>;
  readonly model: Signal<Model>;
  readonly taste: Signal<Taste>;
  readonly about: Signal<About | undefined>;
  readonly today: Signal<number>;
  readonly reason: Signal<string | undefined>;
  readonly alert: Signal<string | undefined>;
  readonly isMemoryOnly: Signal<boolean>;
  /** Takes a newer version over, once one waits. */
  readonly update: Signal<(() => void) | undefined>;
  readonly session: Signal<Session>;
}

export async function world(): Promise<World> {
  const taste = signal(readTaste(localStorage));
  const place = signal<Place>({ at: "chats" });
  const places = new Places(window, (next) => {
    place.value = next;
  });
  place.value = places.now;
  const spoken = signal(await speech(taste.value.language, navigator.languages));
  const today = signal(Date.now());
  untilMidnight(() => {
    today.value = Date.now();
  });
  const all: World = {
    places,
    place,
    speech: spoken,
    taste,
    today,
    model: signal<Model>(EMPTY),
    about: signal<About | undefined>(undefined),
    reason: signal<string | undefined>(undefined),
    alert: signal<string | undefined>(undefined),
    isMemoryOnly: signal(false),
    update: signal<(() => void) | undefined>(undefined),
    session: signal<Session>("unknown"),
  };
  // What one chooses in one tab holds in all.
  window.addEventListener("storage", (event) => {
    if (event.key === TASTE_KEY) void take(all, readTaste(localStorage));
  });
  return all;
}

/** Days change at midnight, and may have changed when one comes back. */
function untilMidnight(changed: () => void): void {
  const again = () => {
    const now = new Date();
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 0, 0, 1);
    setTimeout(() => {
      changed();
      again();
    }, midnight.getTime() - now.getTime());
  };
  again();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") changed();
  });
}

export async function prefer(all: World, change: Partial<Taste>): Promise<void> {
  writeTaste(localStorage, { ...all.taste.value, ...change });
  await take(all, { ...all.taste.value, ...change });
}

async function take(all: World, taste: Taste): Promise<void> {
  const before = all.taste.value;
  all.taste.value = taste;
  if (taste.theme !== before.theme) applyTheme(taste.theme);
  if (taste.language !== before.language) all.speech.value = await speech(taste.language, navigator.languages);
}

/** The same as `theme.js` does before the first paint. */
export function applyTheme(theme: Taste["theme"]): void {
  const isDark = theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
}
