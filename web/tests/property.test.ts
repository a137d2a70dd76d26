/** The property: whatever is heard, missed, caught up, heard twice or paged, one sees what somebody sees who loads everything anew. */
import "fake-indexeddb/auto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Cache } from "../src/keep/cache.ts";
import { openDatabase } from "../src/keep/database.ts";
import { refusedWith } from "../src/model/intent.ts";
import { receiptOf } from "../src/model/look-up.ts";
import type { Chat } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { catchUp } from "../src/sync/catch-up.ts";
import { KeptHistory } from "../src/sync/kept-history.ts";
import { Pages } from "../src/sync/pages.ts";
import { type Deed, Server } from "./server.ts";

type Step =
  | Deed
  | { readonly do: "cut" }
  | { readonly do: "connect" }
  | { readonly do: "older" }
  | { readonly do: "reload" }
  | { readonly do: "olderKept" }
  | { readonly do: "close" };

const seq = fc.nat({ max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      mine: fc.boolean(),
      calls: fc.boolean(),
      holds: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit" as const), seq }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("erase" as const), seq }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("star" as const), seq, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("hide" as const), seq }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clear" as const), seq }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("archive" as const, "markUnread" as const), on: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read" as const), seq }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("readByPartner" as const), seq }) },
  { weight: 1, arbitrary: fc.constant({ do: "cut" as const }) },
  { weight: 2, arbitrary: fc.constant({ do: "connect" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "older" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "close" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "reload" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "olderKept" as const }) },
);

/** What only a server can do that numbers changes. */
const CHANGES: readonly Step["do"][] = ["edit", "erase", "star", "hide", "clear", "archive", "markUnread"];

/** What one sees of a chat, in the newest lines that both hold. */
function see(store: Store, chat: Chat, from: number) {
  const messages = (chat.window?.messages ?? []).filter((message) => message.seq >= from);
  return {
    lastSeq: chat.lastSeq,
    readSeq: chat.readSeq,
    firstSeq: chat.firstSeq,
    prefs: chat.prefs,
    unread: chat.unread,
    mentioned: chat.mentioned,
    last: chat.last === undefined ? undefined : { seq: chat.last.seq, text: chat.last.text },
    lines: messages.map((message) => ({ ...message, rev: 0, mine: message.mine && { ...message.mine, own: 0 } })),
    receipts: messages
      .filter((message) => message.sender === "me")
      .map((message) => receiptOf(store.model, chat, message)),
  };
}

async function connect(store: Store, server: Server, pages: Pages, isTwice: boolean): Promise<void> {
  server.connect((fact) => {
    store.tell(fact);
    if (isTwice) store.tell(fact);
  });
  expect(await catchUp(store, server)).toBe(true);
  store.tell({ is: "current" });
  await pages.refresh("chat");
}

test.each([{ numbered: false }, { numbered: true }])(
  "replay equals fetch, changes numbered: $numbered",
  async ({ numbered }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, isTwice) => {
        const server = new Server(numbered);
        const database = await openDatabase("property");
        if (database === undefined) throw new Error("a database");
        await new Cache(database).clear();
        const open = async () => {
          const [store, cache] = [new Store(), new Cache(database)];
          const [pages, history] = [new Pages(store, server), new KeptHistory(store, () => cache)];
          store.tell({ is: "me", me: { id: "me", name: "Me" } });
          store.tell({ is: "loaded", chats: await cache.load(), pending: [], drafts: {} });
          server.onPage((page) => pages.heard(page));
          return { store, cache, pages, history };
        };
        let { store, cache, pages, history } = await open();
        await connect(store, server, pages, isTwice);
        for (const one of steps) {
          if (one.do === "cut") {
            server.cut();
            store.tell({ is: "connection", state: "offline" });
          } else if (one.do === "connect") await connect(store, server, pages, isTwice);
          else if (one.do === "older") await pages.older("chat");
          else if (one.do === "olderKept") await history.want({ want: "older", chat: "chat" }, refusedWith("offline"));
          else if (one.do === "reload") {
            server.cut();
            await cache.save(store.model.chats, new Set());
            ({ store, cache, pages, history } = await open());
          } else if (one.do === "close") store.tell({ is: "closed", chat: "chat" });
          else if (numbered || !CHANGES.includes(one.do)) server.carryOut(one);
        }
        await connect(store, server, pages, isTwice);
        database.close();
        const afresh = new Store();
        const theirs = new Pages(afresh, server);
        server.onPage((page) => theirs.heard(page));
        await connect(afresh, server, theirs, false);
        const [mine, fresh] = [store.model.chats["chat"], afresh.model.chats["chat"]];
        if (mine === undefined || fresh === undefined) throw new Error("the chat is there");
        const from = Math.max(mine.window?.from ?? 0, fresh.window?.from ?? 0);
        expect(see(store, mine, from)).toEqual(see(afresh, fresh, from));
        expect(mine.window?.messages.some((message) => message.seq < (mine.prefs?.firstSeq ?? 1))).not.toBe(true);
        expect(mine.window === undefined || mine.window.from + mine.window.messages.length - 1).toBe(
          mine.window === undefined || mine.lastSeq,
        );
      }),
      { numRuns: Number(process.env["RUNS"] ?? 500) },
    );
  },
  120_000,
);
