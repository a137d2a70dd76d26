// A busy team: what people do in a chat beside saying something, in its proportions.
import { pause } from "./member.js";

/// To a hundred messages, over all who speak. A read is one of everything up to the newest message; to type is to say so while keys are
/// pressed, once for most messages.
const SHARES = { type: 80, read: 40, react: 20, edit: 4, delete: 1 };
const EMOJIS = ["👍", "❤️", "😂", "🎉", "👀"];

const DEEDS = {
  type: (room, member) => room.type(member),
  read: (room, member) => room.read(member),

  /// To the newest message: who reacted to it already takes that back.
  async react(room, member) {
    const { latest } = room;
    if (!latest) return;
    const On = !latest.by.has(member);
    const Emoji = EMOJIS[latest.seq % EMOJIS.length];
    if (!(await room.change(member, "react", { Seq: latest.seq, Emoji, On }))) return;
    if (On) latest.by.add(member);
    else latest.by.delete(member);
  },

  async edit(room, member, own) {
    if (own.length > 0) await room.change(member, "edit-message", { Seq: own.at(-1), Content: `better said ${Date.now()} ${Math.random()}` });
  },

  /// An older one of one's own, since others react to the newest.
  async delete(room, member, own) {
    if (own.length > 1) await room.change(member, "delete-message", { Seq: own.shift() });
  },
};

/// What is due in this virtual user, by its share of what was said.
const due = Object.fromEntries(Object.keys(SHARES).map((deed) => [deed, 0]));

/// Each of `speakers` says `count` things, with a pause of `everyMs` between two, and all of them together do the rest in its share.
export function work(room, speakers, how) {
  return Promise.all(speakers.map((member) => shift(room, member, how)));
}

async function shift(room, member, { count, everyMs = 0 }) {
  const own = [];
  for (let said = 0; said < count; said += 1) {
    const seq = await room.say(member);
    if (seq !== undefined) own.push(seq);
    for (const [deed, share] of Object.entries(SHARES)) {
      due[deed] += share / 100;
      if (due[deed] < 1) continue;
      due[deed] -= 1;
      await DEEDS[deed](room, member, own);
    }
    if (everyMs > 0) await pause(everyMs);
  }
}
