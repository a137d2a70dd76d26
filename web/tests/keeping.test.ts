/** Coming and leaving: what is kept is loaded once, for the one who is here, and nothing of one user is taken from another. */
import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { Cache } from "../src/keep/cache.ts";
import { openDatabase } from "../src/keep/database.ts";
import type { Fact } from "../src/model/fact.ts";
import { newChat } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { Keeping } from "../src/sync/keeping.ts";
import { MemoryShelf, StillClock } from "./shelf.ts";

let users = 0;
let user = "";
beforeEach(() => {
  users += 1;
  user = `keeper-${users}`;
});

function page() {
  const store = new Store();
  const clock = new StillClock();
  const heard: Fact["is"][] = [];
  store.listen((_, fact) => heard.push(fact.is));
  const keeping = new Keeping(
    store,
    clock,
    crypto.randomUUID(),
    async () => true,
    () => true,
    new MemoryShelf(),
  );
  return { store, keeping, heard, clock };
}

/** As it is after an earlier visit. */
async function withCache(of: string): Promise<void> {
  const database = await openDatabase(of);
  if (database === undefined) throw new Error("a database");
  const chats = [newChat(of, "Self", "Me"), { ...newChat("c", "Personal", "Bob"), lastSeq: 4 }];
  await new Cache(database).save(Object.fromEntries(chats.map((chat) => [chat.id, chat])), new Set());
  database.close();
}

test("whoever asks a second time waits until all is loaded", async () => {
  await withCache(user);
  const { store, keeping, heard } = page();
  void keeping.enter(user);
  await keeping.enter(user);
  expect(store.model.chats["c"]?.lastSeq).toBe(4);
  expect(heard.filter((is) => is === "loaded")).toHaveLength(1);
});

test("who left before all was loaded hears nothing of it", async () => {
  await withCache(user);
  const { store, keeping } = page();
  const entered = keeping.enter(user);
  await keeping.leave(false);
  await entered;
  expect(store.model.chats).toEqual({});
});

test("another user takes nothing of what the one before has written and not sent", async () => {
  const { store, keeping } = page();
  await keeping.enter(user);
  store.tell({ is: "me", me: { id: user, name: "Me" } });
  await keeping.want({ want: "send", chat: user, text: "waits" });
  await keeping.enter(`${user}-other`);
  expect(store.model.pending).toEqual([]);
  const again = page();
  await again.keeping.enter(user);
  expect(again.store.model.pending.map((one) => one.text)).toEqual(["waits"]);
});

async function counted(store: "messages" | "chats" | "outbox"): Promise<number | undefined> {
  const database = await openDatabase(user);
  const count = await database?.count(store);
  database?.close();
  return count;
}

test("what is kept is pruned once the page stands", async () => {
  await withCache(user);
  const database = await openDatabase(user);
  const message = { id: "m", seq: 4, sender: "b", senderName: "Bob", text: "", at: "", rev: 0 };
  await database?.put("messages", { chat: "c", seq: 4, message });
  await database?.put("chats", { ...newChat("c", "Personal", "Bob"), lastSeq: 3_000, openedAt: 0 });
  database?.close();
  const { keeping, clock } = page();
  await keeping.enter(user);
  expect(await counted("messages")).toBe(1);
  clock.pass(10_000);
  await expect.poll(() => counted("messages")).toBe(0);
});

test("where nothing may stay, what was heard goes at once and what was written stays", async () => {
  await withCache(user);
  const { store, keeping } = page();
  await keeping.enter(user);
  store.tell({ is: "me", me: { id: user, name: "Me" } });
  await keeping.want({ want: "send", chat: user, text: "waits" });
  await keeping.forget();
  expect([await counted("chats"), await counted("outbox")]).toEqual([0, 1]);
});

test("files stand beside their draft again after a reload, or in the message that waits", async () => {
  const first = page();
  await first.keeping.enter(user);
  const upload = (key: string) => ({ key, name: `${key}.txt`, type: "", size: 4, share: 0 });
  first.store.tell({ is: "attached", chat: "c", uploads: [upload("a")] });
  await first.keeping.files?.put("c", upload("a"), new Blob(["some"]));
  await first.keeping.want({ want: "send", chat: "c", text: "" });
  await first.keeping.files?.put("c", upload("b"), new Blob(["more"]));
  await first.keeping.leave(false);
  const { store, keeping } = page();
  await keeping.enter(user);
  expect(store.model.pending.map(({ uploads = [] }) => uploads.map(({ key }) => key))).toEqual([["a"]]);
  expect(store.model.trays["c"]?.map(({ key }) => key)).toEqual(["b"]);
});

test("a text that is mended is there again after a reload with what it was refused with, beside the draft", async () => {
  const first = page();
  await first.keeping.enter(user);
  const mending = { seq: 4, edits: 1, was: "six", text: "seven", hasFiles: false, refused: "expired" };
  await first.keeping.want({ want: "draft", chat: "c", text: "a thought" });
  await first.keeping.want({ want: "mend", chat: "c", mending });
  first.keeping.flush();
  await first.keeping.leave(false);
  const second = page();
  await second.keeping.enter(user);
  expect([second.store.model.drafts, second.store.model.mendings]).toEqual([{ c: "a thought" }, { c: mending }]);
  await second.keeping.want({ want: "mend", chat: "c", mending: undefined });
  await second.keeping.leave(false);
  const third = page();
  await third.keeping.enter(user);
  expect([third.store.model.drafts, third.store.model.mendings]).toEqual([{ c: "a thought" }, {}]);
});
