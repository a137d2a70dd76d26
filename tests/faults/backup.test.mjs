// A backup is taken under load, and another server goes on from it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Server } from "../interop/server.mjs";
import { Member } from "./member.mjs";
import { Town, scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const BACKUPS = scale(3, 20);
const RATE = 200;
const BETWEEN = 300;

let town;
before(async () => (town = await Town.found()));
after(() => town?.close());

test("a backup under load holds a whole prefix of every chat, with all that was acknowledged before it began", async (t) => {
  const { book, members, server } = town;
  const traffic = new Traffic({ members, book, rate: RATE });
  const copies = [];
  for (let n = 0; n < BACKUPS; n += 1) {
    await book.more(BETWEEN);
    const file = join(server.home, `copy-${n}.db`);
    const before = new Set(book.acked.keys());
    await server.command("backup", file);
    copies.push({ file, before });
  }
  await book.more(BETWEEN);
  await traffic.stop();
  await town.holds((figures) => t.diagnostic(figures));
  const whole = await histories(server.url);
  for (const { file, before } of copies) {
    const missing = await restored(file, (found) => isPrefix(found, whole, before));
    t.diagnostic(`${before.size} acknowledged before, ${missing} of ${book.acked.size} messages came later`);
  }
});

/// What a fresh server that was given a backup has, with the old one's secret.
async function restored(file, check) {
  const settings = { "auth.secret_file": join(town.server.home, "data", "secret") };
  const server = await Server.start(settings, "info", (server) => server.command("restore", file));
  try {
    return check(await histories(server.url));
  } finally {
    await server.close();
  }
}

/// Every chat, as one of its members reads it.
async function histories(url) {
  const found = new Map();
  for (const person of town.people) {
    const member = new Member({ url, person });
    await member.present();
    for (const { id } of person.chats) if (!found.has(id)) found.set(id, await member.history(id));
    member.close();
  }
  return found;
}

/// Each chat goes up to some message and has all before it, none of those that were acknowledged missing. Returns how many came later.
function isPrefix(found, whole, before) {
  const line = ({ Seq, _id, Content }) => `${Seq} ${_id} ${Content}`;
  const kept = new Set();
  let later = 0;
  for (const [chat, messages] of whole) {
    const some = found.get(chat);
    assert.deepEqual(some.map(line), messages.slice(0, some.length).map(line), chat);
    for (const { Content } of some) kept.add(Content);
    later += messages.length - some.length;
  }
  for (const Content of before) assert.ok(kept.has(Content), `${Content} was acknowledged before the backup began`);
  return later;
}
