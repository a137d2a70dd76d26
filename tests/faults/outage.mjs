// What is the same for every way in which storage can go and come back.
import assert from "node:assert/strict";
import { setTimeout as lasting } from "node:timers/promises";

import { ANSWER_MS } from "./member.mjs";
import { scale } from "./town.mjs";
import { Traffic } from "./traffic.mjs";

const RATE = scale(100, 200);
const BEFORE = 200;
const REFUSED = ["unavailable", "busy"];
/// Long enough that the server gives up on what it was sent, and short enough for the short form.
const OUTAGE_MS = scale(8_000, 30_000);
/// From the moment when storage works again: what was refused is sent again, and must be stored.
const RECOVERY_MS = 15_000;

/// Takes storage away under load with `begin`, for a while, gives it back with `end`, and holds the server to all its promises. Sends
/// are refused meanwhile, each in time, and are stored afterwards without a restart.
export async function survives({ town, size, begin, end, say }) {
  const { server, members, book } = town;
  const { pid } = server.child;
  const traffic = new Traffic({ members, book, rate: RATE, size });
  await book.more(BEFORE);
  const refused = () => REFUSED.reduce((sum, code) => sum + book.count(code), 0);

  await begin();
  await lasting(OUTAGE_MS);
  await book.until(() => refused() > 0);
  const during = refused();
  await end();
  const back = performance.now();
  await book.more(BEFORE);
  const recovery = performance.now() - back;
  await traffic.stop();

  assert.equal(server.child.pid, pid, "the same process");
  assert.ok(recovery < RECOVERY_MS, `stored again after ${recovery} ms`);
  assert.ok(book.slowest < ANSWER_MS, `an answer took ${book.slowest} ms`);
  await town.holds((figures) => {
    say(`${OUTAGE_MS / 1_000} s, ${during} sends refused meanwhile, stored again after ${Math.round(recovery)} ms: ${figures}`);
  });
}
