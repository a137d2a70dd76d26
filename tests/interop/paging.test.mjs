// Histories in pages, the newest first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";
import { refused } from "./shapes.mjs";

const COUNT = 230;
let server, ann, phone, chats;

/// A self, a personal and a group chat of `COUNT` messages each.
before(async () => {
  server = await Server.start();
  const { GroupId, people, devices } = await band(server, "Ann", "Bob");
  [ann, phone] = [people[0], devices[0]];
  await phone.must("create-personal-chat", { Receiver: people[1].id });
  const { ChatId } = await phone.next("create-personal-chat-creator");
  chats = [
    ["fetch-self-chat", {}, "send-self-message"],
    ["fetch-personal-chat", { ChatId }, "send-personal-message"],
    ["fetch-group-chat", { GroupId }, "send-group-message"],
  ];
  for (const [, chat, send] of chats) {
    for (let said = 0; said < COUNT; said += 23) {
      const batch = Array.from({ length: 23 }, (_, n) => ({ ...chat, Content: `${said + n + 1}` }));
      await Promise.all(batch.map((message) => phone.must(send, message)));
    }
  }
});
after(() => server.close());

/// Seqs from `newest` down to `oldest`.
const down = (newest, oldest) => Array.from({ length: newest - oldest + 1 }, (_, n) => newest - n);

async function page(fetch, payload) {
  const { Messages, HasMore } = await phone.fetch(fetch, payload);
  for (const { Seq, Content } of Messages) assert.equal(Content, `${Seq}`);
  return { seqs: Messages.map((message) => message.Seq), HasMore };
}

test("a page is fifty messages unless asked otherwise", async () => {
  for (const [fetch, chat] of chats) {
    assert.deepEqual(await page(fetch, chat), { seqs: down(COUNT, COUNT - 49), HasMore: true });
  }
});

test("a page may have other sizes, and more than the largest is the largest", async () => {
  for (const [fetch, chat] of chats) {
    assert.deepEqual(await page(fetch, { ...chat, Limit: 1 }), { seqs: [COUNT], HasMore: true });
    for (const Limit of [200, 201, 1_000_000]) {
      assert.deepEqual(await page(fetch, { ...chat, Limit }), { seqs: down(COUNT, COUNT - 199), HasMore: true });
    }
  }
});

test("Before is exclusive, and pages from one to the next miss nothing and repeat nothing", async () => {
  for (const [fetch, chat] of chats) {
    assert.deepEqual(await page(fetch, { ...chat, Before: 51 }), { seqs: down(50, 1), HasMore: false });
    assert.deepEqual(await page(fetch, { ...chat, Before: 52 }), { seqs: down(51, 2), HasMore: true });
    assert.deepEqual(await page(fetch, { ...chat, Before: 1 }), { seqs: [], HasMore: false });
    assert.deepEqual(await page(fetch, { ...chat, Before: COUNT + 100, Limit: 2 }), { seqs: [COUNT, COUNT - 1], HasMore: true });
    const all = [];
    let more = true;
    while (more) {
      const { seqs, HasMore } = await page(fetch, { ...chat, Limit: 60, ...(all.length > 0 && { Before: all.at(-1) }) });
      all.push(...seqs);
      more = HasMore;
    }
    assert.deepEqual(all, down(COUNT, 1));
  }
});

test("page bounds are whole numbers", async () => {
  for (const [fetch, chat] of chats) {
    for (const wrong of ["5", 1.5, -1, {}, [], true]) {
      await refused(phone, fetch, [{ ...chat, Before: wrong }], "bad_request");
      await refused(phone, fetch, [{ ...chat, Limit: wrong }], "bad_request");
    }
    await phone.quiet(fetch, chat);
  }
});

test("pages of the longest messages leave the connection, and still miss nothing", async () => {
  const [cat] = await server.people("Cat");
  const device = await cat.connect();
  const long = "\u0001".repeat(16_384);
  for (let n = 0; n < 120; n += 1) await device.must("send-self-message", { Content: long });
  const all = [];
  let more = true;
  while (more) {
    const page = await device.fetch("fetch-self-chat", { Limit: 200, ...(all.length > 0 && { Before: all.at(-1) }) });
    assert.ok(page.Messages.length > 0);
    assert.ok(page.Messages.every((message) => message.Content === long));
    all.push(...page.Messages.map((message) => message.Seq));
    more = page.HasMore;
  }
  assert.deepEqual(all, down(120, 1));
  assert.ok(device.socket.connected);
});

test("page sizes are settings", async () => {
  await server.restart({ settings: { "history.page": "3", "history.max_page": "5" } });
  phone = await ann.connect();
  for (const [fetch, chat] of chats) {
    assert.deepEqual((await page(fetch, chat)).seqs, down(COUNT, COUNT - 2));
    assert.deepEqual((await page(fetch, { ...chat, Limit: 9 })).seqs, down(COUNT, COUNT - 4));
  }
});
