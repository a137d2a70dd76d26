// One iteration: whatever breaks in it is counted and told, and nothing stays open behind it.
import { broken, finished } from "./metrics.js";

/// Runs `steps`, which may hand things with `close()` or `leave()` to `keep` as they come into being.
export async function round(steps) {
  const kept = [];
  try {
    await steps((thing) => {
      kept.push(thing);
      return thing;
    });
    finished.add(1);
  } catch (why) {
    broken.add(1);
    console.error(why.stack ?? `${why}`);
  } finally {
    for (const thing of kept) (thing.close ?? thing.leave).call(thing);
  }
}
