// What a search is narrowed by, how it goes on from page to page, and what it refuses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findAll, finds, findsNow, newestFirst } from "./finder.mjs";
import { NOBODY, Stage } from "./room.mjs";
import { hasKeys, refused, refusedByAck } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const search = (device, filters) => device.must("search-messages", filters);
const seqs = ({ Results }) => Results.map(({ Message }) => Message.Seq);

/// Ann's three chats, in each of which everybody says the word in turn; what was said, in the order of saying.
async function chats(word, rounds = 2) {
  const { ann, bob, cat } = stage;
  const group = await stage.room("Group");
  const pair = await stage.room("Personal", undefined, group);
  const self = await stage.room("Self", undefined, group);
  const said = [];
  for (let n = 0; n < rounds; n += 1) {
    for (const room of [group, self, pair]) {
      for (const [n, devices] of room.devices.entries()) said.push(await room.say(devices[n % 2], `${word} ${said.length}`));
    }
  }
  const by = (person) => said.filter(({ SenderId }) => SenderId === person.id);
  const inside = (room) => said.filter(({ ChatId }) => ChatId === room.ChatId);
  const [[phone], [bobs]] = group.devices;
  return { group, pair, self, said, by, inside, phone, bobs, ann, bob, cat };
}

test("a search covers all chats of the caller, newest first", async () => {
  const { said, phone, bobs, group, pair, inside } = await chats("everywhere");
  await finds(phone, { Query: "everywhere" }, said);
  await finds(bobs, { Query: "everywhere" }, [...inside(group), ...inside(pair)]);
  const results = await findAll(phone, { Query: "everywhere" });
  assert.deepEqual(results.map(({ Message }) => Message), newestFirst(said));
  group.leave();
});

test("a search can be narrowed to a chat, to a sender, and to a time", async () => {
  const { said, phone, bobs, group, pair, self, inside, by, ann, bob, cat } = await chats("narrow");
  const Query = "narrow";
  await finds(phone, { Query }, said);
  for (const room of [group, pair, self]) await findsNow(phone, { Query, ChatId: room.ChatId }, inside(room));
  for (const person of [ann, bob, cat]) await findsNow(phone, { Query, From: person.id }, by(person));
  const both = inside(group).filter((message) => by(bob).includes(message));
  await findsNow(bobs, { Query, From: bob.id, ChatId: group.ChatId }, both);
  for (const nobody of [NOBODY, "", "x", group.ChatId]) await findsNow(phone, { Query, From: nobody }, []);

  const { Timestamp: start } = said[3];
  const { Timestamp: end } = said[8];
  const since = ({ Timestamp }) => Timestamp >= start;
  const until = ({ Timestamp }) => Timestamp < end;
  await findsNow(phone, { Query, After: start }, said.filter(since));
  await findsNow(phone, { Query, Before: end }, said.filter(until));
  await findsNow(phone, { Query, After: start, Before: end }, said.filter(since).filter(until));
  await findsNow(phone, { Query, ChatId: null, From: null, HasFile: null, Before: null, After: null, Limit: null, Cursor: null }, said);
  group.leave();
});

test("what somebody said is found without words, at once in the caller's chats alone, with no ranges", async () => {
  const { said, phone, group, by, inside, ann, bob, cat } = await chats("wordless");
  const of = (person) => findAll(phone, { From: person.id, After: said[0].Timestamp });
  for (const person of [ann, bob, cat]) {
    await finds(phone, { From: person.id, After: said[0].Timestamp }, by(person));
    for (const { Message, Ranges } of await of(person)) assert.deepEqual([Message.SenderId, Ranges], [person.id, []]);
  }
  const wanted = by(cat).filter((message) => inside(group).includes(message));
  await finds(phone, { From: cat.id, ChatId: group.ChatId }, wanted);
  await findsNow(phone, { From: cat.id, ChatId: group.ChatId, Query: null }, wanted);
  await findsNow(phone, { From: NOBODY }, []);
  group.leave();
});

test("pages follow each other without a gap or a repeat, whatever their size", async () => {
  const { said, phone, group } = await chats("paged", 5);
  const Query = "paged";
  await finds(phone, { Query }, said);
  const wanted = newestFirst(said).map(({ _id }) => _id);
  for (const Limit of [1, 2, 7, 29, 30, 31, 50, 1_000_000]) {
    const results = await findAll(phone, { Query }, Limit);
    assert.deepEqual(results.map(({ Message }) => Message._id), wanted, `pages of ${Limit}`);
  }
  const first = await search(phone, { Query });
  hasKeys(first, "Ok", "Results", "HasMore", ...(first.HasMore ? ["Cursor"] : []));
  assert.ok(first.Results.length <= 20, "twenty without a Limit");
  group.leave();
});

test("a page holds fifty at the most", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const said = [];
  for (let n = 0; n < 60; n += 1) said.push(await room.say(phone, `fifty ${n}`));
  await finds(phone, { Query: "fifty" }, said);
  for (const Limit of [50, 51, 200, 1_000_000]) {
    const { Results, HasMore, Cursor } = await search(phone, { Query: "fifty", Limit });
    assert.ok(Results.length <= 50, `${Results.length} for ${Limit}`);
    assert.deepEqual([HasMore, typeof Cursor], [true, "string"]);
  }
  room.leave();
});

test("a cursor goes on where its page ended, though messages come and go meanwhile, and after a restart", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const said = [];
  for (let n = 0; n < 12; n += 1) said.push(await room.say(phone, `onward ${n}`));
  await finds(phone, { Query: "onward" }, said);
  const first = await search(phone, { Query: "onward", Limit: 4 });
  const shown = seqs(first);
  const newer = await room.say(phone, "onward too");
  await finds(phone, { Query: "onward too" }, [newer]);
  for (const n of [3, 11]) await room.change(phone, "delete-message", { Seq: said[n].Seq }, "Deleted");
  room.leave();
  await server.restart({ signal: "SIGKILL" });
  const back = await ann.connect();
  let { Cursor } = first;
  while (Cursor) {
    const page = await search(back, { Query: "onward", Limit: 4, Cursor });
    shown.push(...seqs(page));
    ({ Cursor } = page.HasMore ? page : {});
  }
  const left = said.map(({ Seq }) => Seq).filter((Seq) => Seq !== said[3].Seq);
  assert.deepEqual(shown, left.toReversed(), `of ${ChatId}`);
  back.close();
});

test("a cursor is the caller's own and for what was asked", async () => {
  const { said, phone, bobs, group, pair, ann, inside } = await chats("cursor", 4);
  const Query = "cursor";
  await finds(phone, { Query }, said);
  await finds(bobs, { Query }, [...inside(group), ...inside(pair)]);
  const filters = { Query, Limit: 2 };
  const { Cursor } = await search(phone, filters);
  const theirs = (await search(bobs, filters)).Cursor;
  const { Cursor: ofChat } = await search(phone, { ...filters, ChatId: group.ChatId });
  assert.ok(Cursor && theirs && ofChat);
  const time = said[0].Timestamp;
  const elsewhere = { ChatId: group.ChatId, From: ann.id, After: time, Before: "2099-01-01T00:00:00.000Z", HasFile: true };
  for (const [field, value] of Object.entries(elsewhere)) {
    await refusedByAck(phone, "search-messages", [{ ...filters, Cursor, [field]: value }], "bad_request");
  }
  for (const words of ["cursor 1", "curso", "other"]) {
    await refusedByAck(phone, "search-messages", [{ ...filters, Query: words, Cursor }], "bad_request");
  }
  await refusedByAck(phone, "search-messages", [{ ...filters, Cursor: theirs }], "bad_request");
  await refusedByAck(phone, "search-messages", [{ ...filters, Cursor: ofChat }], "bad_request");
  await refusedByAck(phone, "search-messages", [{ ...filters, ChatId: pair.ChatId, Cursor: ofChat }], "bad_request");
  const forged = ["", "x", "0", "a".repeat(5_000), `${Cursor}x`, `x${Cursor}`, Cursor.slice(1), Cursor.slice(0, -2), btoa(JSON.stringify({ Seq: 1 }))];
  for (let at = 0; at < Cursor.length; at += Math.ceil(Cursor.length / 10)) {
    forged.push(`${Cursor.slice(0, at)}${Cursor[at] === "A" ? "B" : "A"}${Cursor.slice(at + 1)}`);
  }
  for (const text of forged) await refusedByAck(phone, "search-messages", [{ ...filters, Cursor: text }], "bad_request");
  await search(phone, { ...filters, Cursor });
  group.leave();
});

test("a query has something to look for, and not too much", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const nothing = ["", " ", "\t\n", "!?", "…", "😀", "👨‍👩‍👧", '"', '""', '" "', "**", "()", "🎉 - 🎉"];
  const much = ["a b c d e f g h i", '"a b c d e" f g h i', "a".repeat(257), `${"a ".repeat(7)}${"b".repeat(250)}`, "我".repeat(257), "a-b-c-d-e-f-g-h-i"];
  const broken = ["a\0b", "\ud800", "a\udc00"];
  for (const Query of [...nothing, ...much, ...broken]) {
    await refused(phone, "search-messages", [{ Query }], "bad_request");
    await refused(phone, "search-messages", [{ Query, From: stage.ann.id, HasFile: true }], "bad_request");
    await refused(phone, "search-messages", [{ Query, ChatId: NOBODY }], "bad_request");
  }
  const fine = ["a b c d e f g h", '"a b c d" e f g h', "a".repeat(256), "我".repeat(256), "😀".repeat(255) + "a", "x", "7", "! a !", '"a'];
  for (const Query of fine) await search(phone, { Query, ChatId });
  await room.quiet();
  room.leave();
});

test("a search names words, a sender or files, and each in its shape", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const time = "2024-01-01T00:00:00.000Z";
  for (const bare of [{}, { ChatId }, { Before: time }, { After: time }, { Limit: 5 }, { Query: null }, { Query: null, From: null, HasFile: null }]) {
    await refused(phone, "search-messages", [bare], "bad_request");
  }
  const texts = [5, true, {}, [], ["x"]];
  const wrong = {
    Query: texts,
    ChatId: texts,
    From: texts,
    HasFile: [false, "true", 1, 0, {}, []],
    Before: [...texts, "", "yesterday", "2024-13-01T00:00:00.000Z", "1704067200"],
    After: [...texts, "", "now", "2024-01-01T25:00:00.000Z"],
    Limit: [0, -1, 1.5, "1", true, {}, []],
    Cursor: texts,
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) await refused(phone, "search-messages", [{ Query: "x", [field]: value }], "bad_request");
  }
  for (const payload of [null, [], [{}], "x", 5, true]) await refused(phone, "search-messages", [payload], "bad_request");
  await refused(phone, "search-messages", [], "bad_request");
  await refused(phone, "search-messages", [{ Query: "x" }, {}], "bad_request");
  await refused(phone, "search-messages", [{ Query: Buffer.from("x") }], "bad_request");
  for (const unknown of [NOBODY, stage.bob.id, "", "%", "x".repeat(500)]) {
    await refused(phone, "search-messages", [{ Query: "x", ChatId: unknown }], "not_found");
    await refused(phone, "search-messages", [{ From: NOBODY, ChatId: unknown }], "not_found");
  }
  await refused(phone, "search-messages", [{ Query: "", ChatId: NOBODY }], "bad_request");
  await search(bobs, { Query: "x", ChatId, Extra: 1, constructor: null });
  await room.quiet();
  room.leave();
});

test("people are told when they search too often", async () => {
  const strict = await Stage.open({ "limits.enabled": "true", "limits.searches_per_user": "1 per 1h, burst 4" });
  try {
    const [phone, bobs] = [await strict.ann.connect(), await strict.bob.connect()];
    const answers = [];
    for (let n = 0; n < 7; n += 1) answers.push(await phone.ask("search-messages", { Query: "x" }));
    const held = answers.filter(({ Ok }) => Ok).length;
    assert.ok(held >= 3 && held <= 5, `${held} searches`);
    for (const answer of answers.slice(held)) {
      hasKeys(answer, "Ok", "Code", "Message", "RetryAfter");
      assert.equal(answer.Code, "rate_limited");
      assert.ok(answer.RetryAfter > 0);
    }
    await search(bobs, { Query: "x" });
    await phone.must("list-chats", {});
  } finally {
    await strict.close();
  }
});

test("where search is switched off it is forbidden, and all else works", async () => {
  const { server, ann } = stage;
  await server.restart({ settings: { "search.enabled": "false" } });
  const phone = await ann.connect();
  await refused(phone, "search-messages", [{ Query: "x" }], "forbidden");
  await refused(phone, "search-messages", [{ From: ann.id }], "forbidden");
  const said = await phone.must("send-self-message", { Content: "switchedoff" });
  phone.close();
  await server.restart({ settings: {} });
  const back = await ann.connect();
  await finds(back, { Query: "switchedoff" }, [{ ...said, Content: "switchedoff" }]);
  back.close();
});
