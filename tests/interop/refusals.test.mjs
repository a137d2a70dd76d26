// Whatever is wrong with a change, or with what is asked of changes, it is refused clearly and nothing is stored.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { NOBODY, Stage } from "./room.mjs";
import { hasKeys, refused } from "./shapes.mjs";

let stage, room, phone, Seq, untouched;

before(async () => {
  stage = await Stage.open();
  room = await stage.room("Group");
  [[phone]] = room.devices;
  ({ Seq } = await room.say(phone, "untouched"));
  untouched = await view();
});
after(() => stage?.close());

afterEach(async () => {
  await room.quiet();
  assert.deepEqual(await view(), untouched, "nothing is stored");
});

async function view() {
  return { chat: await phone.must("fetch-chat", { ChatId: room.ChatId }), page: await room.page(phone) };
}

const TEXT = [5, true, {}, { $ne: null }, [], ["x"]];
const NUMBER = ["1", "", 1.5, -1, true, {}, [], [1]];
const TIME = "2024-01-01T00:00:00.000Z";
const SWITCH = ["true", "", 0, 1, {}, [], [true]];
const LIST = ["all", 5, true, {}];
const FILES = [...LIST, [5], [null], ["x"], [{}], [{ Id: 5 }]];
const OBJECT = ["x", 5, true, [], ["x"]];

/// A payload that each event takes, with what is wrong for each field; under `optional` the fields that may be missing.
const events = () => {
  const { ChatId } = room;
  const message = { ChatId: [ChatId, TEXT], Seq: [Seq, NUMBER] };
  const send = { Content: ["no", TEXT], optional: { ReplyTo: [Seq, NUMBER], Mentions: [[], LIST], Attachments: [[], FILES], ClientId: ["x", TEXT] } };
  return {
    "send-group-message": { GroupId: [ChatId, TEXT], ...send },
    "send-personal-message": { ChatId: [ChatId, TEXT], ...send },
    "send-self-message": send,
    "edit-message": { ...message, Content: ["no", TEXT], optional: { Mentions: [[], LIST], IfEdits: [0, NUMBER] } },
    "delete-message": message,
    "hide-message": message,
    react: { ...message, Emoji: ["👍", TEXT], On: [true, SWITCH] },
    "fetch-reactions": { ...message, Emoji: ["👍", TEXT] },
    "pin-message": { ...message, On: [true, SWITCH] },
    "fetch-pinned": { ChatId: [ChatId, TEXT] },
    "star-message": { ...message, On: [true, SWITCH] },
    "fetch-starred": { optional: { ChatId: [ChatId, TEXT], Cursor: ["x", TEXT], Limit: [1, NUMBER] } },
    "forward-message": { ...message, To: [ChatId, TEXT], optional: { ClientId: ["x", TEXT] } },
    "fetch-activity": { ChatId: [ChatId, TEXT], optional: { Before: [1, NUMBER], Limit: [1, NUMBER] } },
    "fetch-chat": { ChatId: [ChatId, TEXT] },
    typing: { ChatId: [ChatId, TEXT], On: [true, SWITCH] },
    delivered: { ChatId: [ChatId, TEXT], Seq: [Seq, NUMBER] },
    ...ofGroups(ChatId),
    ...ofOneself(ChatId),
  };
};

/// The events about a group and its members.
const ofGroups = (id) => {
  const ChatId = [id, TEXT];
  const member = { ChatId, Member: [NOBODY, TEXT] };
  return {
    "edit-group": { ChatId, Name: ["No", TEXT], optional: { Description: ["no", TEXT], Avatar: [null, TEXT], Settings: [{}, OBJECT] } },
    "set-role": { ...member, Role: ["Member", [...TEXT, "Owner"]] },
    "mute-member": { ...member, Seconds: [1, NUMBER] },
    "ban-member": member,
    "unban-member": member,
    "fetch-bans": { ChatId },
    "create-invite": { ChatId, optional: { Seconds: [60, NUMBER], MaxUses: [1, NUMBER] } },
    "list-invites": { ChatId },
    "revoke-invite": { ChatId, Id: [NOBODY, TEXT] },
    "preview-invite": { Token: ["x", TEXT] },
    "join-group": { Token: ["x", TEXT] },
  };
};

/// The events about what is one's own: preferences, blocks, profiles.
const ofOneself = (id) => {
  const ChatId = [id, TEXT];
  return {
    "set-chat-prefs": { ChatId, Archived: [true, SWITCH], optional: { Mute: [0, NUMBER], Pinned: [true, SWITCH], MarkedUnread: [true, SWITCH] } },
    "clear-chat": { ChatId, optional: { Seq: [Seq, NUMBER] } },
    "block-user": { User: [NOBODY, TEXT], On: [true, SWITCH] },
    "fetch-profiles": { Users: [[NOBODY], [...LIST, [5], [null]]] },
    "edit-profile": { Name: ["No", TEXT], optional: { Bio: ["no", TEXT], Status: ["no", TEXT], StatusUntil: [null, TEXT], Avatar: [null, TEXT] } },
    "search-messages": {
      Query: ["x", TEXT],
      optional: { ChatId, From: [NOBODY, TEXT], HasFile: [true, [...SWITCH, false]], Before: [TIME, TEXT], After: [TIME, TEXT], Limit: [1, [...NUMBER, 0]], Cursor: ["x", TEXT] },
    },
  };
};

const values = (fields) => Object.fromEntries(Object.entries(fields).map(([field, [value]]) => [field, value]));

test("a payload that is no object is refused by every event", async () => {
  for (const event of [...Object.keys(events()), "watch-presence", "set-privacy"]) {
    for (const payload of [[], [{}], "text", 5, true, null]) await refused(phone, event, [payload], "bad_request");
  }
});

test("a second payload is refused by every event", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    await refused(phone, event, [values(needed), {}], "bad_request");
  }
});

test("each field must be there and of its type", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    for (const [field, [, wrong]] of Object.entries(needed)) {
      const { [field]: _, ...without } = values(needed);
      await refused(phone, event, [without], "bad_request");
      for (const value of [null, ...wrong]) await refused(phone, event, [{ ...values(needed), [field]: value }], "bad_request");
    }
  }
});

test("an optional field that is there must be of its type", async () => {
  for (const [event, { optional = {}, ...needed }] of Object.entries(events())) {
    for (const [field, [, wrong]] of Object.entries(optional)) {
      for (const value of wrong) await refused(phone, event, [{ ...values(needed), [field]: value }], "bad_request");
    }
  }
});

test("bytes are refused by every event", async () => {
  for (const [event, { optional, ...needed }] of Object.entries(events())) {
    for (const field of Object.keys(needed)) {
      await refused(phone, event, [{ ...values(needed), [field]: Buffer.from("bytes") }], "bad_request");
    }
  }
});

/// The events that name one message of a chat, or the chat alone.
const inChat = () => Object.entries(events()).filter(([, { ChatId }]) => ChatId);

test("a chat of others answers like one that does not exist, whatever else is asked", async () => {
  const outsider = await stage.eve.connect();
  for (const [event, { optional, ...needed }] of inChat()) {
    const messages = [];
    for (const ChatId of [room.ChatId, NOBODY, stage.ann.id, "", "%", "x".repeat(500)]) {
      messages.push(await refused(outsider, event, [{ ...values(needed), ChatId }], "not_found"));
    }
    assert.deepEqual(new Set(messages).size, 1, `${event}: ${messages}`);
  }
  await refused(outsider, "fetch-starred", [{ ChatId: room.ChatId }], "not_found");
  await outsider.quiet();
  outsider.close();
});

test("what is about groups finds no chat of another kind", async () => {
  const pair = await stage.room("Personal", undefined, room);
  for (const ChatId of [pair.ChatId, stage.ann.id]) {
    for (const [event, { optional, ...needed }] of Object.entries(ofGroups(ChatId)).filter(([, fields]) => fields.ChatId)) {
      await refused(phone, event, [values(needed)], "not_found");
    }
  }
  await pair.quiet();
});

test("shape comes before the chat", async () => {
  for (const [event, { optional, ...needed }] of inChat()) {
    for (const field of Object.keys(needed).filter((field) => field !== "ChatId")) {
      await refused(phone, event, [{ ...values(needed), ChatId: NOBODY, [field]: {} }], "bad_request");
    }
  }
});

test("a message that is not there is not found by anybody who may ask", async () => {
  for (const [event, { optional, ...needed }] of inChat()) {
    if (!needed.Seq || event === "delivered") continue;
    for (const nothing of [0, Seq + 1, Number.MAX_SAFE_INTEGER]) {
      await refused(phone, event, [{ ...values(needed), Seq: nothing }], "not_found");
    }
  }
});

test("unknown fields are ignored", async () => {
  const odd = { constructor: 1, toString: null, Extra: { Nested: [1, [2]] }, "": "", By: "x", Rev: "x" };
  await phone.must("fetch-pinned", { ...odd, ChatId: room.ChatId });
  await phone.must("react", { ...odd, ChatId: room.ChatId, Seq, Emoji: "👍", On: false });
});

test("who changes too much is told when to go on", async () => {
  const strict = await Stage.open({ "limits.enabled": "true", "limits.changes_per_user": "1 per 1h, burst 6" });
  try {
    const own = await strict.room("Self");
    const [[device]] = own.devices;
    const { ChatId } = own;
    const { Seq } = await device.must(own.send, { Content: "note" });
    const answers = [];
    for (let n = 0; n < 10; n += 1) answers.push(await device.ask("star-message", { ChatId, Seq, On: n % 2 === 0 }));
    const held = answers.filter(({ Ok }) => Ok).length;
    assert.ok(held >= 5 && held <= 6, `${held} changes`);
    for (const answer of answers.slice(held)) {
      hasKeys(answer, "Ok", "Code", "Message", "RetryAfter");
      assert.equal(answer.Code, "rate_limited");
      assert.ok(answer.RetryAfter > 0);
    }
    device.emit("star-message", { ChatId, Seq, On: true });
    const failure = await device.next("request-failed");
    hasKeys(failure, "Event", "Code", "Message", "RetryAfter");
    assert.deepEqual([failure.Event, failure.Code], ["star-message", "rate_limited"]);
    await device.must("fetch-chat", { ChatId });
  } finally {
    await strict.close();
  }
});
