// Catching up after a reconnect.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";
import { hasKeys, isLive, refused } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

async function catchUp(device, payload) {
  const { Ok, ...missed } = await device.must("sync", payload);
  hasKeys(missed, "Chats", "Gone");
  for (const chat of missed.Chats) {
    const { Info, Roster, Prefs, ...row } = chat;
    hasKeys(row, "Id", "Kind", "LastSeq", "Messages", "HasMore", "Rev", "Own", "ReadSeq", "FirstSeq");
    assert.equal(Prefs === undefined, Object.hasOwn(payload?.Chats ?? {}, chat.Id), "what is whole comes with chats that are not named");
  }
  return { ...missed, chat: (id) => missed.Chats.find((chat) => chat.Id === id) };
}

const seqs = (chat) => chat.Messages.map((message) => message.Seq);

test("what was missed comes whole, oldest first, in the shape in which it would have been heard", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  const [ann, bob] = people;
  const [phone, bobs] = devices;
  await phone.must("create-personal-chat", { Receiver: bob.id });
  const { ChatId } = await phone.next("create-personal-chat-creator");
  await bobs.must("send-self-message", { Content: "note" });
  await phone.must("send-group-message", { GroupId, Content: "heard" });
  assert.equal((await bobs.next("receive-group-message")).Seq, 1);
  bobs.close();

  const missed = [];
  for (const Content of ["two", "three"]) missed.push(await phone.must("send-group-message", { GroupId, Content, ClientId: Content }));
  const personal = await phone.must("send-personal-message", { ChatId, Content: "hello" });

  const back = await bob.connect();
  const { Gone, chat } = await catchUp(back, { Chats: { [GroupId]: 1, [bob.id]: 1 } });
  assert.deepEqual(Gone, []);
  const { Kind, LastSeq, HasMore, Messages } = chat(GroupId);
  assert.deepEqual({ Kind, LastSeq, HasMore }, { Kind: "Group", LastSeq: 3, HasMore: false });
  isLive(Messages[0], missed[0], ann, "two", { GroupId, ClientId: "two" });
  isLive(Messages[1], missed[1], ann, "three", { GroupId, ClientId: "three" });
  assert.equal(Messages.length, 2);
  isLive(chat(ChatId).Messages[0], personal, ann, "hello");
  assert.deepEqual([chat(ChatId).Kind, chat(bob.id).Kind], ["Personal", "Self"]);
  assert.deepEqual(chat(bob.id).Messages, []);
  await back.quiet();
});

test("without an acknowledgement the answer is an event", async () => {
  const { GroupId, devices } = await band(server, "Ann", "Bob");
  for (const args of [[], [{}]]) {
    devices[0].emit("sync", ...args);
    const told = await devices[0].next("sync-result");
    hasKeys(told, "Chats", "Gone");
    assert.ok(told.Chats.some((chat) => chat.Id === GroupId));
  }
  await devices[0].quiet();
});

test("chats one is not in any more are gone, and so are ids that never were", async () => {
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  await devices[0].must("send-group-message", { GroupId, Content: "secret" });
  await devices[0].must("kickout", { GroupId, Member: people[1].id });
  const nothing = "01890000-0000-7000-8000-000000000000";
  const { Chats, Gone } = await catchUp(devices[1], { Chats: { [GroupId]: 0, [nothing]: 0 } });
  assert.deepEqual(Gone.sort(), [GroupId, nothing].sort());
  assert.ok(!Chats.some((chat) => chat.Id === GroupId));
});

test("a later member catches up from where the membership begins", async () => {
  const { GroupId, devices } = await band(server, "Ann", "Bob");
  const [cat] = await server.people("Cat");
  await devices[0].must("send-group-message", { GroupId, Content: "before" });
  await devices[0].must("add-member", { GroupId, Member: cat.id });
  await devices[0].must("send-group-message", { GroupId, Content: "after" });
  const cats = await cat.connect();
  for (const payload of [{}, { Chats: { [GroupId]: 0 } }]) {
    const { chat } = await catchUp(cats, payload);
    assert.deepEqual(chat(GroupId).Messages.map((message) => message.Content), ["after"]);
  }
});

test("what does not fit comes in portions that say so, without a gap", async () => {
  const { GroupId, devices } = await band(server, "Ann", "Bob");
  for (let n = 0; n < 25; n += 1) await devices[0].must("send-group-message", { GroupId, Content: `${n}` });
  await devices[1].take("receive-group-message", 25);
  const all = [];
  let more = true;
  while (more) {
    const { chat } = await catchUp(devices[1], { Chats: { [GroupId]: all.at(-1) ?? 0 }, Limit: 10 });
    assert.ok(chat(GroupId).Messages.length <= 10);
    all.push(...seqs(chat(GroupId)));
    more = chat(GroupId).HasMore;
  }
  assert.deepEqual(all, Array.from({ length: 25 }, (_, n) => n + 1));
});

test("asking to catch up needs the right types", async () => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  for (const payload of [null, [], 5, { Chats: [] }, { Chats: 5 }, { Chats: { x: "1" } }, { Chats: { x: -1 } }, { Chats: { x: 1.5 } }, { Limit: "1" }, { Limit: -1 }]) {
    await refused(device, "sync", [payload], "bad_request");
  }
  await device.quiet();
});
