// Replies, and the quotes in them, which are made whenever somebody reads.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// The quote of a message as it is now.
const quote = ({ Seq, SenderId, Sender, Content }, more = {}) => ({ Seq, SenderId, Sender, Content, ...more });

for (const kind of ALL_KINDS) {
  test(`a reply carries a quote of what it answers: ${kind}`, async () => {
    const room = await stage.room(kind);
    const author = room.devices.at(-1)[0];
    const [[phone]] = room.devices;
    const original = await room.say(author, "question");
    const reply = await room.say(phone, "answer", { ReplyTo: original.Seq });
    assert.deepEqual(reply.ReplyTo, quote(original));
    for (const [device] of room.devices) {
      assert.deepEqual((await room.shown(device, reply.Seq)).ReplyTo, quote(original));
      assert.deepEqual((await room.missed(device, reply.Seq - 1)).Messages, [reply]);
    }
    await room.quiet();
    room.leave();
  });
}

test("a quote shows the original as it is when it is read", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs], [cats]] = room.devices;
  const original = await room.say(phone, "helo");
  const reply = await room.say(bobs, "?", { ReplyTo: original.Seq });
  const { Rev } = await room.change(phone, "edit-message", { Seq: original.Seq, Content: "hello" }, "Edited");
  const edited = quote(original, { Content: "hello" });
  assert.deepEqual((await room.shown(cats, reply.Seq)).ReplyTo, edited);
  assert.ok(!("Rev" in (await room.shown(cats, reply.Seq))), "the reply has not changed");
  const later = await room.say(cats, "!", { ReplyTo: original.Seq });
  assert.deepEqual(later.ReplyTo, edited);
  const { Changed } = await room.missed(cats, { Seq: later.Seq, Rev: Rev - 1, Own: 0 });
  assert.deepEqual(Changed.map(({ Seq }) => Seq), [original.Seq]);

  const { Message } = await room.change(phone, "delete-message", { Seq: original.Seq }, "Deleted");
  const gone = quote(original, { Content: "", DeletedAt: Message.DeletedAt });
  assert.deepEqual((await room.shown(cats, reply.Seq)).ReplyTo, gone);
  const { Messages } = await room.missed(cats, reply.Seq - 1);
  assert.deepEqual(Messages.map((message) => message.ReplyTo), [gone, gone]);
  const change = await room.change(bobs, "edit-message", { Seq: reply.Seq, Content: "??" }, "Edited");
  assert.deepEqual(change.Message.ReplyTo, gone, "an edit keeps the reply");
  room.leave();
});

test("a quote is the first 120 characters, whatever they are made of", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  for (const [Content, first] of [
    ["x".repeat(120), "x".repeat(120)],
    ["x".repeat(121), "x".repeat(120)],
    ["é".repeat(500), "é".repeat(120)],
    [`${"a".repeat(119)}😀😀`, `${"a".repeat(119)}😀`],
    ["👨‍👩‍👧".repeat(40), [..."👨‍👩‍👧".repeat(40)].slice(0, 120).join("")],
  ]) {
    const { Seq } = await room.say(phone, Content);
    assert.equal((await room.say(phone, "re", { ReplyTo: Seq })).ReplyTo.Content, first);
  }
  room.leave();
});

test("a reply to a reply quotes one level", async () => {
  const room = await stage.room("Personal");
  const [[phone], [bobs]] = room.devices;
  const one = await room.say(phone, "one");
  const two = await room.say(bobs, "two", { ReplyTo: one.Seq });
  const three = await room.say(phone, "three", { ReplyTo: two.Seq });
  assert.deepEqual(three.ReplyTo, quote(two));
  room.leave();
});

test("only what is visible and not deleted can be answered, and the first refusal stores nothing", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { Seq } = await room.say(phone, "one");
  for (const nothing of [0, Seq + 1, Seq + 2, 1_000_000]) {
    await refused(bobs, room.send, [{ ...room.name, Content: "re", ReplyTo: nothing }], "not_found");
  }
  await room.change(phone, "delete-message", { Seq }, "Deleted");
  await refused(bobs, room.send, [{ ...room.name, Content: "re", ReplyTo: Seq }], "conflict");
  await room.quiet();
  const next = await room.say(bobs, "plain", { ReplyTo: null });
  assert.equal(next.Seq, Seq + 1);
  assert.ok(!("ReplyTo" in next));
  room.leave();
});

test("whoever cannot see the original is shown that there is one, and can neither answer nor change it", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone], [bobs]] = room.devices;
  const { ChatId, name } = room;
  const original = await room.say(phone, "before cat");
  await phone.must("add-member", { ...name, Member: cat.id });
  const cats = await cat.connect();
  assert.deepEqual((await cats.fetch(room.fetch, name)).Messages, []);
  await bobs.must(room.send, { ...name, Content: "re", ReplyTo: original.Seq });
  const hidden = { Seq: original.Seq, Unavailable: true };
  const told = await cats.next(room.receive);
  assert.deepEqual(told.ReplyTo, hidden);
  assert.deepEqual((await phone.next(room.receive)).ReplyTo, quote(original));
  assert.deepEqual((await room.shown(cats, told.Seq)).ReplyTo, hidden);
  assert.deepEqual((await room.missed(cats)).Messages[0].ReplyTo, hidden);

  await phone.must("edit-message", { ChatId, Seq: original.Seq, Content: "before Cat" });
  await phone.must("pin-message", { ChatId, Seq: original.Seq, On: true });
  await phone.must("delete-message", { ChatId, Seq: original.Seq });
  assert.deepEqual((await room.shown(cats, told.Seq)).ReplyTo, hidden);
  await cats.quiet(room.fetch, name);
  const { Rev } = await cats.must("fetch-chat", { ChatId });
  const { Changed, ...row } = await room.missed(cats, { Seq: told.Seq, Rev: Rev - 3, Own: 0 });
  assert.deepEqual([Changed, row.Rev, row.ChangedMore], [[], Rev, false]);

  const { Seq } = original;
  for (const [event, more] of [
    [room.send, { ...name, Content: "re", ReplyTo: Seq }],
    ["edit-message", { Content: "x" }],
    ["delete-message", {}],
    ["hide-message", {}],
    ["react", { Emoji: "👍", On: true }],
    ["react", { Emoji: "👍", On: false }],
    ["fetch-reactions", { Emoji: "👍" }],
    ["star-message", { On: true }],
    ["forward-message", { To: cat.id }],
  ]) {
    await refused(cats, event, [{ ChatId, Seq, ...more }], "not_found");
  }
  cats.close();
  room.leave();
});

test("an answer comes after all that its sender did to the message before", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId, name } = room;
  const { Seq } = await room.say(phone, "one");
  const send = { ...name, Content: "re", ReplyTo: Seq };
  const asked = [
    phone.ask("edit-message", { ChatId, Seq, Content: "uno" }),
    phone.ask(room.send, send),
    phone.ask("forward-message", { ChatId, Seq, To: ChatId }),
    phone.ask("delete-message", { ChatId, Seq }),
    phone.ask(room.send, send),
    phone.ask("forward-message", { ChatId, Seq, To: ChatId }),
    phone.ask(room.send, { ...name, Content: "plain" }),
  ];
  const answers = await Promise.all(asked);
  assert.deepEqual(answers.map(({ Ok, Code }) => Ok || Code), [true, true, true, true, "conflict", "conflict", true]);
  assert.deepEqual([answers[1].Seq, answers[2].Seq, answers[6].Seq], [Seq + 1, Seq + 2, Seq + 3]);
  for (const device of room.others(phone)) {
    const [reply, copy] = await device.take(room.receive, 3);
    assert.deepEqual([reply.ReplyTo.Seq, copy.Content], [Seq, "uno"]);
  }
  room.leave();
});

test("a sender who is asked again gets the first answer, whatever the message says now", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const original = await room.say(bobs, "question");
  const message = { ...room.name, Content: "answer", ClientId: "again", ReplyTo: original.Seq };
  const first = await phone.must(room.send, message);
  await room.hears(phone, first);
  await room.change(bobs, "delete-message", { Seq: original.Seq }, "Deleted");
  for (const again of [message, { ...message, ReplyTo: 1_000 }, { ...message, Content: "other", Mentions: ["all"], ReplyTo: null }]) {
    assert.deepEqual(await phone.must(room.send, again), { ...first, Repeat: true });
  }
  // What is no message at all is refused before anything is looked for.
  for (const [wrong, code] of [
    [{ Content: "" }, "bad_request"],
    [{ Content: "a".repeat(16_385) }, "too_large"],
    [{ ReplyTo: "1" }, "bad_request"],
  ]) {
    await refused(phone, room.send, [{ ...message, ...wrong }], code);
  }
  await room.quiet();
  room.leave();
});
