// How long things may take. What is promised in seconds is promised for a machine with time to spare: where tests share one with
// other work, GREENROOM_TEST_SLACK stretches pure time limits, and nothing else.
import assert from "node:assert/strict";

export const SLACK = Number(process.env.GREENROOM_TEST_SLACK ?? 3);

/// Milliseconds that something promised within `ms` may take here.
export const limit = (ms) => ms * SLACK;

/// Waits for a promise, at most `limit(ms)`; returns how long it took.
export async function within(ms, promise, what) {
  const begun = performance.now();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${limit(ms)} ms`)), limit(ms));
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
  return performance.now() - begun;
}

/// Which of `numbers` a share of them does not exceed: 0.99 for the 99th percentile.
export function percentile(numbers, share) {
  return numbers.toSorted((one, other) => one - other)[Math.ceil(numbers.length * share) - 1] ?? 0;
}

/// So many of a hundred took at most `ms`.
export function fast(took, share, ms, what) {
  const found = percentile(took, share);
  assert.ok(found <= limit(ms), `${what}: ${Math.round(found)} ms, where ${limit(ms)} ms are allowed`);
  return Math.round(found);
}
