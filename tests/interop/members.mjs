// What is told of groups and their members.
import assert from "node:assert/strict";

import { isTime } from "./shapes.mjs";

/// What a group may and must, until its owner says otherwise.
export const SETTINGS = {
  WhoPosts: "Member",
  WhoAdds: "Owner",
  WhoPins: "Moderator",
  WhoEdits: "Moderator",
  WhoMentionsAll: "Member",
  SlowMode: 0,
  OpenHistory: false,
};

/// A row of a roster.
export const row = ({ id, name }, Role, Rev, more = {}) => ({ _id: id, Name: name, Role, Rev, ...more });

/// What `chat-changed` says of a change that one person makes to another.
export const change = (room, Rev, AfterSeq, What, by, user, more) => ({
  ChatId: room.ChatId,
  Rev,
  AfterSeq,
  What,
  By: by.id,
  ByName: by.name,
  User: user.id,
  UserName: user.name,
  ...more,
});

/// Takes `chat-changed` from each of these devices, where it comes after the older event of this name, and holds it against what
/// is expected but for its time, which is returned.
export async function told(devices, older, expected) {
  const times = [];
  for (const device of devices) {
    const { name } = await device.either(older, "chat-changed");
    assert.equal(name, older, "the older event comes first");
    const { At, ...said } = await device.next("chat-changed");
    isTime(At);
    assert.deepEqual(said, expected);
    times.push(At);
  }
  return times[0];
}
