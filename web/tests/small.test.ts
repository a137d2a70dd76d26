/** Small rules: addresses, texts, days, devices, colours. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "../src/model/new-id.ts";
import { addressesIn } from "../src/model/links.ts";
import { isOnlyEmoji, type Piece, pieces } from "../src/model/text.ts";
import { pathOf, placeOf } from "../src/place/place.ts";
import { browserOf, systemOf } from "../src/view/settings/agent.ts";
import { languageOf, LANGUAGES, speech } from "../src/words/choose.ts";
import { Say } from "../src/words/say.ts";

test.each([
  "/app/",
  "/app/login",
  "/app/verify",
  "/app/new",
  "/app/new-group",
  "/app/settings",
  "/app/starred",
  "/app/chat/a-1",
  "/app/chat/a-1/7",
  "/app/chat/a-1/details",
])("an address means a place and back: %s", (path) => {
  expect(pathOf(placeOf(path))).toBe(path);
});

test.each([
  "/app/nothing",
  "/app/chat",
  "/app/chat/a/b",
  "/app/chat/a/0",
  "/app/chat/../x",
  "/elsewhere",
  "/app/login/x",
])("any other is nowhere: %s", (path) => {
  expect(placeOf(path).at).toBe("nowhere");
});

test("only known schemes are links", () => {
  const links = (text: string) =>
    pieces(text, [], addressesIn).flatMap((piece) => (piece.is === "link" ? [piece.href] : []));
  expect(links("see https://a.example/b?c=d#e, and http://b.example.")).toEqual([
    "https://a.example/b?c=d#e",
    "http://b.example",
  ]);
  expect(
    links("mailto:ann@a.example javascript:alert(1) data:text/html,x ftp://a.example //a.example a.example"),
  ).toEqual(["mailto:ann@a.example"]);
});

/** What is read aloud, without the marks. */
const words = (all: readonly Piece[]): string =>
  all.map((piece) => ("text" in piece ? piece.text : words(piece.pieces))).join("");

test("a text without marks is shown as it is written, and no text is lost but its marks", () => {
  const plain = fc.string({ unit: "grapheme" }).filter((text) => !/[`*~>]/.test(text));
  fc.assert(fc.property(plain, (text) => words(pieces(text, [], addressesIn)) === text));
  const letters = (text: string) => text.replace(/[^a-z]/g, "");
  const any = fc.string({
    unit: fc.constantFrom("a", "b", " ", "*", "**", "~~", "`", "```", "> ", "\n", "https://a.example/", "@Bo"),
  });
  // The name of a block's language is a mark, too.
  const unnamed = any.filter((text) => !/```[\w-]+\n/.test(text));
  fc.assert(fc.property(unnamed, (text) => letters(words(pieces(text, ["Bo"], addressesIn))) === letters(text)));
});

test("the few marks, and what only looks like them", () => {
  const shapes = (text: string, names: string[] = []) => pieces(text, names, addressesIn).map((piece) => piece.is);
  expect(shapes("**now** or *never*, ~~maybe~~ `x * y`")).toEqual([
    "bold",
    "text",
    "italic",
    "text",
    "struck",
    "text",
    "code",
  ]);
  expect(pieces("**a *b* c**")).toEqual([
    {
      is: "bold",
      pieces: [
        { is: "text", text: "a " },
        { is: "italic", pieces: [{ is: "text", text: "b" }] },
        { is: "text", text: " c" },
      ],
    },
  ]);
  expect(shapes("2*3*4 and a ** b ** c and snake**case**here")).toEqual(["text"]);
  expect(shapes("> said\n> so\nanswer")).toEqual(["quote", "text"]);
  expect(pieces("```js\nlet **a**;\n```")).toEqual([{ is: "block", text: "let **a**;" }]);
  expect(shapes("ask @Ann or @Annabel", ["Ann", "Annabel"])).toEqual(["text", "name", "text", "name"]);
  expect(shapes("`https://a.example` https://b.example/*x*")).toEqual(["code", "text", "link"]);
});

test("a block of one word is its code, and one of more lines may name a language first", () => {
  expect(pieces("```a\n```")).toEqual([{ is: "block", text: "a" }]);
  expect(pieces("```js\na\n```")).toEqual([{ is: "block", text: "a" }]);
});

test("up to three emoji alone are large", () => {
  for (const text of ["🎭", "👩‍👩‍👧", "🇩🇪 🇯🇵", "❤️🎭🎶"]) expect(isOnlyEmoji(text), text).toBe(true);
  for (const text of ["", "a", "🎭 yes", "1", "🎭🎭🎭🎭"]) expect(isOnlyEmoji(text), text).toBe(false);
});

test("days are called by their names", () => {
  const say = new Say("en-US");
  const now = new Date(2026, 2, 3, 12).getTime();
  const at = (year: number, month: number, day: number) => new Date(year, month, day, 23).toISOString();
  expect([at(2026, 2, 3), at(2026, 2, 2), at(2026, 1, 23), at(2025, 2, 2)].map((one) => say.day(one, now))).toEqual([
    "Today",
    "Yesterday",
    "Monday, February 23",
    "March 2, 2025",
  ]);
});

test("a moment of another year tells the year", () => {
  const say = new Say("en-US");
  const now = new Date(2026, 2, 3, 12).getTime();
  const at = (year: number, month: number, day: number) => say.when(new Date(year, month, day, 9).toISOString(), now);
  expect([at(2026, 2, 3), at(2026, 2, 9), at(2036, 2, 3)].map((one) => one.replace(/\s/g, " "))).toEqual([
    "9:00 AM",
    "Mar 9, 9:00 AM",
    "Mar 3, 2036, 9:00 AM",
  ]);
});

test("every language says everything, with its plurals", async () => {
  for (const tag of Object.keys(LANGUAGES)) {
    const { words } = await speech(tag, [tag]);
    for (const [name, value] of Object.entries(words)) {
      const said =
        typeof value === "function"
          ? [0, 1, 2, 3, 11, 100].map((n) => (value as (...all: unknown[]) => string)(n, n))
          : [value];
      for (const one of said)
        expect(
          typeof one === "object" || (typeof one === "string" && one !== "" && !one.includes("{n}")),
          `${tag} ${name}`,
        ).toBe(true);
    }
  }
  expect(languageOf("system", ["fr", "de-CH", "en"])).toBe("de");
  expect(languageOf("ja", ["de"])).toBe("ja");
  expect(languageOf("constructor", ["fr"])).toBe("en");
});

test("devices are called what people call them", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
  expect([browserOf(chrome), systemOf(chrome), browserOf(safari), systemOf(safari)]).toEqual([
    "Chrome",
    "Linux",
    "Safari",
    "iPhone",
  ]);
  expect(browserOf("curl/8.0")).toBeUndefined();
});

const THEMES = (() => {
  const css = readFileSync(new URL("../src/look/tokens.css", import.meta.url), "utf8");
  const [light, dark] = [/:root \{([^}]*)\}/, /\[data-theme="dark"\] \{([^}]*)\}/].map((block) =>
    Object.fromEntries(
      [...(block.exec(css)?.[1] ?? "").matchAll(/--([\w-]+): (#[0-9a-f]{6})\b/g)].map((match) => [match[1], match[2]]),
    ),
  );
  return { light, dark } as Record<string, Record<string, string>>;
})();

function contrast(one: string, other: string): number {
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

test.each(["light", "dark"])("words and controls are seen in the theme %s", (theme) => {
  const token = (name: string) => THEMES[theme]?.[name] ?? "";
  for (const ground of ["ground", "surface", "own"]) {
    for (const [name, least] of [
      ["ink", 7],
      ["felt", 7],
      ["amber", 7],
      ["danger", 7],
      ["soft", 4.5],
      ["edge", 3],
    ] as const) {
      expect(contrast(token(name), token(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(least);
    }
  }
  expect(contrast(token("on-felt"), token("felt"))).toBeGreaterThanOrEqual(7);
  expect(contrast(token("on-bulb"), token("bulb"))).toBeGreaterThanOrEqual(7);
});

test("names that are made here are random UUIDs, on pages that are not secure as well", () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(newId()).toMatch(UUID);
  const { randomUUID } = crypto;
  Object.assign(crypto, { randomUUID: undefined });
  try {
    expect(newId()).toMatch(UUID);
    expect(newId()).not.toBe(newId());
  } finally {
    Object.assign(crypto, { randomUUID });
  }
});
