// Pairs talk: every virtual user is both sides of one personal chat, and each side keeps some messages under way.
import exec from "k6/execution";

import { PROMISES } from "./metrics.js";
import { Room } from "./room.js";
import { round } from "./round.js";
import { amount, pair, talkingFor } from "./setting.js";

const seconds = amount("SECONDS", 60);

export const options = {
  scenarios: { personal: talkingFor(seconds, amount("PAIRS", 50)) },
  thresholds: { ...PROMISES, ack_time: ["p(99)<250"], delivery_time: ["p(99)<250"], messages_refused: ["count==0"] },
};

export default function () {
  return round(async (keep) => {
    const room = keep(await Room.open(pair(exec.vu.idInTest - 1)));
    await room.talkFor(seconds, room.members, { count: 200, window: amount("WINDOW", 4) });
  });
}
