// How a group changes: what is answered, what everybody hears, and what is so afterwards.
import assert from "node:assert/strict";

import { Follower } from "./follower.mjs";
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
  ...(user && { User: user.id, UserName: user.name }),
  ...more,
});

/// Takes `chat-changed` from each of these devices, where it comes after the older event of this name if there is one, and holds it
/// against what is expected but for its time, which is returned.
export async function told(devices, older, expected) {
  const times = [];
  for (const device of devices) {
    if (older) {
      const { name } = await device.either(older, "chat-changed");
      assert.equal(name, older, "the older event comes first");
    }
    const { At, ...said } = await device.next("chat-changed");
    isTime(At);
    assert.deepEqual(inOrder(said), inOrder(expected));
    times.push(At);
  }
  return times[0];
}

/// Rows and fields in an order of their own. What somebody was who is gone is left out.
function inOrder({ Members, Fields, ...told }) {
  const rows = Members?.map(({ Role, MutedUntil, ...row }) => (row.Gone ? row : { ...row, Role, ...(MutedUntil && { MutedUntil }) }));
  const byId = (one, other) => (one._id < other._id ? -1 : 1);
  return { ...told, ...(rows && { Members: rows.toSorted(byId) }), ...(Fields && { Fields: Fields.toSorted() }) };
}

/// Somebody changes the group by a device: `What`, the `user` whom it is about if there is one, the `rows` that change (or how they
/// follow from those that are answered) and what changes in `info`, all without their number. The requester is acknowledged, everybody
/// else hears the same, after the `older` event if there is one, and afterwards it is so. Returns the acknowledgement.
export async function changes(room, device, event, payload, { What, user, rows, info, older, ...more }) {
  const { ChatId } = room;
  const before = await device.must("fetch-chat", { ChatId });
  const Rev = before.Rev + 1;
  const answer = await device.must(event, { ...room.name, ChatId, ...payload });
  const expected = typeof rows === "function" ? rows(answer.Members) : rows;
  const Members = expected?.map((changed) => ({ ...changed, Rev }));
  const Info = info && { ...before.Info, ...info, Settings: { ...before.Info.Settings, ...info.Settings }, Rev };
  const state = { ...(rows && { Members }), ...(info && { Info }) };
  assert.deepEqual(inOrder(answer), inOrder({ Ok: true, ChatId, Rev, ...state }));
  const gone = room.people.filter(({ id }) => Members?.some((row) => row.Gone && row._id === id)).flatMap((person) => room.devicesOf(person));
  const hearers = [...room.ownOthers(device), ...room.others(device)].filter((other) => !gone.includes(other));
  await told(hearers, older, change(room, Rev, before.LastSeq, What, room.person(device), user, { ...more, ...state }));

  const present = await device.must("fetch-chat", { ChatId });
  assert.deepEqual(present, { ...before, Rev, Info: Info ?? before.Info, Roster: rows ? roster(before.Roster, Members, Rev) : before.Roster });
  for (const other of hearers) {
    const { Info, Roster } = await other.must("fetch-chat", { ChatId });
    assert.deepEqual({ Info, Roster }, { Info: present.Info, Roster: present.Roster });
  }
  return answer;
}

/// A roster in which these rows have changed.
function roster({ Members }, changed, Rev) {
  const rows = new Map(Members.map((row) => [row._id, row]));
  for (const row of changed) {
    if (row.Gone) rows.delete(row._id);
    else rows.set(row._id, row);
  }
  return { Rev, Members: [...rows.values()] };
}

/// What is so already: the answer has the present number and states, none is taken, and nobody hears of it.
export async function stays(room, device, event, payload) {
  const { ChatId } = room;
  const before = await device.must("fetch-chat", { ChatId });
  const { Members = [], Info = before.Info, ...answer } = await device.must(event, { ...room.name, ChatId, ...payload });
  assert.deepEqual(answer, { Ok: true, ChatId, Rev: before.Rev });
  assert.deepEqual(Info, before.Info);
  for (const row of Members) assert.deepEqual(row, before.Roster.Members.find(({ _id }) => _id === row._id));
  assert.deepEqual(await device.must("fetch-chat", { ChatId }), before);
  await room.quiet();
}

/// The owner makes these members moderators; all have heard of it.
export async function appoint(room, ...people) {
  const [[owner]] = room.devices;
  for (const { id } of people) {
    await owner.must("set-role", { ChatId: room.ChatId, Member: id, Role: "Moderator" });
    await room.everywhere(owner, "chat-changed");
  }
}

/// The owner changes settings; all have heard of it.
export async function configure(room, Settings) {
  const [[owner]] = room.devices;
  await owner.must("edit-group", { ChatId: room.ChatId, Settings });
  await room.everywhere(owner, "chat-changed");
}

/// Two devices of somebody's: one is there while it happens, one comes back afterwards and catches up. Both hold the same, and what
/// can be asked for; it is returned.
export async function converges({ server }, room, person, happens) {
  const followers = [new Follower(server, person), new Follower(server, person)];
  const [, away] = followers;
  for (const follower of followers) {
    follower.connect();
    await follower.present();
  }
  away.cut();
  await happens();
  away.connect();
  const views = [];
  for (const follower of followers) {
    await follower.present();
    // A chat answers in the order in which it tells.
    await follower.ask(room.fetch, { ...room.name, Limit: 1 });
    await follower.present();
    assert.deepEqual(follower.broken, []);
    views.push(follower.replica.chats.get(room.ChatId)?.view);
  }
  assert.deepEqual(views[1], views[0]);
  const { Info, Roster, Prefs, ReadSeq } = await away.ask("fetch-chat", { ChatId: room.ChatId });
  const members = Roster?.Members.toSorted((one, other) => (one._id < other._id ? -1 : 1));
  const { info, prefs, readSeq, ...view } = views[0];
  assert.deepEqual([info, prefs, readSeq, view.members], [Info, Prefs, ReadSeq, members ?? []]);
  for (const follower of followers) follower.close();
  return views[0];
}
