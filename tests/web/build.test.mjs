// The client is built alike everywhere: a build in another folder gives the same bytes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const WEB = fileURLToPath(new URL("../../web/", import.meta.url));
const SOURCES = ["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];

/** The checksum of every file of a build, by its name. */
async function built(prefix) {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  try {
    for (const source of SOURCES) await cp(join(WEB, source), join(folder, source), { recursive: true });
    await symlink(join(WEB, "node_modules"), join(folder, "node_modules"));
    await promisify(execFile)("npm", ["run", "build"], { cwd: folder });
    const files = await readdir(join(folder, "dist"), { recursive: true, withFileTypes: true });
    const sums = await Promise.all(
      files.filter((file) => file.isFile()).map(async (file) => {
        const path = join(file.parentPath, file.name);
        return [path.slice(folder.length), createHash("sha256").update(await readFile(path)).digest("hex")];
      }),
    );
    return sums.sort(([one], [other]) => one.localeCompare(other));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a build in another folder gives the same bytes", async () => {
  const first = await built("web-");
  assert.ok(first.length > 50, `${first.length} files`);
  assert.deepEqual(await built("another-and-longer-name-"), first);
});
