/** What is kept can be read without a network, as far back as it has no gap, and changes with what is heard. */
import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { Cache } from "../src/keep/cache.ts";
import { type Database, openDatabase } from "../src/keep/database.ts";
import { refusedWith } from "../src/model/intent.ts";
import { type Chat, type Message, newChat } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { KeptHistory } from "../src/sync/kept-history.ts";

let users = 0;
let database: Database;
beforeEach(async () => {
  users += 1;
  const opened = await openDatabase(`reader-${users}`);
  if (opened === undefined) throw new Error("a database");
  database = opened;
});

const said = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  sender: "ann",
  senderName: "Ann",
  text: `text ${seq}`,
  at: "",
  rev: 0,
  ...more,
});
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => said(from + index));
const chat = (lastSeq: number, from: number): Chat => ({
  ...newChat("c", "Group", "c"),
  rev: 0,
  own: 0,
  lastSeq,
  window: { from, messages: run(from, lastSeq) },
});

/** Somebody who comes back without a network. */
async function offline() {
  const store = new Store();
  const cache = new Cache(database);
  const history = new KeptHistory(store, () => cache);
  store.tell({ is: "loaded", chats: await cache.load(), pending: [], drafts: {} });
  const window = () => {
    const { from, messages } = store.model.chats["c"]?.window ?? { from: 0, messages: [] };
    return [from, from + messages.length - 1];
  };
  const want = async (want: "older" | "newer" | "newest") =>
    (await history.want({ want, chat: "c" }, refusedWith("offline"))).ok;
  return { store, history, window, want };
}

test("one reads back to where the cache has a gap, and forward again", async () => {
  const cache = new Cache(database);
  await cache.save({ c: chat(20, 1) }, new Set());
  await cache.save({ c: chat(700, 101) }, new Set());
  const { window, want, history } = await offline();
  expect(window()).toEqual([651, 700]);
  while (await want("older"));
  expect(window()).toEqual([101, 500]);
  expect(await want("newer")).toBe(true);
  expect(window()[1]).toBe(550);
  expect(await want("newest")).toBe(true);
  expect(window()).toEqual([651, 700]);
  await history.want({ want: "around", chat: "c", seq: 120 }, refusedWith("offline"));
  expect(window()).toEqual([101, 144]);
  expect((await history.want({ want: "around", chat: "c", seq: 50 }, refusedWith("offline"))).ok).toBe(false);
});

test("what changes outside of the window changes in the cache, live and by what was missed", async () => {
  await new Cache(database).save({ c: chat(300, 1) }, new Set());
  const { store, want } = await offline();
  store.tell({ is: "current" });
  const deletedAt = "2026-01-01T12:00:00.000Z";
  store.tell({ is: "changed", chat: "c", message: said(230, { rev: 1, deletedAt, text: "" }) });
  const changed = [said(231, { rev: 2, text: "mended" })];
  const mine = { own: 1, reactions: [], starred: true, hidden: false };
  const row = { chat: "c", kind: "Group", lastSeq: 300, rev: 2, own: 1, messages: [], changed } as const;
  const more = { marked: [{ seq: 232, mine }], hasMore: false, changedMore: false, reset: false };
  store.tell({ is: "caught", gone: [], rows: [{ ...row, ...more }] });
  await expect.poll(async () => (await database.get("messages", ["c", 232]))?.message.mine?.starred).toBe(true);
  expect((await database.get("messages", ["c", 230]))?.message.text).toBe("");
  expect(await want("older")).toBe(true);
  const { from, messages } = store.model.chats["c"]?.window ?? { from: 0, messages: [] };
  expect(messages[231 - from]?.text).toBe("mended");
});

test("a chat that begins anew keeps nothing of before", async () => {
  await new Cache(database).save({ c: chat(300, 1) }, new Set());
  const { store } = await offline();
  const row = { chat: "c", kind: "Group", lastSeq: 2, rev: 0, own: 0, messages: run(1, 2), changed: [] } as const;
  store.tell({
    is: "caught",
    gone: [],
    rows: [{ ...row, marked: [], hasMore: false, changedMore: false, reset: true }],
  });
  await expect.poll(() => database.count("messages")).toBe(0);
});
