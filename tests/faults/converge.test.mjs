// After a storm of changes, with connections cut and the server killed or without its database, every device holds what a fresh one
// would fetch, and all agree. STORM_SEED=n has a storm again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Chance } from "../interop/chance.mjs";
import { Copy } from "../interop/copy.mjs";
import { Replica } from "../interop/replica.mjs";
import { Stage } from "../interop/room.mjs";
import { scale } from "./town.mjs";
import { Weather } from "./weather.mjs";

const { STORM_SEED } = process.env;
const NOW = Date.now() % 2 ** 31;
const FRESH = Array.from({ length: 12 }, (_, n) => NOW + n);
const SEEDS = STORM_SEED ? [Number(STORM_SEED)] : scale([1, 2], FRESH);
const STEPS = scale(300, 4_000);
const KILLS = scale(1, 6);
const OUTAGES = scale(1, 4);
const PAGES = {
  Self: ["fetch-self-chat", () => ({})],
  Personal: ["fetch-personal-chat", (ChatId) => ({ ChatId })],
  Group: ["fetch-group-chat", (GroupId) => ({ GroupId })],
};

let stage;
before(async () => {
  // Chats leave memory and come back all the time.
  stage = await Stage.open({ "actors.chat.max_live": "2" });
  const { ann, bob, cat } = stage;
  for (const [one, other] of [[ann, bob], [ann, cat], [bob, cat]]) (await stage.room("Personal", [one, other])).leave();
});
after(() => stage?.close());

/// A chat as pages and `fetch-chat` show it.
async function paged(device, person, { ChatId, Kind }) {
  const [fetch, name] = PAGES[Kind];
  const copy = new Copy(ChatId, person.id);
  for (let Before, more = true; more; ) {
    const { Messages, HasMore, FirstSeq } = await device.fetch(fetch, { ...name(ChatId), Limit: 50, ...(Before && { Before }) });
    copy.begins(FirstSeq);
    for (const message of Messages) copy.message({ ...message, SenderId: message.SenderId ?? message.Sender ?? person.id });
    [Before, more] = [Messages.at(-1)?.Seq, HasMore];
  }
  const chat = await device.must("fetch-chat", { ChatId });
  copy.whole(chat);
  copy.read(chat.ReadSeq);
  return { copy, chat };
}

/// All chats as `sync` brings them to somebody who has nothing, and what the lists say.
async function synced(device, person) {
  const replica = new Replica(person);
  while (replica.wanting) {
    const asked = replica.question();
    replica.answered(asked, await device.must("sync", { Chats: asked, Limit: 40 }));
  }
  await device.must("list-chats", {});
  const { PersonalChatList } = await device.next("personal-chat-list");
  const { GroupChatList } = await device.next("group-chat-list");
  return { replica, rows: new Map([...PersonalChatList, ...GroupChatList].map((row) => [row._id, row])) };
}

/// What everybody who sees a message sees of it.
const shared = ({ messages }) => new Map(messages.filter(({ Hidden }) => !Hidden).map(({ My, ReplyTo, ...message }) => [message.Seq, message]));

/// Two people see the same of the chats that both are in.
function alike(views, others, say) {
  for (const [id, view] of [...views].filter(([id]) => others.has(id))) {
    const theirs = shared(others.get(id));
    for (const [Seq, message] of shared(view)) {
      if (theirs.has(Seq)) assert.deepEqual(message, theirs.get(Seq), say(`${Seq} in ${id}`));
    }
    const { members, info } = others.get(id);
    assert.deepEqual([view.members, view.info], [members, info], say(`members of ${id}`));
  }
}

/// Whatever was acknowledged is there, or newer than that.
function keeps(views, { acked, revs }, say) {
  const messages = new Map([...views].flatMap(([id, view]) => view.messages.map((message) => [`${id} ${message.Seq}`, message])));
  for (const [ClientId, { ChatId, Seq, _id }] of acked) {
    const message = messages.get(`${ChatId} ${Seq}`);
    if (message) assert.equal(message._id, _id, say(`${ClientId} is where it was acknowledged`));
  }
  for (const [key, Rev] of revs) {
    const message = messages.get(key);
    if (message) assert.ok((message.Rev ?? 0) >= Rev, say(`${key} is at ${message.Rev} after ${Rev} was acknowledged`));
  }
}

/// Holds every device of one person against what can be fetched now. Returns the person's views.
async function agree(person, followers, say) {
  const device = await person.connect();
  const { replica, rows } = await synced(device, person);
  const views = new Map();
  for (const [id, { view }] of replica.chats) {
    const Kind = id === person.id ? "Self" : rows.get(id)?.Name ? "Group" : "Personal";
    const { copy, chat } = await paged(device, person, { ChatId: id, Kind });
    assert.equal(chat.Kind, Kind);
    assert.deepEqual(copy.view, view, say(`pages of ${id} hold what sync brings to ${person.name}`));
    for (const [n, follower] of followers.entries()) {
      assert.deepEqual(follower.replica.chats.get(id)?.view, view, say(`device ${n} of ${person.name} holds ${id}`));
    }
    if (Kind !== "Self") badge(rows.get(id), view, say(`the row of ${id} for ${person.name}`));
    await selections(device, id, view, say);
    views.set(id, view);
  }
  for (const { replica } of followers) {
    assert.deepEqual([...replica.chats.keys()].sort(), [...views.keys()].sort(), say(`chats of ${person.name}`));
  }
  device.close();
  return views;
}

/// What can be asked for by its mark is what bears the mark.
async function selections(device, ChatId, { messages }, say) {
  const seqs = (found) => found.map(({ Seq }) => Seq).sort((one, other) => one - other);
  const seen = messages.filter(({ Hidden, DeletedAt }) => !Hidden && !DeletedAt);
  const starred = await device.must("fetch-starred", { ChatId, Limit: 100 });
  if (!starred.HasMore) assert.deepEqual(seqs(starred.Messages), seqs(seen.filter(({ My }) => My?.Starred)), say(`stars in ${ChatId}`));
  const pinned = (await device.must("fetch-pinned", { ChatId })).Messages.filter(({ My }) => !My?.Hidden);
  assert.deepEqual(seqs(pinned), seqs(seen.filter(({ Pinned }) => Pinned)), say(`pins in ${ChatId}`));
  for (const { Seq, Reactions } of seen.filter(({ Reactions }) => Reactions).slice(-5)) {
    const [{ Emoji, Count, Users }] = Reactions;
    const answer = await device.must("fetch-reactions", { ChatId, Seq, Emoji });
    assert.deepEqual([answer.Emoji, answer.Users.map(({ _id }) => _id)], [Emoji, Users], say(`reactions to ${Seq} in ${ChatId}`));
    assert.equal(Count, Users.length, say(`reactions to ${Seq} in ${ChatId}`));
  }
}

/// Counts equal a recount, and the last message is the newest.
function badge({ Unread, Mentioned, ReadSeq, LastSeq, Last }, { messages, readSeq, ...view }, what) {
  assert.deepEqual([Unread, Mentioned, ReadSeq], [view.Unread, view.Mentioned, readSeq], what);
  const newest = messages.at(-1);
  if (newest) assert.equal(LastSeq, newest.Seq, what);
  const shown = newest && !newest.Hidden ? [newest.Seq, [...newest.Content].slice(0, 120).join("")] : undefined;
  assert.deepEqual(Last && [Last.Seq, Last.Content], shown, what);
}

/// Lets a storm pass, and holds everybody against everybody.
async function storm(t, seed, faults) {
  const say = (what) => `${what}; STORM_SEED=${seed}`;
  const { server, ann, bob, cat } = stage;
  const people = [ann, bob, cat];
  const room = await stage.room("Group");
  room.leave();
  const weather = new Weather({ server, people, group: room.ChatId, chance: new Chance(seed) });
  await weather.blow(STEPS, faults);
  await weather.calm();
  assert.deepEqual(weather.broken, [], say("nothing unheard-of was answered"));
  assert.ok(weather.acked.size > STEPS / 10, say("it was a storm"));

  const all = [];
  for (const person of people) all.push(await agree(person, weather.followers.filter((one) => one.person === person), say));
  for (const views of all) for (const other of all) alike(views, other, say);
  for (const views of all) keeps(views, weather, say);
  t.diagnostic(`${weather.acked.size} messages; ${weather}`);
  weather.close();
}

for (const seed of SEEDS) {
  test(`all agree after a storm with kills (STORM_SEED=${seed})`, (t) => storm(t, seed, { kills: KILLS }));
}

const DRY = STORM_SEED ? Number(STORM_SEED) : SEEDS.at(-1) + 1;
const skip = process.env.GREENROOM_TEST_DATABASE && "only SQLite is locked like this";

test(`all agree after a storm with outages (STORM_SEED=${DRY})`, { skip }, (t) => storm(t, DRY, { outages: OUTAGES }));
