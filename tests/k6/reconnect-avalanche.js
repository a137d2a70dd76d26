// Everybody is cut off at once, misses messages, comes back at once and catches up: `sync` must return exactly what was missed.
import exec from "k6/execution";

import { Member } from "./member.js";
import { PROMISES, lost, outOfOrder, recoveryTime } from "./metrics.js";
import { Room } from "./room.js";
import { round } from "./round.js";
import { amount, pair, span } from "./setting.js";

const pairs = amount("PAIRS", 20);

export const options = {
  scenarios: {
    avalanche: {
      executor: "per-vu-iterations",
      vus: amount("VUS", 10),
      iterations: amount("WAVES", 5),
      maxDuration: span("DURATION", "5m"),
    },
  },
  thresholds: { ...PROMISES, sockets_failed: ["count==0"], recovery_time: ["p(99)<2000"] },
};

export default function () {
  return round(async (keep) => {
    const first = (exec.vu.idInTest - 1) * pairs;
    const rooms = await Promise.all(Array.from({ length: pairs }, (_, at) => Room.open(pair(first + at)).then(keep)));
    await Promise.all(rooms.map(chatter));
    rooms.forEach(({ members: [, gone] }) => gone.leave());
    const missed = await Promise.all(rooms.map(goOn));
    await Promise.all(rooms.map(async (room, at) => keep(await comeBack(room, missed[at]))));
  });
}

/// Something to have heard before.
async function chatter(room) {
  await room.talk(room.members, { count: 2 });
  await room.settle();
  room.newest = Math.max(...room.stored.keys());
}

/// The one who stayed goes on: what the other misses.
async function goOn(room) {
  const said = [];
  for (let message = 0; message < amount("MESSAGES", 5); message += 1) said.push(await room.say(room.members[0]));
  return said.filter(Boolean);
}

/// The one who was cut off joins again and asks what there was.
async function comeBack(room, missed) {
  const start = Date.now();
  const back = await Member.join(room.members[1].person);
  const { Chats } = await back.ask("sync", { Chats: { [room.chat.id]: room.newest } });
  recoveryTime.add(Date.now() - start);
  const found = Chats.find(({ Id }) => Id === room.chat.id).Messages.map(({ Seq }) => Seq);
  lost.add(missed.filter((seq) => !found.includes(seq)).length);
  outOfOrder.add(found.filter((seq, at) => at > 0 && seq <= found[at - 1]).length);
  return back;
}
