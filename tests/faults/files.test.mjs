// The process is killed in the middle of uploads, of sends with files, of deletions and of changes of pictures. FILES_SEED=n is how often
// and when again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as lasting } from "node:timers/promises";
import { promisify } from "node:util";

import { Chance } from "../interop/chance.mjs";
import { until } from "../interop/patience.mjs";
import { Hoarder } from "./hoard.mjs";
import { Town, scale } from "./town.mjs";

const KILLS = scale(12, 200);
const SEED = Number(process.env.FILES_SEED ?? 1);
const LEAST_MS = 30;
const MOST_MS = 400;
const MINUTE_MS = 60_000;
/// An upload that broke off with its server is given up after an hour. Nobody waits that long here. Says how many there are.
const LATE = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], 30)
print(database.execute("UPDATE file SET due_at = 0 WHERE state = 0").rowcount)
database.commit()
`;

const run = promisify(execFile);
const isSqlite = !process.env.GREENROOM_TEST_DATABASE;

let town;
before(async () => (town = await Town.found({ users: 6, groups: "2x6", devices: 1 })));
after(() => town?.close());

/// What `greenroom files check` finds.
async function check() {
  const said = await town.server.command("files", "check").catch((error) => error);
  return { isClean: !said.code, lines: said.stdout.trim() };
}

/// The names of the files in a part of the folder.
async function names(part) {
  const entries = await readdir(join(town.server.home, "data", "files", part), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name).sort();
}

/// The folder has what is held, and nothing else: what a killed server left of uploads is late now.
async function nothingElse(hoarders) {
  const held = hoarders.flatMap(({ held }) => held).map(({ File }) => File);
  const wanted = [...held.map(({ Id }) => Id), ...held.filter(({ ThumbnailUrl }) => ThumbnailUrl).map(({ Id }) => `${Id}.thumbnail`)].sort();
  const { home } = town.server;
  const { stdout } = await run("python3", ["-c", LATE, join(home, "data", "greenroom.db")]);
  const incoming = join(home, "data", "files", "incoming");
  for (const name of await readdir(incoming)) await utimes(join(incoming, name), 0, 0);
  await until(async () => (await names("stored")).join() === wanted.join(), MINUTE_MS, async () => `${await names("stored")} and not ${wanted}`);
  await until(async () => (await names("incoming")).length === 0, MINUTE_MS, () => names("incoming"));
  return Number(stdout);
}

test(`a server that is killed among files leaves none half and no message without its own (FILES_SEED=${SEED})`, async (t) => {
  const { server, members, people } = town;
  const chance = new Chance(SEED);
  const groups = people[0].chats.filter(({ kind }) => kind === "group");
  const hoarders = members.map((member, at) => {
    const group = at === 0 ? groups[0].id : undefined;
    return new Hoarder({ server, member, person: people[at], group, chance: new Chance(SEED + at + 1) });
  });
  const working = Promise.all(hoarders.map(({ done }) => done));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await Promise.race([lasting(LEAST_MS + chance.below(MOST_MS - LEAST_MS)), working]);
    await server.restart({ signal: "SIGKILL" });
    await town.present();
  }
  await Promise.all(hoarders.map((hoarder) => hoarder.stop()));
  await until(async () => (await check()).isClean, MINUTE_MS, async () => (await check()).lines);

  for (const hoarder of hoarders) await hoarder.sees(await hoarder.isWhole());
  const sum = (count) => hoarders.reduce((all, hoarder) => all + count(hoarder), 0);
  const figures = `${sum(({ files }) => files.length)} files, ${sum(({ messages }) => messages.length)} messages, ${sum(({ lost }) => lost)} uploads without an answer`;
  await server.restart({ settings: { ...server.settings, "files.orphan_ttl": "1s" } });
  await town.present();
  const left = isSqlite ? await nothingElse(hoarders) : "?";
  await until(async () => (await check()).isClean, MINUTE_MS, async () => (await check()).lines);
  t.diagnostic(`${KILLS} kills: ${figures}, of which ${left} had a row; ${(await check()).lines}`);
});
