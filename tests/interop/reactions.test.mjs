// Reactions to messages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, NOBODY, Stage, state } from "./room.mjs";
import { hasKeys, refused } from "./shapes.mjs";

const THUMB = "👍";
const HEART = "❤️";
const PLAIN_HEART = "❤";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// Reacts, or takes it back. Everybody else hears the message, own others the own marks, and the answer has both.
async function react(room, device, Seq, Emoji, On = true, told = Emoji) {
  const answer = await room.change(device, "react", { Seq, Emoji, On }, On ? "Reacted" : "Unreacted", { Emoji: told });
  const { Own, My, Message } = answer;
  hasKeys(answer, "Ok", "ChatId", "Seq", "Rev", "Message", "Own", "My");
  assert.equal(My.Own, Own);
  assert.deepEqual(Message.My, My);
  for (const other of room.ownOthers(device)) {
    assert.deepEqual(await other.next("message-mine"), { ChatId: room.ChatId, Seq, My });
  }
  return answer;
}

/// A message, and the first people's phones.
async function scene(kind = "Group") {
  const room = await stage.room(kind);
  const said = await room.say(room.devices[0][0], "what do you think?");
  return { room, said, Seq: said.Seq, ChatId: room.ChatId, phones: room.devices.map(([phone]) => phone) };
}

for (const kind of ALL_KINDS) {
  test(`a reaction is seen by all, and one's own by oneself: ${kind}`, async () => {
    const { room, said, Seq, phones } = await scene(kind);
    const device = phones.at(-1);
    const { id } = room.people.at(-1);
    const first = await react(room, device, Seq, THUMB);
    const Reactions = [{ Emoji: THUMB, Count: 1, Users: [id] }];
    assert.deepEqual(first.Message, { ...said, Rev: first.Rev, Reactions, My: first.My });
    assert.deepEqual(first.My, { Own: first.Own, Reactions: [THUMB] });
    for (const phone of phones) {
      const seen = { ...said, Rev: first.Rev, Reactions, ...(phone === device && { My: first.My }) };
      assert.deepEqual(state(await room.shown(phone, Seq)), state(seen));
      assert.deepEqual((await room.missed(phone, Seq - 1)).Messages, [seen]);
    }
    await room.repeats(device, "react", { Seq, Emoji: THUMB, On: true }, first);

    const back = await react(room, device, Seq, THUMB, false);
    assert.deepEqual([back.Rev, back.Own], [first.Rev + 1, first.Own + 1]);
    assert.deepEqual([back.My, "Reactions" in back.Message], [{ Own: back.Own }, false]);
    await room.repeats(device, "react", { Seq, Emoji: THUMB, On: false }, back);
    room.leave();
  });
}

test("taking back what was never given changes nothing", async () => {
  const { room, said, Seq, ChatId, phones } = await scene();
  const answer = { Ok: true, ChatId, Seq, Rev: 0, Message: said, Own: 0 };
  await room.repeats(phones[1], "react", { Seq, Emoji: THUMB, On: false }, answer);
  room.leave();
});

test("emojis stand in the order of their first use, with the first people who used them", async () => {
  const { room, Seq, phones } = await scene();
  const [ann, bob, cat] = room.people.map((person) => person.id);
  await react(room, phones[1], Seq, THUMB);
  await react(room, phones[0], Seq, "🎉");
  await react(room, phones[2], Seq, THUMB);
  await react(room, phones[0], Seq, THUMB);
  const { Message, My } = await react(room, phones[1], Seq, "🎉");
  assert.deepEqual(Message.Reactions, [
    { Emoji: THUMB, Count: 3, Users: [bob, cat, ann] },
    { Emoji: "🎉", Count: 2, Users: [ann, bob] },
  ]);
  assert.deepEqual(My.Reactions.toSorted(), [THUMB, "🎉"].toSorted());

  for (const phone of phones) await react(room, phone, Seq, THUMB, false);
  const again = await react(room, phones[2], Seq, THUMB);
  assert.deepEqual(again.Message.Reactions, [
    { Emoji: "🎉", Count: 2, Users: [ann, bob] },
    { Emoji: THUMB, Count: 1, Users: [cat] },
  ]);
  room.leave();
});

test("five of those who reacted stand on the message, all can be asked for", async () => {
  const { server, ann } = stage;
  const more = await server.people("Dan", "Eli", "Fay", "Gil");
  const room = await stage.room("Group", [ann, stage.bob, stage.cat, ...more]);
  const { ChatId } = room;
  const [[phone]] = room.devices;
  const { Seq } = await room.say(phone, "everybody?");
  const order = [3, 0, 6, 2, 5, 1, 4].map((n) => room.people[n]);
  for (const person of order) await react(room, room.devices[room.people.indexOf(person)][0], Seq, THUMB);
  const [{ Count, Users }] = (await room.shown(phone, Seq)).Reactions;
  assert.deepEqual([Count, Users], [7, order.slice(0, 5).map((person) => person.id)]);
  const asked = await phone.must("fetch-reactions", { ChatId, Seq, Emoji: THUMB });
  const told = { ChatId, Seq, Emoji: THUMB, Users: order.map(({ id, name }) => ({ _id: id, Name: name })) };
  assert.deepEqual(asked, { Ok: true, ...told });
  phone.emit("fetch-reactions", { ChatId, Seq, Emoji: THUMB });
  assert.deepEqual(await phone.next("reactions"), told);
  assert.deepEqual((await phone.must("fetch-reactions", { ChatId, Seq, Emoji: "🎉" })).Users, []);
  await room.quiet();
  room.leave();
});

test("emojis that differ only in their presentation are one, in the form first used", async () => {
  const { room, Seq, ChatId, phones } = await scene();
  const first = await react(room, phones[0], Seq, HEART);
  await room.repeats(phones[0], "react", { Seq, Emoji: PLAIN_HEART, On: true }, first);
  const second = await react(room, phones[1], Seq, PLAIN_HEART, true, HEART);
  assert.deepEqual(second.Message.Reactions.map(({ Emoji, Count }) => [Emoji, Count]), [[HEART, 2]]);
  assert.deepEqual(second.My.Reactions, [HEART]);
  const asked = await phones[2].must("fetch-reactions", { ChatId, Seq, Emoji: PLAIN_HEART });
  assert.deepEqual([asked.Emoji, asked.Users.length], [HEART, 2]);
  await react(room, phones[0], Seq, PLAIN_HEART, false, HEART);
  await react(room, phones[1], Seq, HEART, false);
  const anew = await react(room, phones[1], Seq, PLAIN_HEART);
  assert.deepEqual(anew.Message.Reactions.map(({ Emoji }) => Emoji), [PLAIN_HEART]);
  room.leave();
});

test("an emoji is one visible character of the kinds that are pictures", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const pictures = [
    "😀",
    "©",
    "✈️",
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "🏴‍☠️",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "👩🏽‍🚀",
    "❤️‍🔥",
    "🇩🇪",
    "1️⃣",
    "#⃣",
    "*️⃣",
    "0⃣",
  ];
  for (const Emoji of pictures) {
    const { Seq } = await room.say(phone, Emoji);
    assert.equal((await react(room, phone, Seq, Emoji)).Message.Reactions[0].Emoji, Emoji);
  }
  const { Seq } = await room.say(phone, "none of these");
  const texts = ["", " ", "a", "1", "#", "é", "ab", ":)", "a⃣", "11⃣", "\u200d", "\ufe0f", "\0"];
  const others = [...texts, "😀😀", "😀 ", " 😀", "a😀", "😀a", "🇩", "🇩🇪🇫🇷", "🏽", "😀\0", "\ud83d"];
  // A family of eighteen is one cluster and has more than 64 bytes.
  const family = Array(18).fill("👩").join("\u200d");
  for (const Emoji of [...others, family]) {
    for (const On of [true, false]) await refused(phone, "react", [{ ChatId: room.ChatId, Seq, Emoji, On }], "bad_request");
  }
  for (const Emoji of ["a", "", "😀😀"]) {
    await refused(phone, "fetch-reactions", [{ ChatId: room.ChatId, Seq, Emoji }], "bad_request");
  }
  await refused(phone, "react", [{ ChatId: NOBODY, Seq, Emoji: "a", On: true }], "bad_request");
  room.leave();
});

test("a message takes so many emojis, and so many of one person", async () => {
  const { server } = stage;
  await server.restart({ settings: { "messages.reactions": "4", "messages.reactions_per_user": "3" } });
  const { room, Seq, ChatId, phones } = await scene();
  const emojis = ["😀", "😁", "😂", "😃", "😄"];
  for (const Emoji of emojis.slice(0, 3)) await react(room, phones[0], Seq, Emoji);
  await refused(phones[0], "react", [{ ChatId, Seq, Emoji: emojis[3], On: true }], "too_large");
  const full = await react(room, phones[1], Seq, emojis[3]);
  await refused(phones[1], "react", [{ ChatId, Seq, Emoji: emojis[4], On: true }], "too_large");
  await refused(phones[0], "react", [{ ChatId, Seq, Emoji: emojis[3], On: true }], "too_large");
  await room.repeats(phones[1], "react", { Seq, Emoji: emojis[3], On: true }, full);
  await react(room, phones[1], Seq, emojis[0]);
  await react(room, phones[1], Seq, emojis[3], false);
  await react(room, phones[2], Seq, emojis[4]);
  room.leave();
});

test("the bounds hold when everybody reacts at once", async () => {
  const { room, Seq, ChatId, phones } = await scene();
  const emojis = ["😀", "😁", "😂", "😃", "😄", "😅", "😆", "😇"];
  // Each begins with others, so that one person's bound alone does not keep the message's.
  const asked = phones.flatMap((phone, n) => {
    const own = [...emojis.slice(3 * n), ...emojis.slice(0, 3 * n)];
    return own.map((Emoji) => phone.ask("react", { ChatId, Seq, Emoji, On: true }));
  });
  const answers = await Promise.all(asked);
  const held = answers.filter(({ Ok }) => Ok);
  assert.ok(answers.every(({ Ok, Code }) => Ok || Code === "too_large"));
  const { Reactions } = await room.shown(phones[0], Seq);
  assert.equal(Reactions.length, 4);
  assert.equal(Reactions.reduce((sum, { Count }) => sum + Count, 0), held.length);
  for (const { id } of room.people) assert.ok(Reactions.filter(({ Users }) => Users.includes(id)).length <= 3);
  assert.deepEqual(held.map(({ Rev }) => Rev).sort((a, b) => a - b), held.map((_, n) => n + 1));
  room.leave();
});

test("flipping fast ends where the last word was", async () => {
  await stage.server.restart({ settings: {} });
  const { room, Seq, ChatId, phones } = await scene();
  const asked = Array.from({ length: 41 }, (_, n) => phones[1].must("react", { ChatId, Seq, Emoji: THUMB, On: n % 2 === 0 }));
  const answers = await Promise.all(asked);
  assert.deepEqual(answers.map(({ Rev }) => Rev), answers.map((_, n) => n + 1));
  for (const [, laptop] of [room.devices[0], room.devices[2]]) {
    const told = await laptop.take("message-changed", 41);
    assert.deepEqual(told.map(({ What }) => What), answers.map((_, n) => (n % 2 ? "Unreacted" : "Reacted")));
  }
  assert.equal((await room.shown(phones[0], Seq)).Reactions[0].Count, 1);
  room.leave();
});

test("reactions of those who left stay, and what they say survives a crash", async () => {
  const { server, ann, bob } = stage;
  const { room, Seq, ChatId, phones } = await scene();
  await react(room, phones[1], Seq, THUMB);
  await phones[1].must("leave-grp", room.name);
  await server.restart({ signal: "SIGKILL" });
  const back = await ann.connect();
  assert.deepEqual((await room.shown(back, Seq)).Reactions, [{ Emoji: THUMB, Count: 1, Users: [bob.id] }]);
  const { Users } = await back.must("fetch-reactions", { ChatId, Seq, Emoji: THUMB });
  assert.deepEqual(Users, [{ _id: bob.id, Name: bob.name }]);
  back.close();
});

test("reactions of those who ended their account stay, without a name of theirs", async () => {
  const { server, ann } = stage;
  const [dan] = await server.people("Dan");
  const room = await stage.room("Group", [ann, dan]);
  const [[phone], [dans]] = room.devices;
  const { ChatId } = room;
  const { Seq } = await room.say(phone, "bye?");
  await react(room, dans, Seq, THUMB);
  const answer = await fetch(`${server.url}/me`, {
    method: "DELETE",
    headers: { "content-type": "application/json", authorization: `Bearer ${dan.tokens.accessToken}` },
    body: JSON.stringify({ currentPassword: dan.password }),
  });
  assert.equal(answer.status, 200);
  await phone.next("chat-changed");
  assert.deepEqual((await room.shown(phone, Seq)).Reactions.map(({ Emoji, Count }) => [Emoji, Count]), [[THUMB, 1]]);
  const { Users } = await phone.must("fetch-reactions", { ChatId, Seq, Emoji: THUMB });
  assert.deepEqual(Users.map(({ Name }) => Name), ["Deleted user"]);
  room.leave();
});
