/** How many unread messages mention one: counted as they come, are mended, deleted, hidden and read. */
import { expect, test } from "vitest";
import type { Message } from "../src/model/model.ts";
import { EMPTY } from "../src/model/model.ts";
import { mentionsIn } from "../src/model/rules.ts";
import { newChat } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";

const said = (seq: number, mentions: readonly string[] | undefined, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  sender: "bob",
  senderName: "Bob",
  text: "",
  at: "2026-01-01T00:00:00.000Z",
  rev: 0,
  ...(mentions === undefined ? {} : { mentions }),
  ...more,
});

function chatWith(...messages: Message[]) {
  const store = new Store();
  store.tell({ is: "me", me: { id: "me", name: "Me" } });
  store.tell({ is: "chatMade", chat: "c", kind: "Group", name: "Band" });
  for (const message of messages) store.tell({ is: "said", chat: "c", kind: "Group", message });
  const counts = () => [store.model.chats["c"]?.unread, store.model.chats["c"]?.mentioned];
  const change = (message: Message) => store.tell({ is: "changed", chat: "c", message });
  return { store, counts, change };
}

test("by name and as all, but not by oneself", () => {
  const { counts } = chatWith(said(1, ["me"]), said(2, ["all"]), said(3, ["ann"]), said(4, ["all"], { sender: "me" }));
  expect(counts()).toEqual([3, 2]);
});

test("an edit can begin and end it, a deletion ends it once", () => {
  const { counts, change } = chatWith(said(1, ["me"]), said(2, undefined));
  change(said(2, ["me"], { rev: 1 }));
  expect(counts()).toEqual([2, 2]);
  change(said(1, undefined, { rev: 2 }));
  change(said(1, undefined, { rev: 2 }));
  expect(counts()).toEqual([2, 1]);
  change(said(2, undefined, { rev: 3, deletedAt: "2026-01-01T00:00:01.000Z" }));
  expect(counts()).toEqual([1, 0]);
});

test("reading ends it, here or elsewhere", () => {
  const { store, counts } = chatWith(said(1, ["me"]), said(2, ["me"]), said(3, ["me"]));
  store.tell({ is: "readHere", chat: "c", seq: 1 });
  expect(counts()).toEqual([2, 2]);
  store.tell({ is: "readHere", chat: "c", seq: 2, unread: 1, mentioned: 1 });
  expect(counts()).toEqual([1, 1]);
});

test("all are called by a word of its own", () => {
  const group = { ...newChat("c", "Group", "Band"), rev: 0 };
  expect(mentionsIn(EMPTY, "@all: come", group)).toEqual(["all"]);
  expect(mentionsIn(EMPTY, "@allan, come", group)).toEqual([]);
  expect(mentionsIn(EMPTY, "@all", { ...group, kind: "Personal" })).toEqual([]);
});
