/** Files on their way: a few at once, until they are there or cannot be, and gone when nobody waits for them. */
import { expect, test } from "vitest";
import type { Attachment } from "../src/model/attachment.ts";
import { Store } from "../src/model/store.ts";
import { trayOf } from "../src/model/uploads.ts";
import { Uploads } from "../src/sync/uploads.ts";
import type { Sent } from "../src/wire/upload.ts";
import { StillClock } from "./shelf.ts";

const fileOf = (name: string): Attachment => ({
  id: `id-${name}`,
  name,
  type: "text/plain",
  size: 4,
  url: `/files/${name}`,
});
const there = (name: string): Sent => ({ ok: true, file: fileOf(name) });
const refused = (code: string): Sent => ({ ok: false, refusal: { code, message: "" } });

interface Call {
  readonly name: string;
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
  readonly end: (sent: Sent) => void;
}

function setUp(kept = new Map<string, Blob>()) {
  const store = new Store();
  const clock = new StillClock();
  const calls: Call[] = [];
  const removed: string[] = [];
  let renewed = 0;
  const uploads = new Uploads(
    store,
    clock,
    {
      upload: ({ name }, progress, signal) => new Promise((end) => calls.push({ name, progress, signal, end })),
      preview: async () => undefined,
      forget: () => undefined,
      remove: (file) => removed.push(file),
      renew: async () => {
        renewed += 1;
      },
    },
    () => ({
      put: async (_, { key }, bytes) => void kept.set(key, bytes),
      bytes: async (key) => kept.get(key),
      mark: async () => undefined,
      remove: async (key) => void kept.delete(key),
    }),
  );
  store.tell({ is: "me", me: { id: "me", name: "Me" } });
  store.tell({ is: "connection", state: "open" });
  store.tell({ is: "current" });
  const attach = (...names: string[]) =>
    uploads.want({ want: "attach", chat: "c", files: names.map((name) => new File(["some"], name)), most: 100 });
  const tray = () => trayOf(store.model, "c");
  return { store, clock, calls, removed, kept, uploads, attach, tray, renewals: () => renewed };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("two are on their way at once, and the next when one is there", async () => {
  const { attach, calls, tray } = setUp();
  await attach("a", "b", "c");
  await settled();
  expect(calls.map(({ name }) => name)).toEqual(["a", "b"]);
  calls[0]?.progress(0.5);
  expect(tray()[0]?.share).toBe(0.5);
  calls[0]?.end(there("a"));
  await settled();
  expect(calls.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(tray()[0]?.file?.id).toBe("id-a");
});

test("what is too large, empty or of a refused type says so, and can be tried again or removed", async () => {
  const { attach, calls, tray, uploads } = setUp();
  await uploads.want({ want: "attach", chat: "c", files: [new File(["long"], "l"), new File([], "e")], most: 3 });
  expect(tray().map((one) => one.refused)).toEqual(["file_too_large", "file_empty"]);
  await attach("a");
  await settled();
  expect(calls.map(({ name }) => name)).toEqual(["a"]);
  calls[0]?.end(refused("file_415"));
  await settled();
  expect(tray()[2]?.refused).toBe("file_415");
  const key = tray()[2]?.key ?? "";
  await uploads.want({ want: "attachAgain", chat: "c", key });
  await settled();
  expect(calls).toHaveLength(2);
  expect(tray()[2]?.refused).toBeUndefined();
});

test("what passes is tried again after a pause, and not before", async () => {
  const { attach, calls, clock, tray } = setUp();
  await attach("a");
  await settled();
  calls[0]?.end({ ok: false, refusal: { code: "file_429", message: "", retryAfter: 3 } });
  await settled();
  clock.pass(2_900);
  await settled();
  expect(calls).toHaveLength(1);
  expect(tray()[0]?.refused).toBeUndefined();
  clock.pass(200);
  await settled();
  expect(calls).toHaveLength(2);
});

test("an access that ran out is renewed once", async () => {
  const { attach, calls, renewals } = setUp();
  await attach("a");
  await settled();
  calls[0]?.end(refused("file_401"));
  await settled();
  expect([renewals(), calls.length]).toEqual([1, 2]);
});

test("what is removed is called off, and taken back from the server if it is there", async () => {
  const { attach, calls, tray, uploads, removed, kept } = setUp();
  await attach("a", "b");
  await settled();
  calls[1]?.end(there("b"));
  await settled();
  const [a, b] = tray();
  await uploads.want({ want: "detach", chat: "c", key: a?.key ?? "" });
  expect(calls[0]?.signal.aborted).toBe(true);
  await uploads.want({ want: "detach", chat: "c", key: b?.key ?? "" });
  await settled();
  expect(removed).toEqual(["id-b"]);
  expect([tray(), kept.size]).toEqual([[], 0]);
});

test("a message takes its files along, waits for them, and gives them back when it is discarded", async () => {
  const { attach, calls, store, tray } = setUp();
  await attach("a");
  await settled();
  const uploads = tray();
  store.tell({
    is: "queued",
    pending: { clientId: "x", chat: "c", text: "", at: "2026-01-01T00:00:00.000Z", uploads },
  });
  expect(tray()).toEqual([]);
  expect(calls[0]?.signal.aborted).toBe(false);
  calls[0]?.end(refused("file_413"));
  await settled();
  expect(store.model.pending[0]?.refused).toBe("file_413");
  store.tell({ is: "again", clientId: "x" });
  await settled();
  expect(calls).toHaveLength(2);
  calls[1]?.end(there("a"));
  await settled();
  expect(store.model.pending[0]?.uploads?.[0]?.file?.id).toBe("id-a");
  store.tell({ is: "discarded", clientId: "x" });
  expect(tray()[0]?.file?.id).toBe("id-a");
});

test("after a reload the bytes come from what is kept, and what is lost says so", async () => {
  const { store, calls, tray } = setUp(new Map([["k1", new Blob(["some"])]]));
  const one = { name: "a", type: "", size: 4, share: 0 };
  const trays = {
    c: [
      { ...one, key: "k1" },
      { ...one, key: "k2", name: "b" },
    ],
  };
  store.tell({ is: "loaded", chats: [], pending: [], drafts: {}, trays });
  await settled();
  expect(calls.map(({ name }) => name)).toEqual(["a"]);
  expect(tray()[1]?.refused).toBe("file_lost");
});

test("names are such as the server takes", async () => {
  const { tray, attach } = setUp();
  await attach("a/b\u0007c", `${"x".repeat(300)}.pdf`, "");
  const names = tray().map(({ name }) => name);
  expect(names[0]).toBe("a_b_c");
  expect(names[1]).toHaveLength(255);
  expect(names[1]).toMatch(/x\.pdf$/);
  expect(names[2]).toBe("file");
});
