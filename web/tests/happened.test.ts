/** What happens in a group stands between the messages where it happened. */
import { expect, test } from "vitest";
import { rowsOf } from "../src/model/look-up.ts";
import type { Happening, Message } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { decode } from "../src/wire/decode.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
const said = (seq: number): Message => ({
  id: `m${seq}`,
  seq,
  sender: "bob",
  senderName: "Bob",
  text: "",
  at: at(seq),
  rev: 0,
});
const event = (rev: number, after: number): Happening => ({
  rev,
  after,
  at: at(after),
  what: "Added",
  byName: "Ann",
  userName: "Cem",
});

function keys(messages: readonly Message[], events: readonly (readonly Happening[])[], afresh = true) {
  const store = new Store();
  store.tell({ is: "chatMade", chat: "c", kind: "Group", name: "Band" });
  const page = { chat: "c", kind: "Group", reads: {}, messages, hasMore: messages[0]?.seq !== 1 } as const;
  store.tell({ is: "page", page, afresh });
  for (const some of events) store.tell({ is: "happened", chat: "c", events: some });
  const chat = store.model.chats["c"];
  return chat === undefined
    ? []
    : rowsOf(store.model, chat, (time) => time.slice(0, 10), undefined).map((row) => row.key);
}

test("between two messages, at the end, and once however often it was heard", () => {
  const both = [event(2, 2), event(1, 1)];
  expect(keys([said(1), said(2)], [both, [event(2, 2)]])).toEqual([
    "day-2026-01-01",
    "m-1",
    "happened-1",
    "m-2",
    "happened-2",
  ]);
});

test("what lies before the window waits for its messages", () => {
  expect(keys([said(8), said(9)], [[event(1, 3), event(2, 7)]])).toEqual([
    "day-2026-01-01",
    "happened-2",
    "m-8",
    "m-9",
  ]);
});

test("before anything was said it stands alone", () => {
  expect(keys([], [[event(1, 0)]])).toEqual(["day-2026-01-01", "happened-1"]);
});

test("only matters of people are told, and others are no error", () => {
  const payload = {
    ChatId: "c",
    Rev: 4,
    AfterSeq: 2,
    At: at(2),
    What: "Left",
    By: "b",
    ByName: "Bob",
    User: "b",
    UserName: "Bob",
  };
  expect(decode("chat-changed", payload, undefined, 0)).toEqual({
    is: "fact",
    fact: {
      is: "happened",
      chat: "c",
      events: [{ rev: 4, after: 2, at: at(2), what: "Left", byName: "Bob", userName: "Bob" }],
    },
  });
  const edited = {
    ChatId: "c",
    Rev: 5,
    AfterSeq: 2,
    At: at(2),
    What: "Edited",
    By: "b",
    ByName: "Bob",
    Fields: ["Name"],
  };
  expect(decode("chat-changed", edited, undefined, 0)).toEqual({
    is: "fact",
    fact: { is: "happened", chat: "c", events: [] },
  });
});
