/** Web Locks: which tab is alive, which one takes care, and who does what only one should do. */

/** Holds a lock as long as the tab lives, so that others see that it does. */
export function live(tab: string): void {
  if (navigator.locks === undefined) return;
  void navigator.locks.request(`greenroom-tab-${tab}`, () => new Promise(() => undefined));
}

const asking = new Map<string, Promise<boolean>>();

/** Whether a tab is closed: its lock is free. Whoever asks meanwhile hears the same, and does not find the lock taken by the question. */
export async function isClosed(tab: string): Promise<boolean> {
  if (navigator.locks === undefined) return true;
  const answer =
    asking.get(tab) ??
    navigator.locks
      .request(`greenroom-tab-${tab}`, { ifAvailable: true }, async (lock) => lock !== null)
      .finally(() => asking.delete(tab));
  asking.set(tab, answer);
  return await answer;
}

/** Does something in one tab alone, the first that asks. Others do not wait and do not do it. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (navigator.locks === undefined) return await work();
  await navigator.locks.request(`greenroom-${name}`, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
  });
}

/** Calls back once this tab is the one that keeps its socket while hidden. */
export function careTake(became: () => void): void {
  if (navigator.locks === undefined) return became();
  void navigator.locks.request("greenroom-caretaker", () => {
    became();
    return new Promise(() => undefined);
  });
}
