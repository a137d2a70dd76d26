// Big groups: everybody is there and some talk, so that each message is delivered many times.
import exec from "k6/execution";

import { PROMISES } from "./metrics.js";
import { Room } from "./room.js";
import { round } from "./round.js";
import { amount, group, groups, span } from "./setting.js";

export const options = {
  scenarios: {
    group: { executor: "constant-vus", vus: groups.length, duration: span("DURATION", "1m"), gracefulStop: "30s" },
  },
  thresholds: { ...PROMISES, ack_time: ["p(99)<500"], delivery_time: ["p(99)<500"], messages_refused: ["count==0"] },
};

export default function () {
  return round(async (keep) => {
    const room = keep(await Room.open(group(exec.vu.idInTest - 1)));
    const speakers = room.members.slice(0, amount("SPEAKERS", 5));
    await room.talk(speakers, { count: amount("MESSAGES", 100), everyMs: amount("EVERY_MS", 50) });
    await room.settle();
  });
}
