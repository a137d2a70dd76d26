// A right ends with the change that ends it, and begins with the one that gives it, at every node: what was acknowledged at one is so
// at all others for whatever is asked after it, though nobody waits for any event.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { scale } from "../faults/town.mjs";
import { Stage } from "../interop/room.mjs";

const ROUNDS = scale(12, 300);

let stage, server;
before(async () => {
  stage = await Stage.open();
  ({ server } = stage);
});
after(() => stage?.close());

/// A group of Ann, who leads it, with Bob and Cat, and a device of each at every node.
async function group() {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group");
  room.leave();
  const [anns, bobs, cats] = await Promise.all([ann, bob, cat].map((person) => server.everywhere(person)));
  await anns[0].must("edit-group", { ChatId: room.ChatId, Settings: { WhoPins: "Member" } });
  const close = () => [...anns, ...bobs, ...cats].forEach((device) => device.close());
  return { GroupId: room.ChatId, anns, bobs, cats, close };
}

/// The same turn by turn for every pair of nodes: where it is changed, and where it is asked for at once.
async function everyPair(rounds, each) {
  const count = server.nodes.length;
  for (let round = 0; round < rounds; round += 1) await each(round % count, Math.floor(round / count) % count, round);
}

/// What a member does, each of which needs to be one.
const says = (GroupId, Content) => ["send-group-message", { GroupId, Content }];

/// How a right ends and comes back: what the owner asks, what Bob is told afterwards, and what gives it back.
const TURNS = {
  "who is removed": {
    ends: (GroupId, Member) => ["kickout", { GroupId, Member }],
    begins: (GroupId, Member) => ["add-member", { GroupId, Member }],
    code: "not_found",
  },
  "who is muted": {
    ends: (ChatId, Member) => ["mute-member", { ChatId, Member, Seconds: 3_600 }],
    begins: (ChatId, Member) => ["mute-member", { ChatId, Member, Seconds: 0 }],
    code: "muted",
  },
  "where only moderators say something": {
    ends: (ChatId) => ["edit-group", { ChatId, Settings: { WhoPosts: "Moderator" } }],
    begins: (ChatId) => ["edit-group", { ChatId, Settings: { WhoPosts: "Member" } }],
    code: "forbidden",
  },
};

for (const [who, { ends, begins, code }] of Object.entries(TURNS)) {
  test(`${who} says nothing more by any node, and can again once it is undone`, async () => {
    const { GroupId, anns, bobs, cats, close } = await group();
    const { id } = stage.bob;
    await everyPair(ROUNDS, async (at, elsewhere, round) => {
      await anns[at].must(...ends(GroupId, id));
      const answers = await Promise.all(bobs.map((device, n) => device.ask(...says(GroupId, `refused ${round} ${n}`))));
      assert.deepEqual(answers.map(({ Code }) => Code), bobs.map(() => code), `changed at ${at}`);
      await anns[elsewhere].must(...begins(GroupId, id));
      for (const [n, device] of bobs.entries()) await device.must(...says(GroupId, `allowed ${round} ${n}`));
    });
    const { Messages } = await cats[0].fetch("fetch-group-chat", { GroupId, Limit: 200 });
    assert.ok(Messages.every(({ Content }) => Content.startsWith("allowed")), "nothing refused is stored");
    assert.equal((await cats[0].must("fetch-chat", { ChatId: GroupId })).LastSeq, ROUNDS * bobs.length);
    close();
  });
}

test("who is removed changes, marks, reads and sees nothing more by any node", async () => {
  const { GroupId, anns, bobs, close } = await group();
  const ChatId = GroupId;
  const Member = stage.bob.id;
  await everyPair(server.nodes.length ** 2, async (at, elsewhere) => {
    const { Seq } = await bobs[elsewhere].must(...says(GroupId, "mine"));
    await anns[at].must("kickout", { GroupId, Member });
    const asked = [
      ["edit-message", { ChatId, Seq, Content: "no" }],
      ["delete-message", { ChatId, Seq }],
      ["react", { ChatId, Seq, Emoji: "👍", On: true }],
      ["pin-message", { ChatId, Seq, On: true }],
      ["star-message", { ChatId, Seq, On: true }],
      ["read-group-message", { GroupId }],
      ["fetch-group-chat", { GroupId }],
      ["fetch-chat", { ChatId }],
      ["fetch-pinned", { ChatId }],
      ["leave-grp", { GroupId }],
      ["typing", { ChatId, On: true }],
    ];
    for (const [event, payload] of asked) {
      const { Code } = await bobs[elsewhere].ask(event, payload);
      assert.equal(Code, "not_found", `${event} at ${elsewhere}, removed at ${at}`);
    }
    const { Gone, Chats } = await bobs[elsewhere].must("sync", { Chats: { [ChatId]: Seq } });
    assert.deepEqual([Gone, Chats.some(({ Id }) => Id === ChatId)], [[ChatId], false]);
    await anns[elsewhere].must("add-member", { GroupId, Member });
  });
  close();
});

test("a role counts at every node from its acknowledgement to that of its end", async () => {
  const { GroupId, anns, bobs, close } = await group();
  const ChatId = GroupId;
  const [Member, Other] = [stage.bob.id, stage.cat.id];
  const mute = (device) => device.ask("mute-member", { ChatId, Member: Other, Seconds: 60 });
  await everyPair(ROUNDS, async (at, elsewhere) => {
    await anns[at].must("set-role", { ChatId, Member, Role: "Moderator" });
    assert.equal((await mute(bobs[elsewhere])).Ok, true, `made moderator at ${at}, asked at ${elsewhere}`);
    await anns[elsewhere].must("set-role", { ChatId, Member, Role: "Member" });
    assert.equal((await mute(bobs[at])).Code, "forbidden", `made member at ${elsewhere}, asked at ${at}`);
  });
  close();
});

test("a group has one owner, whoever asks where", async () => {
  const { GroupId, anns, bobs, close } = await group();
  const sides = [[anns, stage.bob.id], [bobs, stage.ann.id]];
  await everyPair(ROUNDS, async (at, elsewhere, round) => {
    const [[owners, next], [others]] = round % 2 ? sides.toReversed() : sides;
    await owners[at].must("change-admin", { GroupId, Member: next });
    const before = await owners[elsewhere].ask("kickout", { GroupId, Member: stage.cat.id });
    assert.equal(before.Code, "not_admin", "who has handed over");
    await others[elsewhere].must("edit-group", { ChatId: GroupId, Settings: { SlowMode: 0, OpenHistory: round % 3 === 0 } });
    const { Info } = await owners[elsewhere].must("fetch-chat", { ChatId: GroupId });
    assert.equal(Info.Admin, next);
  });
  close();
});

test("who is banned comes in by no node, neither added nor by an invitation", async () => {
  const { GroupId, anns, bobs, close } = await group();
  const ChatId = GroupId;
  const Member = stage.bob.id;
  await everyPair(server.nodes.length ** 2, async (at, elsewhere) => {
    const { Invite } = await anns[elsewhere].must("create-invite", { ChatId });
    await anns[at].must("ban-member", { ChatId, Member });
    assert.equal((await bobs[elsewhere].ask(...says(GroupId, "no"))).Code, "not_found");
    assert.equal((await bobs[elsewhere].ask("join-group", { Token: Invite.Token })).Code, "forbidden");
    assert.equal((await anns[elsewhere].ask("add-member", { GroupId, Member })).Code, "conflict");
    await anns[elsewhere].must("unban-member", { ChatId, Member });
    await bobs[at].must("join-group", { Token: Invite.Token });
    await bobs[elsewhere].must(...says(GroupId, "in again"));
    await anns[at].must("revoke-invite", { ChatId, Id: Invite.Id });
    const joined = await bobs[elsewhere].must("preview-invite", { Token: Invite.Token });
    assert.equal(joined.Joined, true, "a member still sees where it led");
  });
  close();
});

test("a block ends what the two say to each other at every node", async () => {
  const room = await stage.room("Personal");
  room.leave();
  const { ChatId } = room;
  const [anns, bobs] = await Promise.all([stage.ann, stage.bob].map((person) => server.everywhere(person)));
  const say = (device, Content) => device.ask("send-personal-message", { ChatId, Content });
  await everyPair(ROUNDS, async (at, elsewhere) => {
    await anns[at].must("block-user", { User: stage.bob.id, On: true });
    for (const device of [bobs[elsewhere], anns[elsewhere]]) assert.equal((await say(device, "no")).Code, "blocked");
    await anns[elsewhere].must("block-user", { User: stage.bob.id, On: false });
    for (const device of [bobs[at], anns[at]]) assert.equal((await say(device, "yes")).Ok, true);
  });
  for (const device of [...anns, ...bobs]) device.close();
});

test("a group that is deleted is gone at every node, with its messages", async () => {
  for (const [at, node] of server.nodes.entries()) {
    const { GroupId, anns, bobs, close } = await group();
    await bobs[at].must(...says(GroupId, "gone soon"));
    await anns[at].must("delete-grp", { GroupId });
    for (const device of [...bobs, ...anns]) {
      assert.equal((await device.ask(...says(GroupId, "no"))).Code, "not_found", `deleted at ${node.url}`);
      assert.equal((await device.ask("fetch-group-chat", { GroupId })).Code, "not_found");
    }
    const { Gone } = await bobs[(at + 1) % bobs.length].must("sync", { Chats: { [GroupId]: 1 } });
    assert.deepEqual(Gone, [GroupId]);
    close();
  }
});
