/** What the browser keeps: the outbox and drafts for good, the cache as far as it fits. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cache } from "../src/keep/cache.ts";
import { type Database, openDatabase } from "../src/keep/database.ts";
import { Files } from "../src/keep/files.ts";
import { Outbox, OutboxIsFull } from "../src/keep/outbox.ts";
import { type Chat, type Message, newChat } from "../src/model/model.ts";

let database: Database;
let users = 0;
const next = () => {
  users += 1;
  return users;
};
beforeEach(async () => {
  const opened = await openDatabase(`user-${next()}`);
  if (opened === undefined) throw new Error("a database");
  database = opened;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const pending = (clientId: string, chat = "c") => ({ clientId, chat, text: clientId, at: "2026-01-01T00:00:00.000Z" });
const message = (seq: number): Message => ({
  id: `m${seq}`,
  seq,
  sender: "bob",
  senderName: "Bob",
  text: `${seq}`,
  at: "2026-01-01T00:00:00.000Z",
  rev: 0,
});
const chatOf = (from: number, to: number): Chat => ({
  ...newChat("c", "Personal", "Bob"),
  lastSeq: to,
  window: { from, messages: Array.from({ length: to - from + 1 }, (_, index) => message(from + index)) },
});

test("a message goes into the outbox and its draft goes, both or neither", async () => {
  const outbox = new Outbox(database, "tab");
  await database.put("drafts", { chat: "c", text: "half a thought" });
  await outbox.put(pending("one"));
  expect(await database.count("drafts")).toBe(0);
  expect(await outbox.adopt(async () => false)).toEqual([pending("one")]);
  await outbox.remove("one");
  expect(await outbox.adopt(async () => false)).toEqual([]);
});

test("what a closed tab left is adopted, what a living one wrote is not", async () => {
  await new Outbox(database, "closed").put(pending("left"));
  await new Outbox(database, "living").put(pending("its own"));
  const ours = new Outbox(database, "ours");
  expect((await ours.adopt(async (tab) => tab === "closed")).map((one) => one.clientId)).toEqual(["left"]);
  expect((await new Outbox(database, "third").adopt(async () => false)).map((one) => one.clientId)).toEqual([]);
});

test("a refusal is remembered", async () => {
  const outbox = new Outbox(database, "tab");
  await outbox.put(pending("one"));
  await outbox.mark({ ...pending("one"), refused: "too_large" });
  expect((await outbox.adopt(async () => false))[0]?.refused).toBe("too_large");
});

test("what one cleared is kept nowhere", async () => {
  const cache = new Cache(database);
  const chat = chatOf(1, 8);
  await cache.save({ c: chat }, new Set());
  const { window: _, ...rest } = chat;
  await cache.save({ c: { ...rest, firstSeq: 9, window: { from: 9, messages: [] } } }, new Set());
  expect(await database.count("messages")).toBe(0);
  const [kept] = await new Cache(database).load();
  expect(kept?.window).toEqual({ from: 9, messages: [] });
});

test("the cache gives back the newest run without a gap", async () => {
  await new Cache(database).save({ c: chatOf(1, 80) }, new Set());
  const [chat] = await new Cache(database).load();
  expect(chat?.window?.from).toBe(31);
  expect(chat?.window?.messages.length).toBe(50);

  await database.delete("messages", ["c", 70]);
  const [holed] = await new Cache(database).load();
  expect(holed?.window?.from).toBe(71);
});

test("what is saved while the page goes is kept, though the page hears no answer any more", async () => {
  const deaf = vi.spyOn(IDBRequest.prototype, "addEventListener").mockImplementation(() => undefined);
  const commit = vi.spyOn(IDBTransaction.prototype, "commit");
  void new Cache(database).save({ c: chatOf(1, 5) }, new Set());
  deaf.mockRestore();
  // Browsers drop what a page that went had not committed; the database of the tests commits by itself.
  expect(commit).toHaveBeenCalledOnce();
  const [chat] = await new Cache(database).load();
  expect(chat?.window?.messages.length).toBe(5);
});

test("a chat that went while nobody looked goes from the cache, and when one was opened is remembered", async () => {
  await new Cache(database).save({ c: chatOf(1, 5), d: newChat("d", "Group", "Gone") }, new Set(["c"]));
  const opened = await database.get("chats", "c");
  const cache = new Cache(database);
  await cache.load();
  await cache.save({ c: chatOf(1, 6) }, new Set());
  expect(await database.getAllKeys("chats")).toEqual(["c"]);
  expect(await database.get("chats", "c")).toMatchObject({ lastSeq: 6, openedAt: opened?.openedAt });
});

test("a chat that is gone leaves nothing, and clearing leaves what was written", async () => {
  const cache = new Cache(database);
  await cache.save({ c: chatOf(1, 5) }, new Set());
  await cache.save({}, new Set());
  expect(await database.count("messages")).toBe(0);
  await cache.save({ c: chatOf(1, 5) }, new Set());
  await new Outbox(database, "tab").put(pending("one"));
  await cache.clear();
  expect([await database.count("messages"), await database.count("chats"), await database.count("outbox")]).toEqual([
    0, 0, 1,
  ]);
});

test("pruning keeps the newest of each chat", async () => {
  const cache = new Cache(database);
  await cache.save({ c: chatOf(1, 2_100) }, new Set());
  await cache.prune();
  expect(await database.count("messages")).toBe(2_000);
  expect((await cache.load())[0]?.window?.messages.at(-1)?.seq).toBe(2_100);
});

test("what could not be written is written the next time", async () => {
  const cache = new Cache(database);
  const chats = { c: chatOf(1, 5) };
  // As a browser does for want of room.
  vi.spyOn(IDBTransaction.prototype, "commit").mockImplementationOnce(function (this: IDBTransaction) {
    this.abort();
  });
  await expect(cache.save(chats, new Set())).rejects.toThrow();
  await cache.save(chats, new Set());
  expect((await cache.load())[0]?.window?.messages).toHaveLength(5);
});

test("a chat that is gone before anything was written leaves nothing either", async () => {
  await new Cache(database).save({ c: chatOf(1, 5) }, new Set());
  const cache = new Cache(database);
  await cache.load();
  await cache.save({}, new Set());
  expect([await database.count("messages"), await database.count("chats")]).toEqual([0, 0]);
});

test("chats that were not opened for the longest time are pruned first", async () => {
  const cache = new Cache(database, { ofAChat: 10, inAll: 15 });
  const all = { c: chatOf(1, 12), d: { ...chatOf(1, 12), id: "d" }, e: { ...chatOf(1, 12), id: "e" } };
  await cache.save(all, new Set(["d"]));
  const [left] = await database.getAll("chats");
  if (left === undefined) throw new Error("a chat");
  await database.put("chats", { ...left, openedAt: 5 });
  await cache.prune();
  const kept = async (id: string) =>
    (await database.getAllKeys("messages", IDBKeyRange.bound([id, 0], [id, 99]))).length;
  expect([await kept("d"), await kept("c"), await kept("e")]).toEqual([10, 5, 1]);
});

test("what waits to be sent is bounded in number and in bytes", async () => {
  const outbox = new Outbox(database, "tab", { messages: 3, bytes: 10 });
  await outbox.put({ ...pending("one"), text: "äöü" });
  await expect(outbox.put({ ...pending("two"), text: "12345" })).rejects.toThrow(OutboxIsFull);
  await outbox.put({ ...pending("two"), text: "1234" });
  await new Outbox(database, "tab", { messages: 3, bytes: 99 }).put(pending("three"));
  await expect(new Outbox(database, "tab", { messages: 3, bytes: 99 }).put(pending("four"))).rejects.toThrow(
    OutboxIsFull,
  );
  expect(await database.count("outbox")).toBe(3);
});

const upload = (key: string, size = 4) => ({ key, name: `${key}.txt`, type: "", size, share: 0 });

test("the bytes of a closed tab's files are taken over, and what ends with its page is not", async () => {
  const files = new Files(database, "old");
  await files.put("c", { ...upload("a"), preview: "blob:gone" }, new Blob(["some"]));
  await files.put("c", upload("b"), new Blob(["more"]));
  await files.mark({ ...upload("b"), share: 1 });
  await files.remove("nothing");
  const others = new Files(database, "new");
  expect(await others.adopt(async () => false)).toEqual([]);
  const adopted = await others.adopt(async () => true);
  expect(adopted.map(({ chat, upload: { key, share } }) => [chat, key, share])).toEqual([
    ["c", "a", 0],
    ["c", "b", 1],
  ]);
  expect(adopted[0]?.upload.preview).toBeUndefined();
  expect(await (await others.bytes("a"))?.text()).toBe("some");
  await others.remove("a");
  expect(await others.bytes("a")).toBeUndefined();
});

test("no more bytes are kept than fit", async () => {
  const files = new Files(database, "tab", { files: 2, bytes: 10 });
  for (const [key, size] of [
    ["a", 4],
    ["big", 7],
    ["b", 6],
    ["c", 0],
  ] as const)
    await files.put("c", upload(key, size), new Blob([key]));
  expect((await files.adopt(async () => false)).map((one) => one.upload.key)).toEqual(["a", "b"]);
});
