/** How the client is built: the page, the worker, a small script that sets the theme, and each file a second time as `.br`. */
import { readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** The data of emoji are chunks of their own, which the worker does not keep. */
const EMOJI = "assets/emoji-";

/** KiB of brotli. */
const LIMITS = { outside: 30, inside: 72, css: 12 };

/** A script that runs before the first paint has no module system. It is a file of its own because the policy forbids it in the page. */
function theme(): Plugin {
  const source = readFileSync(new URL("./src/app/theme.js", import.meta.url), "utf8");
  const name = `assets/theme-${createHash("sha256").update(source).digest("hex").slice(0, 8)}.js`;
  return {
    name: "theme",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source });
    },
    transformIndexHtml: () => [{ tag: "script", attrs: { src: `/${name}` }, injectTo: "head" }],
  };
}

/** Writes the list of built files into the worker, compresses, and fails where a budget is exceeded. */
function finish(): Plugin {
  return {
    name: "finish",
    apply: "build",
    generateBundle(_, bundle) {
      const shell = Object.keys(bundle).filter((file) => file.startsWith("assets/") && !file.startsWith(EMOJI));
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") return;
      const version = createHash("sha256").update(shell.join()).digest("hex").slice(0, 12);
      worker.code = worker.code
        .replace("__FILES__", JSON.stringify(shell.map((file) => `/${file}`)))
        .replace("__VERSION__", version);
    },
    async writeBundle(options, bundle) {
      const folder = options.dir ?? "dist";
      const sizes = new Map<string, number>();
      for (const file of await filesIn(folder)) {
        if (/\.(br|png)$/.test(file)) continue;
        const bytes = await readFile(join(folder, file));
        const small = brotliCompressSync(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        });
        await writeFile(join(folder, `${file}.br`), small);
        sizes.set(file, small.length);
      }
      const reach = (file: string, seen = new Set<string>()): Set<string> => {
        const chunk = bundle[file];
        if (chunk?.type !== "chunk" || seen.has(file)) return seen;
        seen.add(file);
        for (const next of chunk.imports) reach(next, seen);
        return seen;
      };
      const total = (files: Iterable<string>) =>
        [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) / 1024;
      const named = (name: string) =>
        Object.values(bundle).find((one) => one.type === "chunk" && one.name === name)?.fileName ?? "";
      const outside = reach(named("index"));
      const all = {
        outside: total(outside),
        inside: total(reach(named("inside"), new Set(outside))),
        css: total([...sizes.keys()].filter((file) => file.endsWith(".css"))),
      };
      for (const [name, limit] of Object.entries(LIMITS)) {
        const size = all[name as keyof typeof all];
        this.info(`${name}: ${size.toFixed(1)} of ${limit} KiB`);
        if (size > limit) this.error(`${name} is ${size.toFixed(1)} KiB, more than ${limit}`);
      }
    },
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

export default defineConfig({
  plugins: [theme(), finish()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: "index.html", sw: "src/app/worker.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: (chunk) =>
          chunk.moduleIds.some((id) => id.endsWith(".json")) ? `${EMOJI}[hash].js` : "assets/[name]-[hash].js",
      },
    },
  },
  // Patience for machines that build beside it.
  test: { environment: "node", include: ["tests/**/*.test.{ts,tsx}"], testTimeout: 60_000 },
} as Parameters<typeof defineConfig>[0]);
