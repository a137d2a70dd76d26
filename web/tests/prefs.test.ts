/** What one decided of a chat for oneself: order, silence, and what is cleared. */
import { expect, test } from "vitest";
import { chatsInOrder, waitingChats } from "../src/model/look-up.ts";
import { type Chat, type Id, type Message, newChat, type Prefs } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { type Notice, Notifier } from "../src/sync/notify.ts";
import { StillClock } from "./shelf.ts";

const PLAIN: Prefs = { own: 1, firstSeq: 1, archived: false, pinned: false, markedUnread: false, hidden: false };
const NOW = Date.parse("2026-01-01T12:00:00.000Z");
const SOON = new Date(NOW + 60_000).toISOString();

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  sender: "ann",
  senderName: "Ann",
  text: `${seq}`,
  at: `2026-01-01T11:00:0${seq}.000Z`,
  rev: 0,
  ...more,
});

const chat = (id: Id, more: Partial<Chat> = {}): Chat => ({ ...newChat(id, "Group", id), ...more });

function knowing(...chats: Chat[]): Store {
  const store = new Store();
  store.tell({ is: "me", me: { id: "me", name: "Me" } });
  store.tell({ is: "loaded", chats, pending: [], drafts: {} });
  return store;
}

test("what is pinned stands first after the notes, what is hidden nowhere", () => {
  const { model } = knowing(
    chat("old", { lastChat: "1", prefs: { ...PLAIN, pinned: true } }),
    chat("new", { lastChat: "3" }),
    chat("gone", { lastChat: "4", prefs: { ...PLAIN, hidden: true } }),
    chat("pinned", { lastChat: "2", prefs: { ...PLAIN, pinned: true } }),
  );
  expect(chatsInOrder(model).map(({ id }) => id)).toEqual(["me", "pinned", "old", "new"]);
});

test("a title counts what is unread or marked, and leaves out what is muted or archived", () => {
  const { model } = knowing(
    chat("unread", { unread: 1 }),
    chat("marked", { prefs: { ...PLAIN, markedUnread: true } }),
    chat("muted", { unread: 1, prefs: { ...PLAIN, mutedUntil: SOON } }),
    chat("archived", { unread: 1, prefs: { ...PLAIN, archived: true } }),
    chat("hidden", { unread: 1, prefs: { ...PLAIN, hidden: true } }),
  );
  expect(waitingChats(model, NOW)).toBe(2);
  expect(waitingChats(model, NOW + 120_000)).toBe(3);
});

test("what is cleared is shown no more and waits no more, and the older state changes nothing", () => {
  const messages = [1, 2, 3, 4].map((seq) => message(seq, seq === 4 ? { mentions: ["me"] } : {}));
  const store = knowing(
    chat("c", {
      lastSeq: 4,
      readSeq: 1,
      unread: 3,
      mentioned: 1,
      last: message(4),
      pins: [message(2)],
      window: { from: 1, messages },
    }),
  );
  store.tell({ is: "prefs", chat: "c", prefs: { ...PLAIN, own: 2, firstSeq: 4 } });
  const shown = () => store.model.chats["c"];
  expect(shown()).toMatchObject({ firstSeq: 4, unread: 1, mentioned: 1, pins: [], window: { from: 4 } });
  expect(shown()?.last?.seq).toBe(4);
  store.tell({ is: "prefs", chat: "c", prefs: { ...PLAIN, own: 1, firstSeq: 2, pinned: true } });
  expect(shown()?.prefs?.pinned).toBe(false);
  store.tell({ is: "prefs", chat: "c", prefs: { ...PLAIN, own: 3, firstSeq: 5 } });
  expect(shown()).toMatchObject({ unread: 0, mentioned: 0, window: { from: 5, messages: [] } });
  expect(shown()?.last).toBeUndefined();
});

test("a page that was asked for before a clearing brings nothing back", () => {
  const store = knowing(chat("c", { lastSeq: 2, prefs: { ...PLAIN, own: 2, firstSeq: 3 }, firstSeq: 3 }));
  const page = { chat: "c", kind: "Group", reads: {}, messages: [message(1), message(2)], hasMore: false } as const;
  store.tell({ is: "page", page: { ...page, firstSeq: 1 }, afresh: true });
  expect(store.model.chats["c"]?.window).toEqual({ from: 3, messages: [] });
});

test("a hidden chat outlives a list without it, and one that is left does not", () => {
  const personal = (id: Id, hidden: boolean): Chat => ({
    ...newChat(id, "Personal", id),
    prefs: { ...PLAIN, hidden },
  });
  const store = knowing(personal("hidden", true), personal("left", false));
  store.tell({ is: "list", kind: "Personal", rows: [] });
  expect(Object.keys(store.model.chats).sort()).toEqual(["hidden", "me"]);
});

test("a muted chat notifies of mentions alone", () => {
  const clock = new StillClock();
  const shown: Notice[] = [];
  const awake = {
    isFocused: () => false,
    isVisible: () => false,
    onOnline: () => undefined,
    onChange: () => undefined,
  };
  const notifier = new Notifier(
    clock,
    awake,
    () => undefined,
    (notice) => shown.push(notice),
  );
  const store = knowing(chat("c", { prefs: { ...PLAIN, mutedUntil: "2026-01-01T00:00:00.000Z" } }));
  store.tell({ is: "current" });
  store.listen((model, fact) => notifier.told(model, fact));
  store.tell({ is: "said", chat: "c", kind: "Group", message: message(1) });
  store.tell({ is: "said", chat: "c", kind: "Group", message: message(2, { mentions: ["me"] }) });
  expect(shown.map(({ lock }) => lock)).toEqual(["m2"]);
});
