// Big groups: everybody is there and some talk, so that each message is delivered many times.
import exec from "k6/execution";

import { PROMISES } from "./metrics.js";
import { Room } from "./room.js";
import { round } from "./round.js";
import { amount, group, groups, talkingFor } from "./setting.js";

const seconds = amount("SECONDS", 60);

export const options = {
  scenarios: { group: talkingFor(seconds, groups.length) },
  thresholds: { ...PROMISES, ack_time: ["p(99)<500"], delivery_time: ["p(99)<500"], messages_refused: ["count==0"] },
};

export default function () {
  return round(async (keep) => {
    const room = keep(await Room.open(group(exec.vu.idInTest - 1)));
    const speakers = room.members.slice(0, amount("SPEAKERS", 5));
    await room.talkFor(seconds, speakers, { count: 100, everyMs: amount("EVERY_MS", 50) });
  });
}
