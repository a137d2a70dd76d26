// A day in a minute or more: people come in the morning, talk in pairs and groups, read, react, edit, look things up, log in, and go in the
// evening.
import exec from "k6/execution";

import { Member } from "./member.js";
import { PROMISES } from "./metrics.js";
import { Room } from "./room.js";
import { round } from "./round.js";
import { amount, group, groups, pair, people, span } from "./setting.js";
import { work } from "./team.js";
import logIn from "./login-storm.js";

const hour = span("HOUR", "10s");
const pairs = amount("PAIRS", 50);

export const options = {
  scenarios: {
    pairs: {
      executor: "ramping-vus",
      exec: "conversation",
      startVUs: 1,
      stages: [
        { target: pairs, duration: hour },
        { target: Math.ceil(pairs / 2), duration: hour },
        { target: pairs, duration: hour },
        { target: 1, duration: hour },
      ],
      gracefulRampDown: "30s",
    },
    groups: { executor: "per-vu-iterations", exec: "meeting", vus: groups.length, iterations: amount("MEETINGS", 2), maxDuration: "10m" },
    comers: {
      executor: "constant-arrival-rate",
      exec: "look",
      rate: amount("RATE", 10),
      timeUnit: "1s",
      duration: hour,
      preAllocatedVUs: 20,
      maxVUs: 50,
    },
    logins: {
      executor: "constant-arrival-rate",
      exec: "login",
      rate: amount("LOGINS", 2),
      timeUnit: "1s",
      duration: hour,
      preAllocatedVUs: 10,
      maxVUs: 30,
    },
  },
  thresholds: { ...PROMISES, sockets_failed: ["count==0"], checks: ["rate==1"], ack_time: ["p(99)<500"], change_time: ["p(99)<500"], delivery_time: ["p(99)<500"] },
};

/// Two people talk for a while, look at their newest page and read it.
export function conversation() {
  return round(async (keep) => {
    const room = keep(await Room.open(pair(exec.vu.idInTest - 1)));
    const [ann, bob] = room.members;
    const ChatId = room.chat.id;
    await ann.ask("fetch-personal-chat", { ChatId });
    await work(room, room.members, { count: 10, everyMs: 300 });
    await room.read(bob);
    await room.settle();
  });
}

/// A group meets: some talk, the others read.
export function meeting() {
  return round(async (keep) => {
    const room = keep(await Room.open(group(exec.scenario.iterationInTest)));
    await work(room, room.members.slice(0, 3), { count: 10, everyMs: 300 });
    await Promise.all(room.members.slice(3, 10).map((member) => room.read(member)));
    await room.settle();
  });
}

/// Somebody looks in: the lists, a search, and gone.
export function look() {
  return round(async (keep) => {
    const member = keep(await Member.join(people[exec.scenario.iterationInTest % people.length]));
    await member.ask("search-user", { Name: "User 1", Type: "Search" });
  });
}

export const login = logIn;
