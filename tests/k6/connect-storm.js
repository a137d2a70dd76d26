// Many come, look at their lists and go: handshakes, token checks and list queries, at a rate that rises.
import exec from "k6/execution";

import { Member } from "./member.js";
import { PROMISES } from "./metrics.js";
import { round } from "./round.js";
import { amount, people, span } from "./setting.js";

const rate = amount("RATE", 200);
const duration = span("DURATION", "1m");

export const options = {
  scenarios: {
    storm: {
      executor: "ramping-arrival-rate",
      startRate: Math.ceil(rate / 10),
      timeUnit: "1s",
      preAllocatedVUs: amount("VUS", 200),
      maxVUs: amount("VUS", 200),
      stages: [
        { target: rate, duration },
        { target: rate, duration },
      ],
    },
  },
  thresholds: { ...PROMISES, sockets_failed: ["count==0"], connect_time: ["p(99)<1000"], dropped_iterations: ["count==0"] },
};

export default function () {
  return round(async (keep) => {
    keep(await Member.join(people[exec.scenario.iterationInTest % people.length]));
  });
}
