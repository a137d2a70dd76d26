/** What is pending is sent in order, the same until it is stored, and given up only where nothing helps. */
import { expect, test } from "vitest";
import { Store } from "../src/model/store.ts";
import { Drain } from "../src/sync/drain.ts";
import type { Clock } from "../src/sync/ports.ts";
import type { Answer, Wire } from "../src/wire/socket.ts";

/** Time passes when somebody waits. */
class HastyClock implements Clock {
  waited: number[] = [];
  now = () => 0;
  random = () => 1;
  after(milliseconds: number, work: () => void) {
    this.waited.push(milliseconds);
    queueMicrotask(work);
    return () => undefined;
  }
}

const refusal = (code: string, retryAfter?: number): Answer => ({
  ok: false,
  refusal: { code, message: "", ...(retryAfter === undefined ? {} : { retryAfter }) },
});

function setUp(answers: Answer[]) {
  const store = new Store();
  const sent: string[] = [];
  const payloads: object[] = [];
  const clock = new HastyClock();
  let seq = 0;
  const next = () => {
    seq += 1;
    return seq;
  };
  const wire: Wire = {
    isOpen: true,
    open: () => undefined,
    close: () => undefined,
    async ask(_, payload) {
      const clientId = String((payload as { ClientId: unknown }).ClientId);
      sent.push(clientId);
      payloads.push(payload);
      return (
        answers.shift() ?? {
          ok: true,
          body: { _id: `id-${clientId}`, Seq: next(), Timestamp: "2026-01-01T00:00:00.000Z" },
        }
      );
    },
  };
  store.tell({ is: "me", me: { id: "me", name: "Me" } });
  store.tell({ is: "chatMade", chat: "c", kind: "Personal", name: "Ann" });
  store.tell({ is: "current" });
  const drain = new Drain(store, wire, clock);
  const write = (clientId: string) =>
    store.tell({ is: "queued", pending: { clientId, chat: "c", text: clientId, at: "2026-01-01T00:00:00.000Z" } });
  return { store, sent, payloads, clock, drain, write };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

test("in the order of writing, one at a time", async () => {
  const { store, sent, drain, write } = setUp([]);
  for (const one of ["a", "b", "c"]) write(one);
  drain.run();
  drain.run();
  await settled();
  expect(sent).toEqual(["a", "b", "c"]);
  expect(store.model.pending).toEqual([]);
  expect(store.model.chats["c"]?.window?.messages.map((one) => one.text)).toEqual(["a", "b", "c"]);
});

test("what passes is tried again with the same ClientId after a growing pause", async () => {
  const { sent, clock, drain, write } = setUp([refusal("busy"), refusal("timeout"), refusal("rate_limited", 9)]);
  write("a");
  drain.run();
  await settled();
  expect(sent).toEqual(["a", "a", "a", "a"]);
  expect(clock.waited).toEqual([500, 1_000, 9_000]);
});

test("what cannot be is told, and the next goes on", async () => {
  const { store, sent, drain, write } = setUp([refusal("too_large")]);
  write("a");
  write("b");
  drain.run();
  await settled();
  expect(sent).toEqual(["a", "b"]);
  expect(store.model.pending.map((one) => one.refused)).toEqual(["too_large"]);
});

test("a live event with the ClientId settles it as well", async () => {
  const { store, write } = setUp([]);
  write("a");
  const message = {
    id: "m",
    seq: 1,
    sender: "me",
    senderName: "Me",
    text: "a",
    at: "2026-01-01T00:00:00.000Z",
    rev: 0,
    clientId: "a",
  };
  store.tell({ is: "said", chat: "c", kind: "Personal", message });
  expect(store.model.pending).toEqual([]);
  store.tell({ is: "stored", clientId: "a", chat: "c", id: "m", seq: 1, at: message.at });
  expect(store.model.chats["c"]?.lastSeq).toBe(1);
});

test("a message waits for its files, and what was written after it waits as well", async () => {
  const { store, sent, payloads, drain, write } = setUp([]);
  const upload = { key: "k", name: "a.pdf", type: "", size: 1, share: 0 };
  const file = { id: "f", name: "a.pdf", type: "application/pdf", size: 1, url: "/files/f" };
  const pending = { clientId: "a", chat: "c", text: "", at: "2026-01-01T00:00:00.000Z", uploads: [upload] };
  store.tell({ is: "queued", pending });
  write("b");
  drain.run();
  await settled();
  expect(sent).toEqual([]);
  store.tell({ is: "uploaded", key: "k", file });
  drain.run();
  await settled();
  expect(sent).toEqual(["a", "b"]);
  expect(payloads[0]).toEqual({ ChatId: "c", Content: "", ClientId: "a", Attachments: [{ Id: "f" }] });
  expect(store.model.chats["c"]?.window?.messages[0]?.attachments).toEqual([file]);
});

test("what the server knows of no more is brought there anew", async () => {
  const { store, drain } = setUp([refusal("not_found")]);
  const file = { id: "f", name: "a.pdf", type: "application/pdf", size: 1, url: "/files/f" };
  const uploads = [{ key: "k", name: "a.pdf", type: "", size: 1, share: 1, file }];
  store.tell({
    is: "queued",
    pending: { clientId: "a", chat: "c", text: "", at: "2026-01-01T00:00:00.000Z", uploads },
  });
  drain.run();
  await settled();
  expect(store.model.pending[0]?.refused).toBe("not_found");
  store.tell({ is: "again", clientId: "a" });
  expect(store.model.pending[0]).toMatchObject({ uploads: [{ key: "k", share: 0 }] });
  expect(store.model.pending[0]?.uploads?.[0]?.file).toBeUndefined();
});
