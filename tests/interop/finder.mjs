// How a test searches messages: all pages of an answer, and patience for as long as a new message may take to be found.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

/// A message is found by every search that begins so long after it was acknowledged.
const FRESH_MS = 5_000;
const PAUSE_MS = 20;
const MOST = 50;
const PAGES = 200;

/// All that is found, page by page, each message once.
export async function findAll(device, filters, Limit = MOST) {
  const found = [];
  let Cursor;
  for (let page = 0; page < PAGES; page += 1) {
    const { Results, HasMore, ...more } = await device.must("search-messages", { ...filters, Limit, ...(Cursor && { Cursor }) });
    assert.ok(Results.length <= Limit, `a page of ${Results.length} where ${Limit} were asked for`);
    found.push(...Results);
    assert.equal(typeof HasMore, "boolean", "HasMore is always there");
    if (!HasMore) return found;
    assert.equal(typeof more.Cursor, "string", "with HasMore there is a Cursor");
    Cursor = more.Cursor;
  }
  return assert.fail(`more than ${PAGES} pages for ${JSON.stringify(filters)}`);
}

/// Messages as a failing test can show them.
export const named = (messages) => messages.map(({ ChatId, Seq, Content }) => `${ChatId} ${Seq} ${Content.slice(0, 60)}`);

/// In the order of answers: by Timestamp, ChatId and Seq, falling.
export function newestFirst(messages) {
  const falling = (one, other) => (one < other ? 1 : one > other ? -1 : 0);
  const order = (a, b) => falling(a.Timestamp, b.Timestamp) || falling(a.ChatId, b.ChatId) || b.Seq - a.Seq;
  return [...messages].sort(order);
}

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/// Searches until exactly these messages are found, which they must be by a search that begins five seconds from now at the latest.
export async function finds(device, filters, messages) {
  const wanted = named(newestFirst(messages));
  const begun = performance.now();
  for (;;) {
    const last = performance.now() - begun >= FRESH_MS;
    const results = await findAll(device, filters);
    const found = named(results.map(({ Message }) => Message));
    if (alike(found, wanted)) return results;
    if (last) assert.deepEqual(found, wanted, `after five seconds, for ${JSON.stringify(filters)}`);
    await setTimeout(PAUSE_MS);
  }
}

/// Searches once: exactly these messages are found now.
export async function findsNow(device, filters, messages) {
  const results = await findAll(device, filters);
  const found = named(results.map(({ Message }) => Message));
  assert.deepEqual(found, named(newestFirst(messages)), JSON.stringify(filters));
  return results;
}
