// The disk that the database is on fills up, and is freed again. The disk is a small tmpfs, which only root may mount.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { survives } from "./outage.mjs";
import { Town, scale } from "./town.mjs";

const SIZE = `${scale(32, 96)}m`;
/// Large messages, so that the database soon needs room it does not have yet.
const MESSAGE = 4_096;
const CHECK = `
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])
`;

const disk = mkdtempSync(join(tmpdir(), "greenroom-disk-"));
const ballast = join(disk, "ballast");
const mounted = mount();
let town;

before(async () => {
  if (mounted) town = await Town.found({ settings: { "database.url": `sqlite://${join(disk, "greenroom.db")}` } });
});
after(async () => {
  await town?.close();
  if (mounted) execFileSync("umount", [disk]);
  rmdirSync(disk);
});

function mount() {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=700`, "greenroom-faults", disk], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/// Leaves no room at all.
function fill() {
  const file = openSync(ballast, "a");
  const block = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    assert.equal(error.code, "ENOSPC");
  } finally {
    closeSync(file);
  }
}

const skip = mounted ? false : "NOT TESTED: a tmpfs cannot be mounted here; run as root";

test("while the disk is full sends are refused in time, nothing is corrupted, and with room again all goes on", { skip }, async (t) => {
  await survives({ town, size: MESSAGE, begin: fill, end: () => rmSync(ballast), say: (figures) => t.diagnostic(figures) });
  assert.equal(`${execFileSync("python3", ["-c", CHECK, join(disk, "greenroom.db")])}`.trim(), "ok");
});
