// Whatever was acknowledged at one node is in the next answer of any other, and a page holds what was told up to it, no more and no less.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { scale } from "../faults/town.mjs";
import { Stage } from "../interop/room.mjs";
import { Tape } from "./tape.mjs";

const ROUNDS = scale(15, 400);
const SAID = scale(120, 2_000);
const EMOJI = "👍";

let stage, server;
before(async () => {
  stage = await Stage.open();
  ({ server } = stage);
});
after(() => stage?.close());

test("one's own and others' deeds are in whatever is asked for at another node right after", async () => {
  const room = await stage.room("Group");
  room.leave();
  const { ChatId } = room;
  const GroupId = ChatId;
  const [anns, bobs] = await Promise.all([stage.ann, stage.bob].map((person) => server.everywhere(person)));
  const count = anns.length;
  for (let round = 0; round < ROUNDS; round += 1) {
    const here = anns[round % count];
    const there = [anns, bobs].map((own) => own[(round + 1) % count]);
    const { Seq, _id } = await here.must("send-group-message", { GroupId, Content: `${round}` });
    for (const device of there) {
      const { Messages } = await device.fetch("fetch-group-chat", { GroupId, Limit: 1 });
      assert.equal(Messages[0]._id, _id, "in a page");
      assert.equal((await device.must("fetch-chat", { ChatId })).LastSeq, Seq, "in fetch-chat");
      const { Chats } = await device.must("sync", { Chats: { [ChatId]: Seq - 1 } });
      assert.deepEqual(Chats.find(({ Id }) => Id === ChatId).Messages.map((message) => message._id), [_id], "in sync");
      assert.equal((await room.row(device)).Last.Seq, Seq, "in the lists");
    }
    await here.must("react", { ChatId, Seq, Emoji: EMOJI, On: true });
    for (const device of there) assert.equal((await device.must("fetch-reactions", { ChatId, Seq, Emoji: EMOJI })).Users.length, 1);
    const { Rev } = await here.must("pin-message", { ChatId, Seq, On: true });
    for (const device of there) assert.equal((await device.must("fetch-pinned", { ChatId })).Messages[0].Rev, Rev);
    const Name = `Band ${round}`;
    await here.must("edit-group", { ChatId, Name });
    for (const device of there) assert.equal((await device.must("fetch-chat", { ChatId })).Info.Name, Name);
    await here.must("pin-message", { ChatId, Seq, On: false });
    await here.must("star-message", { ChatId, Seq, On: true });
    assert.equal((await there[0].must("fetch-starred", { ChatId, Limit: 1 })).Messages[0].Seq, Seq);
    await there[1].must("read-group-message", { GroupId });
    const { Unread, ReadSeq } = await room.row(bobs[round % count]);
    assert.deepEqual([Unread, ReadSeq], [0, Seq]);
    const { Messages } = await here.fetch("fetch-group-chat", { GroupId, Limit: 1 });
    assert.equal(Messages[0].ReadStatus[stage.bob.id], "Read");
    await here.must("delete-message", { ChatId, Seq });
    for (const device of there) assert.equal((await device.fetch("fetch-group-chat", { GroupId, Limit: 1 })).Messages[0].Content, "");
  }
  for (const device of [...anns, ...bobs]) device.close();
});

test("a message that was just said at another node can be answered, forwarded, marked and changed", async () => {
  const room = await stage.room("Group");
  room.leave();
  const { ChatId } = room;
  const GroupId = ChatId;
  const [anns, bobs] = await Promise.all([stage.ann, stage.bob].map((person) => server.everywhere(person)));
  const say = async (device) => (await device.must("send-group-message", { GroupId, Content: "here" })).Seq;
  for (let round = 0; round < ROUNDS; round += 1) {
    const here = anns[round % anns.length];
    const there = bobs[(round + 1) % bobs.length];
    await there.must("send-group-message", { GroupId, Content: "indeed", ReplyTo: await say(here) });
    await there.must("forward-message", { ChatId, Seq: await say(here), To: stage.bob.id });
    await there.must("react", { ChatId, Seq: await say(here), Emoji: EMOJI, On: true });
    await there.must("star-message", { ChatId, Seq: await say(here), On: true });
    await there.must("hide-message", { ChatId, Seq: await say(here) });
    await there.must("read-group-message", { GroupId, Seq: await say(here) });
    const elsewhere = anns[(round + 2) % anns.length];
    await elsewhere.must("edit-message", { ChatId, Seq: await say(here), Content: "edited" });
    await elsewhere.must("delete-message", { ChatId, Seq: await say(here) });
  }
  for (const device of [...anns, ...bobs]) device.close();
});

test("who was just added can do what members do, at any node", async () => {
  const room = await stage.room("Group");
  room.leave();
  const GroupId = room.ChatId;
  const [anns, eves] = await Promise.all([stage.ann, stage.eve].map((person) => server.everywhere(person)));
  for (let round = 0; round < ROUNDS; round += 1) {
    const [here, there] = [anns[round % anns.length], eves[(round + 1) % eves.length]];
    await here.must("add-member", { GroupId, Member: stage.eve.id });
    await there.must("send-group-message", { GroupId, Content: "hello" });
    await eves[round % eves.length].fetch("fetch-group-chat", { GroupId });
    await there.must("leave-grp", { GroupId });
    assert.equal((await eves[round % eves.length].ask("send-group-message", { GroupId, Content: "no" })).Code, "not_found");
  }
  for (const device of [...anns, ...eves]) device.close();
});

test("a page holds exactly what was told before it, while others talk at all nodes", async () => {
  const room = await stage.room("Group");
  room.leave();
  const { ChatId } = room;
  const GroupId = ChatId;
  const [anns, bobs] = await Promise.all([stage.ann, stage.bob].map((person) => Promise.all(server.nodes.map((node) => Tape.open(node, person)))));
  let talking = anns.length;
  const talks = anns.map(async (tape, n) => {
    for (let k = 0; k < SAID; k += 1) await tape.must("send-group-message", { GroupId, Content: `${n} ${k}` });
    talking -= 1;
  });
  const reads = bobs.map(async (tape) => {
    while (talking > 0) await tape.must("fetch-group-chat", { GroupId, Limit: 1 });
  });
  await Promise.all([...talks, ...reads]);
  let pages = 0;
  for (const tape of bobs) {
    let told = 0;
    for (const { name, payload } of tape.lines) {
      if (name === "receive-group-message" && payload.ChatId === ChatId) told = payload.Seq;
      if (name !== "group-chat") continue;
      assert.equal(payload.Messages[0]?.Seq ?? 0, told, "the newest of the page is the last that was told");
      pages += 1;
    }
    tape.close();
  }
  assert.ok(pages > SAID / 10);
  for (const tape of anns) tape.close();
});
