// What `tests/k6/run` hands to a scenario: the server, its users, and how much of everything.
import { SharedArray } from "k6/data";

/// The server, such as http://127.0.0.1:8080.
export const URL = __ENV.URL;

if (!/^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?$/.test(URL ?? "")) {
  throw new Error("URL must name a server on this machine: start scenarios with tests/k6/run");
}

/// Everybody whom `greenroom seed` made. All virtual users share one copy.
export const people = new SharedArray("people", () => JSON.parse(open(__ENV.USERS_FILE)));

/// Users 2k and 2k+1, who share a personal chat.
export function pair(index) {
  const first = 2 * (index % Math.floor(people.length / 2));
  const [ann, bob] = [people[first], people[first + 1]];
  const shared = ann.chats.find(({ id, kind }) => kind === "personal" && bob.chats.some((chat) => chat.id === id));
  return { chat: shared, members: [ann, bob] };
}

/// The groups, each with its members.
export const groups = new SharedArray("groups", () => {
  const found = new Map();
  JSON.parse(open(__ENV.USERS_FILE)).forEach((person, at) => {
    for (const { id, kind } of person.chats) {
      if (kind === "group") found.set(id, [...(found.get(id) ?? []), at]);
    }
  });
  return [...found].map(([id, members]) => ({ id, kind: "group", members }));
});

export function group(index) {
  const { id, kind, members } = groups[index % groups.length];
  return { chat: { id, kind }, members: members.map((at) => people[at]) };
}

/// A number that `-e NAME=VALUE` may change.
export function amount(name, usual) {
  const value = Number(__ENV[name] ?? usual);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0`);
  return value;
}

/// A time that `-e NAME=VALUE` may change, such as 30s.
export const span = (name, usual) => __ENV[name] ?? usual;

/// One room for each virtual user, which talks for so long and then has a minute to settle.
export const talkingFor = (seconds, vus) => ({
  executor: "per-vu-iterations",
  vus,
  iterations: 1,
  maxDuration: `${seconds + 60}s`,
});
