/** The emoji of a language, by name and by search. Where a language has no data, English has. */
import Database from "emoji-picker-element/database";
import de from "emoji-picker-element-data/de/cldr/data.json?url";
import en from "emoji-picker-element-data/en/cldr/data.json?url";
import ja from "emoji-picker-element-data/ja/cldr/data.json?url";

export interface Emoji {
  readonly unicode: string;
  readonly name: string;
}

const SOURCES: Readonly<Record<string, string>> = { en, de, ja };
const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8];
const MOST = 400;

const databases = new Map<string, Database>();

function databaseOf(language: string): Database {
  const locale = Object.hasOwn(SOURCES, language) ? language : "en";
  const known = databases.get(locale);
  if (known !== undefined) return known;
  const opened = new Database({ locale, dataSource: SOURCES[locale] ?? en });
  databases.set(locale, opened);
  return opened;
}

export async function findEmoji(language: string, text: string): Promise<Emoji[]> {
  const database = databaseOf(language);
  const found =
    text.length > 1
      ? await database.getEmojiBySearchQuery(text)
      : (await Promise.all(GROUPS.map((group) => database.getEmojiByGroup(group)))).flat();
  return found
    .slice(0, text.length > 1 ? MOST : undefined)
    .flatMap((one) =>
      "unicode" in one && one.unicode !== undefined
        ? [{ unicode: one.unicode, name: one.annotation ?? one.unicode }]
        : [],
    );
}
