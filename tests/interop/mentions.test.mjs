// Who is mentioned, and what unread messages are counted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ALL_KINDS, NOBODY, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

test("mentions are members, in the order given, once each; whoever else was meant is named to the sender", async () => {
  const { ann, bob, cat, eve } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const send = async (Mentions, mentioned, not) => {
    const answer = await phone.must(room.send, { ...room.name, Content: "hey", Mentions });
    assert.deepEqual(answer.NotMentioned, not);
    const message = await room.hears(phone, answer);
    assert.deepEqual(message.Mentions, mentioned);
    assert.deepEqual((await room.shown(bobs, message.Seq)).Mentions, mentioned);
    assert.deepEqual((await room.missed(bobs, message.Seq - 1)).Messages, [message]);
  };
  await send([cat.id, bob.id, cat.id], [cat.id, bob.id]);
  await send(["all"], ["all"]);
  await send([bob.id, "all", cat.id], [bob.id, "all", cat.id]);
  await send([ann.id], undefined);
  await send([eve.id, bob.id, NOBODY, eve.id, "x"], [bob.id], [eve.id, NOBODY, "x"]);
  await send([], undefined);
  await room.quiet();
  room.leave();
});

test("members of a group may call all, as the default is", async () => {
  const room = await stage.room("Group");
  const [, [bobs]] = room.devices;
  assert.deepEqual((await room.say(bobs, "everybody!", { Mentions: ["all"] })).Mentions, ["all"]);
  room.leave();
});

for (const kind of ALL_KINDS.filter((kind) => kind !== "Group")) {
  test(`outside groups nobody calls all: ${kind}`, async () => {
    const { ann, bob, cat } = stage;
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const Mentions = ["all", ann.id, bob.id, cat.id];
    const answer = await phone.must(room.send, { ...room.name, Content: "hey", Mentions });
    const message = await room.hears(phone, answer);
    const [mentioned, not] = kind === "Personal" ? [[bob.id], ["all", cat.id]] : [undefined, ["all", bob.id, cat.id]];
    assert.deepEqual([message.Mentions, answer.NotMentioned], [mentioned, not]);
    await room.quiet();
    room.leave();
  });
}

test("mentions are a list of at most fifty texts", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const message = { ...room.name, Content: "no" };
  for (const Mentions of ["all", {}, 5, true, [5], [null], [[bob.id]], [bob.id, {}]]) {
    await refused(phone, room.send, [{ ...message, Mentions }], "bad_request");
  }
  await refused(phone, room.send, [{ ...message, Mentions: Array(51).fill(bob.id) }], "too_large");
  await room.quiet();
  assert.deepEqual((await room.say(phone, "yes", { Mentions: Array(50).fill(bob.id) })).Mentions, [bob.id]);
  assert.ok(!("Mentions" in (await room.say(phone, "yes", { Mentions: null }))));
  room.leave();
});

test("those who left are mentioned no more", async () => {
  const { bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone], , cats] = room.devices;
  const said = await room.say(phone, "hey", { Mentions: [cat.id] });
  await cats[0].must("leave-grp", room.name);
  for (const device of cats) await device.next("group-left-success");
  const answer = await phone.must("edit-message", { ChatId: room.ChatId, Seq: said.Seq, Content: "hey you", Mentions: [cat.id, bob.id] });
  assert.deepEqual([answer.Message.Mentions, answer.NotMentioned], [[bob.id], [cat.id]]);
  room.leave();
});

test("unread and mentioned count what others said since, as it is now", async () => {
  const { bob, cat } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs, laptop], [cats]] = room.devices;
  const counts = async (Unread, Mentioned) => {
    const row = await room.row(bobs);
    assert.deepEqual([row.Unread, row.Mentioned], [Unread, Mentioned]);
  };
  await counts(0, 0);
  const plain = await room.say(phone, "plain");
  const mine = await room.say(cats, "bob?", { Mentions: [bob.id] });
  const all = await room.say(phone, "all!", { Mentions: ["all"] });
  await room.say(phone, "cat?", { Mentions: [cat.id] });
  await room.say(bobs, "bob's own", { Mentions: ["all"] });
  await counts(4, 2);

  await room.change(phone, "edit-message", { Seq: plain.Seq, Content: "bob!", Mentions: [bob.id, "all"] }, "Edited");
  await counts(4, 3);
  await room.change(phone, "edit-message", { Seq: all.Seq, Content: "nobody" }, "Edited");
  await counts(4, 2);
  await room.mark(bobs, "hide-message", { Seq: plain.Seq });
  await counts(3, 1);
  await room.change(cats, "delete-message", { Seq: mine.Seq }, "Deleted");
  await counts(2, 0);
  await room.change(cats, "react", { Seq: all.Seq, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  await room.change(phone, "pin-message", { Seq: all.Seq, On: true }, "Pinned");
  await counts(2, 0);
  await room.say(cats, "bob?", { Mentions: [bob.id] });
  const { ChatId } = room;
  assert.deepEqual(await room.reads(bobs, all.Seq), { ChatId, Seq: all.Seq, Unread: 2, Mentioned: 1 });
  await counts(2, 1);
  const { Seq, ...left } = await room.reads(bobs);
  assert.deepEqual(left, { ChatId, Unread: 0, Mentioned: 0 });
  await counts(0, 0);
  const { groups } = (await bob.connect()).opening;
  assert.deepEqual(groups.filter((row) => row._id === room.ChatId).map(({ Unread, Mentioned }) => [Unread, Mentioned]), [[0, 0]]);
  await laptop.quiet();
  room.leave();
});

test("counts stop at a bound, and the first so many unread messages are looked at for both", async () => {
  const { server, bob } = stage;
  await server.restart({ settings: { "history.unread_cap": "5" } });
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const said = [];
  for (let n = 1; n <= 8; n += 1) said.push(await room.say(phone, `${n}`, { Mentions: n % 2 ? [bob.id] : [] }));
  const counts = async (Unread, Mentioned) => {
    const row = await room.row(bobs);
    assert.deepEqual([row.Unread, row.Mentioned], [Unread, Mentioned]);
  };
  await counts(5, 3);
  await room.change(phone, "delete-message", { Seq: said[0].Seq }, "Deleted");
  await counts(5, 2);
  const left = async (Seq) => {
    const { Unread, Mentioned } = await room.reads(bobs, Seq);
    return [Unread, Mentioned];
  };
  assert.deepEqual(await left(said[1].Seq), [5, 3]);
  await counts(5, 3);
  assert.deepEqual(await left(said[3].Seq), [4, 2]);
  await counts(4, 2);
  room.leave();
});

test("how many may be mentioned is a setting", async () => {
  const { server, bob, cat } = stage;
  await server.restart({ settings: { "messages.mentions": "2" } });
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const three = [bob.id, cat.id, "all"];
  await refused(phone, room.send, [{ ...room.name, Content: "no", Mentions: three }], "too_large");
  const { Seq } = await room.say(phone, "yes", { Mentions: three.slice(1) });
  await refused(phone, "edit-message", [{ ChatId: room.ChatId, Seq, Content: "no", Mentions: three }], "too_large");
  room.leave();
});
