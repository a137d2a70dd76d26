/** Which language is spoken, and its words, loaded when they are needed. */
import { en, type Words } from "./en.ts";
import { Say } from "./say.ts";

export interface Speech {
  readonly words: Words;
  readonly say: Say;
  /** The language's tag for the page. */
  readonly tag: string;
  readonly direction: "ltr" | "rtl";
}

type Loader = () => Promise<(say: Say) => Words>;

/** Languages, each by its own name. */
export const LANGUAGES: Readonly<Record<string, { readonly name: string; readonly load: Loader }>> = {
  en: { name: "English", load: async () => en },
  de: { name: "Deutsch", load: async () => (await import("./de.ts")).de },
  ar: { name: "العربية", load: async () => (await import("./ar.ts")).ar },
  ja: { name: "日本語", load: async () => (await import("./ja.ts")).ja },
};

/** The chosen language, or the first of the browser's that is spoken here. */
export function languageOf(chosen: string, browsers: readonly string[]): string {
  if (Object.hasOwn(LANGUAGES, chosen)) return chosen;
  const spoken = browsers.map((tag) => tag.split("-")[0] ?? "").find((tag) => Object.hasOwn(LANGUAGES, tag));
  return spoken ?? "en";
}

/** Days and times follow the browser where it speaks the same language: `en-GB` says them in its own way. */
export async function speech(chosen: string, browsers: readonly string[]): Promise<Speech> {
  const language = languageOf(chosen, browsers);
  const tag =
    browsers.find((browser) => browser.split("-")[0] === language) ?? (language === "en" ? "en-US" : language);
  const say = new Say(tag);
  const load = LANGUAGES[language]?.load ?? (async () => en);
  return { words: (await load())(say), say, tag, direction: language === "ar" ? "rtl" : "ltr" };
}
