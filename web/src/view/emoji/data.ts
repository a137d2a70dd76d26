/** The emoji of a language, by name and by search. Where a language has no data, English has. */

export interface Emoji {
  readonly unicode: string;
  readonly name: string;
}

interface Entry extends Emoji {
  /** Its name and what else it is called, small, a blank before each word. */
  readonly words: string;
}

/** A row of the data, as far as it is used. */
interface Row {
  readonly emoji: string;
  readonly annotation: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly order?: number;
}

type Loader = () => Promise<{ readonly default: unknown }>;

const LOADERS: Readonly<Record<string, Loader>> = {
  en: () => import("emoji-picker-element-data/en/cldr/data.json"),
  de: () => import("emoji-picker-element-data/de/cldr/data.json"),
  ja: () => import("emoji-picker-element-data/ja/cldr/data.json"),
};
/** Parts of emoji, such as tones of skin, are no choice. */
const COMPONENTS = 2;

const known = new Map<string, Promise<readonly Entry[]>>();

function entriesOf(language: string): Promise<readonly Entry[]> {
  const locale = Object.hasOwn(LOADERS, language) ? language : "en";
  const loaded = known.get(locale) ?? load(locale);
  known.set(locale, loaded);
  // A network that was away may be back the next time.
  loaded.catch(() => known.delete(locale));
  return loaded;
}

async function load(locale: string): Promise<readonly Entry[]> {
  const rows = (await LOADERS[locale]?.())?.default as readonly Row[] | undefined;
  return (rows ?? [])
    .filter((row) => row.group !== undefined && row.group !== COMPONENTS)
    .sort((one, other) => (one.group ?? 0) - (other.group ?? 0) || (one.order ?? 0) - (other.order ?? 0))
    .map(({ emoji, annotation, tags = [] }) => ({
      unicode: emoji,
      name: annotation,
      words: ` ${[annotation, ...tags].join(" ").toLocaleLowerCase(locale)}`,
    }));
}

/** Every word of the text begins one of the emoji's words; what is written without blanks may be found anywhere. */
export async function findEmoji(language: string, text: string): Promise<readonly Emoji[]> {
  const wanted = text
    .toLocaleLowerCase(language)
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => (language === "ja" ? word : ` ${word}`));
  return (await entriesOf(language)).filter(({ words }) => wanted.every((word) => words.includes(word)));
}
