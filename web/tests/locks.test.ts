/** Whether a tab is closed, as its lock says. */
import { afterEach, expect, test, vi } from "vitest";
import { isClosed } from "../src/tabs/locks.ts";

afterEach(() => vi.unstubAllGlobals());

/** Locks as browsers have them, as far as they are asked here. */
function locks(held: readonly string[]) {
  const taken = new Set(held);
  const request = async (name: string, _: object, work: (lock: object | null) => Promise<boolean>) => {
    if (taken.has(name)) return await work(null);
    taken.add(name);
    const answer = await work({});
    taken.delete(name);
    return answer;
  };
  vi.stubGlobal("navigator", { locks: { request } });
}

test("two who ask at the same time hear the same", async () => {
  locks(["greenroom-tab-alive"]);
  expect(await Promise.all([isClosed("gone"), isClosed("gone"), isClosed("alive")])).toEqual([true, true, false]);
  locks(["greenroom-tab-gone"]);
  expect(await isClosed("gone")).toBe(false);
});
