/** What is heard, as the server sends it, and what is not as it should be. */
import { expect, test } from "vitest";
import { decode, decodeSync } from "../src/wire/decode.ts";

const ME = { id: "u-ann", name: "Ann" };
const LIVE = {
  ChatId: "c",
  Content: "hello",
  Sender: "Bob",
  SenderId: "u-bob",
  _id: "m",
  Seq: 3,
  Timestamp: "2026-01-31T09:30:00.000Z",
};

const factOf = (event: string, payload: unknown) => {
  const heard = decode(event, payload, ME, 1_000);
  return heard?.is === "fact" ? heard.fact : heard;
};

test("a live message keeps all that it says", () => {
  const fact = factOf("receive-group-message", {
    ...LIVE,
    ClientId: "x",
    Rev: 7,
    Edits: 1,
    EditedAt: "2026-01-31T09:31:00.000Z",
    ReplyTo: { Seq: 1, SenderId: "u-ann", Sender: "Ann", Content: "hi" },
    Reactions: [{ Emoji: "🎭", Count: 2, Users: ["u-ann"] }],
    Pinned: true,
  });
  expect(fact).toMatchObject({
    is: "said",
    chat: "c",
    kind: "Group",
    message: {
      seq: 3,
      rev: 7,
      edits: 1,
      clientId: "x",
      pinned: true,
      replyTo: { seq: 1, text: "hi" },
      reactions: [{ emoji: "🎭", count: 2 }],
    },
  });
});

test("a page is turned, and tells how far others have read", () => {
  const message = (seq: number, sender: string, bob: string) => ({
    Content: `${seq}`,
    Sender: sender,
    Timestamp: LIVE.Timestamp,
    _id: `m${seq}`,
    Seq: seq,
    ReadStatus: { "u-ann": "Read", "u-bob": bob },
  });
  const heard = decode(
    "personal-chat",
    {
      UserId: "u-ann",
      User: "Ann",
      Partner: "Bob",
      ChatId: "c",
      HasMore: true,
      Messages: [message(4, "u-ann", "Unread"), message(3, "u-bob", "Read"), message(2, "u-ann", "Read")],
    },
    ME,
    0,
  );
  if (heard?.is !== "page") throw new Error("a page");
  expect(heard.page.messages.map((one) => [one.seq, one.senderName])).toEqual([
    [2, "Ann"],
    [3, "Bob"],
    [4, "Ann"],
  ]);
  expect(heard.page.reads).toEqual({ "u-bob": 2 });
  expect(heard.page.hasMore).toBe(true);
});

test("a group's page has its members in joining order and its owner", () => {
  const heard = decode(
    "group-chat",
    {
      Admin: "u-bob",
      Name: "Band",
      Description: "",
      Participants: { "u-ann": "Ann", "u-bob": "Bob" },
      Messages: [],
      GroupId: "g",
      HasMore: false,
    },
    ME,
    0,
  );
  expect(heard).toMatchObject({
    page: {
      kind: "Group",
      members: [
        { id: "u-ann", role: "Member" },
        { id: "u-bob", role: "Owner" },
      ],
    },
  });
});

test.each([
  ["personal-chat-list", { PersonalChatList: [{ _id: 1 }] }, "personal-chat-list: _id is not a text"],
  ["receive-personal-message", { ...LIVE, Seq: "3" }, "receive-personal-message: Seq is not a number"],
  ["read-grp-msg-ack", [], "read-grp-msg-ack: not an object"],
  ["group-chat", null, "group-chat: not an object"],
])("what is malformed is an error with its name: %s", (event, payload, message) => {
  expect(() => decode(event, payload, ME, 0)).toThrow(message);
});

test("an unknown event means nothing, and none has the name of an object's own", () => {
  expect(decode("some-later-event", {}, ME, 0)).toBeUndefined();
  expect(decode("constructor", {}, ME, 0)).toBeUndefined();
});

test("typing has an end", () => {
  expect(factOf("typing", { ChatId: "c", User: "u-bob", Name: "Bob", On: true, ExpiresIn: 6 })).toMatchObject({
    is: "typing",
    until: 7_000,
  });
  expect(factOf("typing", { ChatId: "c", User: "u-bob", Name: "Bob", On: false })).toMatchObject({
    is: "stoppedTyping",
  });
});

test("sync brings messages, changes and marks", () => {
  const fact = decodeSync({
    Gone: ["old"],
    Chats: [
      {
        Id: "c",
        Kind: "Personal",
        LastSeq: 3,
        Messages: [LIVE],
        HasMore: false,
        Rev: 2,
        Own: 1,
        Changed: [],
        Mine: [{ Seq: 1, My: { Own: 1, Starred: true } }],
        ChangedMore: false,
      },
    ],
  });
  expect(fact.gone).toEqual(["old"]);
  expect(fact.rows[0]).toMatchObject({
    lastSeq: 3,
    rev: 2,
    own: 1,
    marked: [{ seq: 1, mine: { starred: true, hidden: false } }],
  });
});
