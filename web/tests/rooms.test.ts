/** Rooms look only down, files are short and say what lives there, and certain libraries live in one room. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

const HOME = resolve(import.meta.dirname, "..");
const SRC = join(HOME, "src");
const MOST_LINES = 250;

/** A library, and the only rooms that may name it. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  "socket.io-client": ["wire"],
  idb: ["keep"],
  preact: ["look", "view", "app"],
  "@preact/signals": ["view", "app"],
  blurhash: ["view"],
  "linkify-it": ["model"],
  "emoji-picker-element-data": ["view"],
};

const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(ts|tsx|css|js)$/.test(file))
  .sort();
const CODE = FILES.filter((file) => /\.tsx?$/.test(file));

/** The rooms in their order, each with those that it may name. */
function rooms(): Map<string, readonly string[]> {
  const rows = readFileSync(join(HOME, "README.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  return new Map(
    rows.map((row) => {
      const cells = row.split("|").map((cell) => cell.trim());
      const named = cells[3] === "-" ? [] : (cells[3] ?? "").split(",").map((name) => name.trim());
      return [(cells[1] ?? "").replaceAll("`", ""), named];
    }),
  );
}

const roomOf = (file: string) => file.split("/")[0] ?? "";

/** What a file imports, types included. */
function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(join(SRC, file), "utf8"));
  const statics = module.staticImports.map((one) => one.moduleRequest.value);
  const exports = module.staticExports
    .flatMap((one) => one.entries.map((entry) => entry.moduleRequest?.value ?? ""))
    .filter((one) => one !== "");
  const dynamics = module.dynamicImports.map(({ moduleRequest }) =>
    readFileSync(join(SRC, file), "utf8").slice(moduleRequest.start + 1, moduleRequest.end - 1),
  );
  return [...statics, ...exports, ...dynamics];
}

const targetOf = (file: string, name: string) => relative(SRC, resolve(SRC, dirname(file), name));

test("every room is listed, and the list looks only down", () => {
  const all = rooms();
  expect(new Set(FILES.map(roomOf))).toEqual(new Set(all.keys()));
  const names = [...all.keys()];
  for (const [room, named] of all) {
    for (const below of named) expect(names.indexOf(below), `${room} lists ${below}`).toBeLessThan(names.indexOf(room));
  }
});

test("a room names only what it may", () => {
  const all = rooms();
  for (const file of CODE) {
    const room = roomOf(file);
    for (const name of importsOf(file).filter((one) => one.startsWith("."))) {
      const other = roomOf(targetOf(file, name));
      expect(other === room || all.get(room)?.includes(other), `${file} names ${name}`).toBe(true);
    }
  }
});

test("libraries live in their rooms", () => {
  for (const file of CODE) {
    for (const name of importsOf(file).filter((one) => !one.startsWith("."))) {
      const library = name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? "");
      expect(LIBRARIES[library], `${file} names ${name}`).toContain(roomOf(file));
    }
    if (/(?<![.#\w])fetch\(/.test(readFileSync(join(SRC, file), "utf8")))
      expect(["wire", "app"], file).toContain(roomOf(file));
  }
});

test("no two files need each other", () => {
  const arrows = new Map(
    CODE.map((file) => [
      file,
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .map((name) => targetOf(file, name)),
    ]),
  );
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    expect(path, "a circle").not.toContain(file);
    if (done.has(file)) return;
    for (const next of arrows.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of CODE) walk(file, []);
});

test("files are short and say what lives there", () => {
  for (const file of FILES) {
    const text = readFileSync(join(SRC, file), "utf8");
    expect(text.split("\n").length - 1, file).toBeLessThanOrEqual(MOST_LINES);
    if (!file.endsWith(".css")) expect(text, file).toMatch(/^(\/\*\*|\/\/) /);
  }
});
