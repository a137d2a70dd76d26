/** What was typed last is there again after the page went, whatever the browser does with the transactions of a page that goes. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../src/keep/database.ts";
import { Store } from "../src/model/store.ts";
import { Keeping } from "../src/sync/keeping.ts";
import { MemoryShelf, StillClock } from "./shelf.ts";

const whole = IDBDatabase.prototype.transaction;
/** From now on the database takes nothing, as that of a page that goes away. */
function abortAll(): void {
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException("the page goes", "InvalidStateError");
  };
}
function abortNone(): void {
  IDBDatabase.prototype.transaction = whole;
}
afterEach(abortNone);

let users = 0;
let user = "";
let shelf: MemoryShelf;
const clock = new StillClock();
beforeEach(() => {
  users += 1;
  user = `user-${users}`;
  shelf = new MemoryShelf();
});

/** A page of this user. */
async function page() {
  const store = new Store();
  const keeping = new Keeping(
    store,
    clock,
    crypto.randomUUID(),
    async () => true,
    () => true,
    shelf,
  );
  await keeping.enter(user);
  const write = (chat: string, text: string) => {
    clock.pass(1);
    return keeping.want({ want: "draft", chat, text });
  };
  const goAway = () => {
    abortAll();
    keeping.flush();
    abortNone();
  };
  return { store, keeping, write, goAway };
}

async function drafts() {
  const database = await openDatabase(user);
  const rows = (await database?.getAll("drafts")) ?? [];
  database?.close();
  return Object.fromEntries(rows.map((row) => [row.chat, row.text]));
}

const committed = () => expect.poll(() => shelf.length).toBe(0);

test("what was typed at the last moment is there again, and then in the database alone", async () => {
  const before = await page();
  await before.write("c", "half a thought");
  before.goAway();
  expect(await drafts()).toEqual({});
  const after = await page();
  expect(after.store.model.drafts).toEqual({ c: "half a thought" });
  await committed();
  expect(await drafts()).toEqual({ c: "half a thought" });
});

test("what was taken away at the last moment does not come back", async () => {
  const before = await page();
  await before.write("c", "half a thought");
  clock.pass(300);
  await expect.poll(drafts).toEqual({ c: "half a thought" });
  await before.write("c", "");
  before.goAway();
  expect((await page()).store.model.drafts).toEqual({});
  await committed();
  expect(await drafts()).toEqual({});
});

test("what could be saved leaves nothing beside the database", async () => {
  const one = await page();
  await one.write("c", "half a thought");
  one.keeping.flush();
  expect(shelf.length).toBe(1);
  await committed();
  expect(await drafts()).toEqual({ c: "half a thought" });
});

test("two tabs leave what each has, and of one chat the newer", async () => {
  const [one, other] = [await page(), await page()];
  await one.write("c", "from the first");
  await one.write("both", "old");
  await other.write("d", "from the second");
  await other.write("both", "new");
  one.keeping.drafted("both", "new");
  other.goAway();
  one.goAway();
  expect((await page()).store.model.drafts).toEqual({ c: "from the first", d: "from the second", both: "new" });
});

test("what a tab left goes when another one goes on with it", async () => {
  const [one, other] = [await page(), await page()];
  await one.write("c", "begun");
  one.goAway();
  await other.write("c", "begun and ended");
  clock.pass(300);
  await committed();
  expect((await page()).store.model.drafts).toEqual({ c: "begun and ended" });
  const third = await page();
  await third.write("d", "begun");
  third.goAway();
  await other.keeping.want({ want: "send", chat: "d", text: "begun" });
  expect(shelf.length).toBe(0);
});

test("a message that cannot get into the outbox any more is a draft still", async () => {
  const before = await page();
  await before.write("c", "almost sent");
  abortAll();
  void before.keeping.want({ want: "send", chat: "c", text: "almost sent" });
  before.keeping.flush();
  abortNone();
  const after = await page();
  expect(after.store.model.drafts).toEqual({ c: "almost sent" });
  expect(after.store.model.pending).toEqual([]);
});

test("a message that never got into the outbox and was stored all the same is no draft", async () => {
  const { store, keeping, write, goAway } = await page();
  await write("c", "sent from memory");
  abortAll();
  await keeping.want({ want: "send", chat: "c", text: "sent from memory" });
  const [pending] = store.model.pending;
  store.tell({ is: "discarded", clientId: pending?.clientId ?? "" });
  goAway();
  expect(shelf.length).toBe(0);
});

test("a message that is in the outbox is no draft", async () => {
  const before = await page();
  await before.write("c", "sent");
  const sent = before.keeping.want({ want: "send", chat: "c", text: "sent" });
  before.keeping.flush();
  const left = shelf.getItem(shelf.key(0) ?? "") ?? "";
  await sent;
  shelf.setItem(`greenroom-draft/${user}/c`, left);
  const after = await page();
  expect(after.store.model.drafts).toEqual({});
  expect(after.store.model.pending.map((one) => one.text)).toEqual(["sent"]);
  expect(shelf.length).toBe(0);
});

test("the end of a session keeps drafts for their owner alone, logging out takes them away", async () => {
  const one = await page();
  await one.write("c", "mine");
  await one.keeping.leave(false);
  const owner = user;
  user = `${owner}-other`;
  expect((await page()).store.model.drafts).toEqual({});
  user = owner;
  const again = await page();
  expect(again.store.model.drafts).toEqual({ c: "mine" });
  await again.write("c", "mine, and more");
  again.goAway();
  await again.keeping.leave(true);
  again.keeping.flush();
  expect(shelf.length).toBe(0);
  expect((await page()).store.model.drafts).toEqual({});
});
