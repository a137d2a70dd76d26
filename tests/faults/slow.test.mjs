// Clients stop reading while their chats run hot: a process that is stopped keeps its connections and takes nothing from them.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { Town, scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const READERS = scale(4, 12);
const RATE = 450;
const MESSAGE = 16_000;
const MIB = 1024 * 1024;
/// Makes the process as large as this load makes it.
const WARMING = 8 * MIB;
/// For each reader much more than what the kernel takes on the way, up to 36 MiB: without a bound the rest would be in the process.
const VOLUME = scale(52, 80) * MIB;
const OUTBOUND = 2 * MIB;
const GROWTH = 2 * READERS * OUTBOUND + 32 * MIB;
const LOG = "info,greenroom::socket::session=debug";
const ENDED = "connection ended: slow reader";

let town;
let readers;
before(async () => {
  const settings = { "actors.session.outbound_bytes": `${OUTBOUND}` };
  town = await Town.found({ users: 4, groups: "1x4", devices: 1, settings, level: LOG });
  readers = fork(new URL("readers.mjs", import.meta.url));
});
after(async () => {
  readers?.kill("SIGKILL");
  await town?.close();
});

/// Asks the readers' process and waits for what it says.
async function ask(question) {
  readers.send(question);
  const [answer] = await once(readers, "message");
  return answer;
}

/// Resident memory of the server, in bytes.
function resident() {
  const status = readFileSync(`/proc/${town.server.child.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
}

const endings = () => town.server.log.filter((line) => line.includes(ENDED)).length;

test("clients that stop reading cost bounded memory, are disconnected, and come back whole", async (t) => {
  const { server, members, book } = town;
  const people = Array.from({ length: READERS }, (_, n) => town.people[n % town.people.length]);
  assert.equal(await ask({ url: server.url, people }), "present");

  const traffic = new Traffic({ members, book, rate: RATE, size: MESSAGE, kinds: ["group"] });
  await book.more(WARMING / MESSAGE);
  readers.kill("SIGSTOP");
  const before = resident();
  let highest = 0;
  book.on("note", () => (highest = Math.max(highest, resident())));
  await book.more(VOLUME / MESSAGE);
  await traffic.stop();
  const growth = highest - before;
  t.diagnostic(`${READERS} readers stopped; memory grew from ${mib(before)} by ${mib(growth)}, ${mib(GROWTH)} allowed`);
  assert.ok(growth < GROWTH, `memory grew by ${mib(growth)}`);
  assert.ok(endings() >= READERS, `${endings()} slow readers were disconnected`);

  readers.kill("SIGCONT");
  const { ends, broken, contents } = await ask("report");
  assert.deepEqual(broken, []);
  assert.ok(ends.every((reasons) => reasons.length === 1), `each was disconnected once: ${JSON.stringify(ends)}`);
  await town.holds((figures) => t.diagnostic(figures), members.slice(0, 1));
  const group = town.people[0].chats.find((chat) => chat.kind === "group").id;
  const whole = members[0].chats.get(group).messages.size;
  assert.deepEqual(contents, contents.map(() => whole), "each has the whole group");
});

const mib = (bytes) => `${Math.round(bytes / MIB)} MiB`;
