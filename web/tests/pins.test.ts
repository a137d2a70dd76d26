/** What is pinned follows the changes that are heard, whatever their order. */
import { expect, test } from "vitest";
import type { Message } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";

const message = (seq: number, rev: number, pinned: boolean): Message => ({
  id: `m${seq}`,
  seq,
  sender: "bob",
  senderName: "Bob",
  text: `${seq}`,
  at: "2026-01-01T00:00:00.000Z",
  rev,
  ...(pinned ? { pinned } : {}),
});

function chat() {
  const store = new Store();
  store.tell({ is: "chatMade", chat: "c", kind: "Group", name: "Band" });
  for (const seq of [1, 2, 3]) store.tell({ is: "said", chat: "c", kind: "Group", message: message(seq, 0, false) });
  const change = (changed: Message) => store.tell({ is: "changed", chat: "c", message: changed });
  const pins = () => store.model.chats["c"]?.pins?.map((one) => one.seq);
  return { store, change, pins };
}

test("before it was asked for nobody knows", () => {
  const { change, pins } = chat();
  change(message(1, 1, true));
  expect(pins()).toBeUndefined();
});

test("the latest is the first, and what was heard twice changes nothing", () => {
  const { store, change, pins } = chat();
  store.tell({ is: "pins", chat: "c", messages: [message(2, 1, true)] });
  change(message(1, 2, true));
  change(message(1, 2, true));
  expect(pins()).toEqual([1, 2]);
  change(message(2, 3, false));
  change(message(2, 1, true));
  expect(pins()).toEqual([1]);
});
