/** Pictures that were seen are there without a network: bounded, for one person alone, and as long as their messages may be seen. */
import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/keep/database.ts";
import { Pictures as Kept } from "../src/keep/pictures.ts";
import { Cache } from "../src/keep/cache.ts";
import { type Message, newChat } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { Pictures } from "../src/sync/pictures.ts";
import type { Fetched } from "../src/wire/pictures.ts";
import { StillClock } from "./shelf.ts";

let users = 0;
let database: Database;
beforeEach(async () => {
  users += 1;
  const opened = await openDatabase(`looker-${users}`);
  if (opened === undefined) throw new Error("a database");
  database = opened;
});

const said = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  sender: "ann",
  senderName: "Ann",
  text: "",
  at: "",
  rev: 0,
  ...more,
});
const path = (seq: number) => `/files/f${seq}/thumbnail`;

/** A page of somebody with two chats, and what the server answers. */
function page(answer: (path: string) => Fetched = (of) => new Blob([of])) {
  const store = new Store();
  const asked: string[] = [];
  const kept = new Kept(database);
  let mayKeep = true;
  const pictures = new Pictures(
    store,
    new StillClock(),
    async (of) => {
      asked.push(of);
      return answer(of);
    },
    () => (mayKeep ? kept : undefined),
  );
  const messages = [said(1), said(2), said(3)];
  const chats = ["c", "d"].map((id) => ({ ...newChat(id, "Group", id), lastSeq: 3, window: { from: 1, messages } }));
  store.tell({ is: "loaded", chats, pending: [], drafts: {} });
  const forbid = () => {
    mayKeep = false;
  };
  return { store, pictures, asked, forbid };
}

const paths = async () => (await database.getAllKeys("pictures")).sort();

test("what was seen is there when nobody answers, and is fetched once", async () => {
  const { pictures, asked } = page();
  await pictures.saw({ chat: "c", seq: 1, path: path(1) });
  await pictures.saw({ chat: "c", seq: 1, path: path(1) });
  expect(asked).toEqual([path(1)]);
  const offline = page(() => undefined);
  expect(await (await offline.pictures.bytes(path(1)))?.text()).toBe(path(1));
  expect(await offline.pictures.bytes(path(2))).toBeUndefined();
});

test("what may not be seen any more is neither shown nor kept", async () => {
  await page().pictures.saw({ chat: "c", seq: 1, path: path(1) });
  expect(await page(() => "gone").pictures.bytes(path(1))).toBeUndefined();
  expect(await paths()).toEqual([]);
});

test("a picture goes with its message, its chat, and what one cleared", async () => {
  const { store, pictures } = page();
  for (const seq of [1, 2, 3]) await pictures.saw({ chat: "c", seq, path: path(seq) });
  await pictures.saw({ chat: "d", seq: 3, path: path(4) });
  store.tell({ is: "changed", chat: "c", message: said(3, { rev: 2, deletedAt: "2026-01-01T12:00:00.000Z" }) });
  await expect.poll(paths).toEqual([path(1), path(2), path(4)]);
  const prefs = { own: 1, firstSeq: 2, archived: false, pinned: false, markedUnread: false, hidden: false };
  store.tell({ is: "prefs", chat: "c", prefs });
  await expect.poll(paths).toEqual([path(2), path(4)]);
  store.tell({ is: "marked", chat: "c", seq: 2, mine: { own: 2, reactions: [], starred: false, hidden: true } });
  await expect.poll(paths).toEqual([path(4)]);
  store.tell({ is: "chatGone", chat: "d" });
  await expect.poll(paths).toEqual([]);
});

test("a deletion that was missed takes the picture along, though the message is in no window", async () => {
  const { store, pictures } = page();
  await pictures.saw({ chat: "c", seq: 1, path: path(1) });
  store.tell({ is: "trimmed", chat: "c", end: "old", count: 2 });
  const row = { chat: "c", kind: "Group", lastSeq: 3, rev: 5, own: 0, messages: [], marked: [] } as const;
  const changed = [said(1, { rev: 5, deletedAt: "2026-01-01T12:00:00.000Z" })];
  store.tell({ is: "caught", gone: [], rows: [{ ...row, changed, hasMore: false, changedMore: false, reset: false }] });
  await expect.poll(paths).toEqual([]);
});

test("pictures of chats that one was taken out of meanwhile go once that is known", async () => {
  await new Kept(database).put({ chat: "other", seq: 1, path: path(1) }, new Blob(["x"]), 1);
  page().store.tell({ is: "current" });
  await expect.poll(paths).toEqual([]);
});

test("bytes are bounded: what was not seen for the longest time goes, and what is too large never comes", async () => {
  const kept = new Kept(database, { inAll: 10, ofOne: 5 });
  for (const seq of [1, 2, 3]) await kept.put({ chat: "c", seq, path: path(seq) }, new Blob(["1234"]), seq);
  expect(await paths()).toEqual([path(2), path(3)]);
  await kept.touch({ chat: "c", seq: 2, path: path(2) }, 4);
  await kept.put({ chat: "c", seq: 4, path: path(4) }, new Blob(["1234"]), 5);
  expect(await paths()).toEqual([path(2), path(4)]);
  await kept.put({ chat: "c", seq: 5, path: path(5) }, new Blob(["123456"]), 6);
  expect(await paths()).toEqual([path(2), path(4)]);
});

test("where nothing may stay nothing is kept, and the end of the login takes all", async () => {
  const { pictures, forbid } = page();
  await pictures.saw({ chat: "c", seq: 1, path: path(1) });
  forbid();
  await pictures.saw({ chat: "c", seq: 2, path: path(2) });
  expect(await paths()).toEqual([path(1)]);
  await new Cache(database).clear();
  expect(await paths()).toEqual([]);
});
