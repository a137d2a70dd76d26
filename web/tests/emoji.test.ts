/** Emoji are found by their names and by what else they are called, in the languages that have data. */
import { expect, test } from "vitest";
import { findEmoji } from "../src/view/emoji/data.ts";

const found = async (language: string, text: string) => (await findEmoji(language, text)).map((emoji) => emoji.unicode);

test("all of them, the faces first, and no tones of skin alone", async () => {
  const all = await found("en", "");
  expect(all[0]).toBe("😀");
  expect(all.length).toBeGreaterThan(1_500);
  expect(all).not.toContain("🏻");
});

test.each([
  ["en", "performing arts", "🎭\uFE0F"],
  ["en", "ARTS theat", "🎭\uFE0F"],
  ["de", "theater", "🎭\uFE0F"],
  ["ja", "笑顔", "😀"],
  ["ar", "performing", "🎭\uFE0F"],
])("in %s by %s", async (language, text, emoji) => {
  expect(await found(language, text)).toContain(emoji);
});

test("a word is found by its beginning, not by its middle", async () => {
  expect(await found("en", "erforming")).toEqual([]);
  expect(await found("en", "performing nothing")).toEqual([]);
});
