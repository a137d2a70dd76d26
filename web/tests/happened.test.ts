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

test("what happened is told with whom it touches, and what is not known is no error", () => {
  const happened = (What: string, more: object) => {
    const payload = { ChatId: "c", Rev: 4, AfterSeq: 2, At: at(2), What, By: "b", ByName: "Bob", ...more };
    const heard = decode("chat-changed", payload, undefined, 0);
    return heard?.is === "fact" && heard.fact.is === "group" ? heard.fact : undefined;
  };
  const event = { rev: 4, after: 2, at: at(2), byName: "Bob", userName: "Bob" };
  expect(happened("Left", { User: "b", UserName: "Bob" })).toEqual({
    is: "group",
    chat: "c",
    rev: 4,
    news: {},
    event: { ...event, what: "Left" },
  });
  const members = [{ _id: "c", Name: "Cem", Role: "Moderator", Rev: 4 }];
  expect(happened("RoleSet", { User: "c", UserName: "Cem", Role: "Moderator", Members: members })).toMatchObject({
    news: { rows: [{ id: "c", name: "Cem", role: "Moderator", rev: 4 }] },
    event: { what: "RoleSet", userName: "Cem", role: "Moderator" },
  });
  expect(happened("Edited", { Fields: ["Name"] })?.event).toEqual({
    ...event,
    userName: "",
    what: "Edited",
    fields: ["Name"],
  });
  expect(happened("Sung", {})).toEqual({ is: "group", chat: "c", rev: 4, news: {} });
});
