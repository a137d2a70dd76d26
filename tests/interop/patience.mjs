// Patience with what the server does by itself, in its own time.
import assert from "node:assert/strict";
import { setInterval } from "node:timers/promises";

const PAUSE_MS = 50;

/// Looks again and again until it is so, which it must be within this time. `shown` says what was seen instead.
export async function until(holds, within, shown) {
  const begun = performance.now();
  if (await holds()) return;
  for await (const _ of setInterval(PAUSE_MS)) {
    const late = performance.now() - begun > within;
    if (await holds()) return;
    if (late) assert.fail(`not within ${within} ms: ${await shown()}`);
  }
}
