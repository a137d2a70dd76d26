// A little of everything, for CI: it holds the server to its promises and to no time, because the machine may be a slow one.
import exec from "k6/execution";

import { PROMISES } from "./metrics.js";
import { Room } from "./room.js";
import { round } from "./round.js";
import { group, groups, pair } from "./setting.js";
import { work } from "./team.js";
import logIn from "./login-storm.js";
import cutOff from "./reconnect-avalanche.js";

const times = (vus, iterations, exec) => ({
  executor: "per-vu-iterations",
  exec,
  vus,
  iterations,
  maxDuration: "50s",
  gracefulStop: "5s",
});

const scenarios = {
  pairs: times(10, 2, "pairs"),
  groups: times(groups.length, 1, "meeting"),
  avalanche: times(2, 2, "avalanche"),
  logins: times(2, 3, "login"),
};

/// A round that was cut short has counted nothing as lost, so every one must have come to its end.
const rounds = Object.values(scenarios).reduce((sum, { vus, iterations }) => sum + vus * iterations, 0);

export const options = {
  scenarios,
  thresholds: {
    ...PROMISES,
    rounds_finished: [`count==${rounds}`],
    sockets_failed: ["count==0"],
    checks: ["rate==1"],
    messages_delivered: ["count>0"],
    changes_told: ["count>0"],
  },
};

export function pairs() {
  return round(async (keep) => {
    const room = keep(await Room.open(pair(exec.vu.idInTest - 1)));
    await room.talk(room.members, { count: 25, window: 4 });
    await room.settle();
  });
}

export function meeting() {
  return round(async (keep) => {
    const room = keep(await Room.open(group(exec.scenario.iterationInTest)));
    await work(room, room.members.slice(0, 5), { count: 10 });
    await room.settle();
  });
}

export const avalanche = cutOff;
export const login = logIn;
