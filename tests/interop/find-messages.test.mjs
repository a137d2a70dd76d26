// Finding messages by their words: which words they are, which places match, and how soon.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findAll, finds, findsNow } from "./finder.mjs";
import { ALL_KINDS, Stage } from "./room.mjs";
import { hasKeys } from "./shapes.mjs";
import { ranges } from "./words.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// Texts, queries that find them, and queries that do not.
const TEXTS = {
  "whole words, the last one as a beginning": [
    ["the quick brown fox", ["quick", "fox quick", "qui", "quick ", "brown f", "QUICK the"], ["uick", "ick", "qui fox", "qui ", "qui\t", "qui\u00a0", "quickly", "quick red"]],
    ["a foobar here", ["foo*", "foo.", "foobar", "(foo", "foo"], ["bar", "oob", "foo\n", "foobarr", "foo here"]],
  ],
  "what is no letter, digit, mark or _ stands between words": [
    ["don't re-enter a/b", ["don", "don't", "enter", "re enter ", "t don", "b a "], ["dont", "reenter", "ont"]],
    ["snake_case x2y 007", ["snake_case", "snake", "x2y", "00", "007 "], ["case", "2y", "snake ", "7"]],
    ["left😀right 🎉", ["left", "right", "left😀", "🎉 right", "right left "], ["leftright"]],
  ],
  "letters that differ in case are the same": [
    ["HELLO Wörld", ["hello", "hElLo world", "WÖRLD", "worl"], ["hallo"]],
    ["in der Straße", ["strasse", "STRASSE", "straße ", "stras", "STRAẞE"], ["strase", "strasze"]],
    ["auf der STRASSE", ["straße", "straß", "strasse "], ["straßen"]],
    ["ΟΔΟΣ und οδός", ["οδος", "ΟΔΌΣ ", "οδοσ"], ["οδον"]],
    ["nach İstanbul", ["istanbul", "ISTANBUL", "i\u0307stanbul"], ["stanbul"]],
    ["старая ЁЛКА", ["ёлка", "елка", "СТАРАЯ"], ["елки"]],
  ],
  "accents are taken away, however they are written": [
    ["Café au lait", ["cafe", "CAFÉ", "cafe\u0301 "], ["caffe", "caf au"]],
    ["Cafe\u0301 crème", ["cafe", "café", "creme", "cafe "], ["caf ", "me"]],
    ["Ａｎｎａ ﬁne x² Ⅷ", ["anna", "fine", "x2", "viii", "fi", "ＦＩＮＥ"], ["ine", "8"]],
  ],
  "marks of other scripts stay": [
    ["वह हिन्दी भाषा है", ["हिन्दी", "भाषा हिन्दी", "हिन्"], ["न्दी", "भष"]],
    ["כָּל שָׁלוֹם", ["שָׁלוֹם", "כָּל "], ["לום"]],
    ["ガラス の カラス", ["ガラス", "カラス"], ["ガカ"]],
    ["عَرَبي ٣٤ ४५ ２６", ["عَرَبي", "٣٤ ", "४५", "26 ", "２"], ["34", "45"]],
  ],
  "scripts without blanks are found wherever their characters follow each other": [
    ["我家在上海东边", ["上海", "海", "我家在上海东边", "东边 上海 ", "在上"], ["海上", "上东", "上海西", "北京"]],
    ["去 上 海 玩", ["上", "海 上", "玩"], ["上海"]],
    ["カタカナとひらがな漢字", ["タカ", "ナとひ", "な漢", "漢字 カタ"], ["漢か", "字漢"]],
    ["コーヒーと人々", ["ーヒ", "ー", "人々", "々"], ["々人"]],
    ["ｶﾞﾗｽのコップ", ["ガラス", "ｶﾞ", "ラスの"], ["カラス"]],
    ["오늘은 한국어로", ["국어", "한", "늘은", "어로 오늘"], ["은한", "국로"]],
    ["\u1112\u1161\u11ab\u1100\u1173\u11af", ["한글", "글"], ["하"]],
    ["ฉันรักเมืองไทย", ["รัก", "เมือง", "ไทย"], ["ไทยรัก"]],
    ["ຂ້ອຍຮັກລາວ ខ្ញុំស្រលាញ់ភាសា မြန်မာစာ", ["ຮັກ", "ភាសា", "မာ"], ["ລາວຮັກ"]],
    ["2024年foo上海_x", ["2024", "年", "foo", "上海", "_x", "2024 上", "foo "], ["024", "oo", "x"]],
  ],
  "words in quotes follow each other": [
    ["one two three two one", ['"one two"', '"two three two"', '"three two" one', 'one "two one"', '"one" "three"', '"one, two!"'], ['"one three"', '"two two"', '"one tw"', '"thre"', '"three one"']],
    ["one-two, three", ['"one two three"', '"one two" thr', '"one two"thr', '"two three one', '"one two'], ['"one three"']],
    ["one “two three” four", ["“three two”", "“four one”", "«one» three"], ['"two one"']],
  ],
};

test("the reference of these tests says the same as their tables", () => {
  for (const [text, found, missed] of Object.values(TEXTS).flat()) {
    for (const query of found) assert.ok(ranges(query, text), `${query} finds ${text}`);
    for (const query of missed) assert.equal(ranges(query, text), undefined, `${query} does not find ${text}`);
  }
});

/// Says each text, and waits until all of them are found by a word that stands in no other test.
async function saidAndFound(room, device, texts, mark) {
  const said = [];
  for (const text of texts) said.push(await room.say(device, `${text} ; ${mark}`));
  await finds(device, { ChatId: room.ChatId, Query: `${mark} ` }, said);
  return said;
}

for (const [number, [rule, rows]] of Object.entries(TEXTS).entries()) {
  test(`words: ${rule}`, async () => {
    const room = await stage.room("Self");
    const [[phone]] = room.devices;
    const mark = `zzmark${number}`;
    const said = await saidAndFound(room, phone, rows.map(([text]) => text), mark);
    for (const [n, [, found, missed]] of rows.entries()) {
      for (const part of [...found, ...missed]) {
        // Told apart from other texts by the mark, which stands first so that the last word stays the last.
        const Query = `${mark} ${part}`;
        const expected = said.filter(({ Content }) => ranges(Query, Content));
        assert.equal(expected.includes(said[n]), found.includes(part), `${part} and ${said[n].Content}`);
        const results = await findsNow(phone, { ChatId: room.ChatId, Query }, expected);
        for (const { Message, Ranges } of results) assert.deepEqual(Ranges, ranges(Query, Message.Content), `${Query} in ${Message.Content}`);
      }
    }
    room.leave();
  });
}

/// Texts, and queries with the ranges that they match.
const RANGES = [
  ["foo bar foobar", "foo", [[0, 3], [8, 3]]],
  ["foo bar foobar", "foo ", [[0, 3]]],
  ["foo bar foobar", "bar foo", [[0, 3], [4, 3], [8, 3]]],
  ["foo bar foo baz", '"foo baz"', [[8, 3], [12, 3]]],
  ["foo foo", "foo foo", [[0, 3], [4, 3]]],
  ["😀 foo 👨‍👩‍👧 bar", "foo bar", [[3, 3], [16, 3]]],
  ["𝐟𝐨𝐨 𝐛𝐚𝐫", "bar", [[7, 6]]],
  ["𝐟𝐨𝐨𝐛𝐚𝐫", "fo", [[0, 4]]],
  ["die Straße", "stras", [[4, 5]]],
  ["die Straße", "strass", [[4, 5]]],
  ["die Straße", "strasse", [[4, 6]]],
  ["cafe\u0301s", "cafe", [[0, 5]]],
  ["cafe\u0301s", "cafes", [[0, 6]]],
  ["我家在上海东边上海", "上海", [[3, 2], [7, 2]]],
  ["哈哈哈 哈哈", "哈", [[0, 1], [1, 1], [2, 1], [4, 1], [5, 1]]],
  ["哈哈哈 哈哈", "哈哈", [[0, 3], [4, 2]]],
  ["上海东边", "海东 上海", [[0, 3]]],
  ["上海东边", "上海 东边", [[0, 2], [2, 2]]],
  ["foo上海", "foo 上海", [[0, 3], [3, 2]]],
  ["a ".repeat(30), "a", Array.from({ length: 20 }, (_, n) => [2 * n, 1])],
];

test("ranges count in UTF-16 units and hold whole characters, the first twenty", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const said = await saidAndFound(room, phone, RANGES.map(([text]) => text), "zzranges");
  for (const [n, [, Query, wanted]] of RANGES.entries()) {
    const { ChatId } = room;
    const results = await findAll(phone, { ChatId, Query });
    const found = results.find(({ Message }) => Message.Seq === said[n].Seq);
    assert.deepEqual(found?.Ranges, wanted, `${Query} in ${said[n].Content}`);
  }
  room.leave();
});

for (const kind of ALL_KINDS) {
  test(`a new message is found within five seconds, whole, by every member and nobody else: ${kind}`, async () => {
    const { eve } = stage;
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const word = `fresh${kind}`;
    const quoted = await room.say(phone, "quoted");
    const said = await room.say(phone, `This is ${word}!`, { ReplyTo: quoted.Seq, ClientId: word });
    for (const [device] of room.devices) {
      const [result] = await finds(device, { Query: word }, [said]);
      hasKeys(result, "Message", "Ranges");
      assert.deepEqual(result, { Message: said, Ranges: [[8, word.length]] });
    }
    const outsider = await eve.connect();
    await findsNow(outsider, { Query: word }, []);
    outsider.close();
    await room.quiet();
    room.leave();
  });
}

test("without an acknowledgement the requester alone hears what was found", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const said = await room.say(phone, "unacknowledged");
  await finds(phone, { Query: "unacknowledged" }, [said]);
  phone.emit("search-messages", { Query: "unacknowledged" });
  const answer = await phone.next("search-result");
  assert.deepEqual(answer, { Results: [{ Message: said, Ranges: [[0, 14]] }], HasMore: false });
  const { Ok, ...acknowledged } = await phone.must("search-messages", { Query: "unacknowledged" });
  assert.deepEqual(acknowledged, answer);
  await room.quiet();
  room.leave();
});

test("own marks come with what was found to whoever made them", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const said = await room.say(phone, "markedmessage");
  const { Rev, Message } = await room.change(phone, "pin-message", { Seq: said.Seq, On: true }, "Pinned");
  assert.equal(Message.Rev, Rev);
  const { My } = await room.mark(bobs, "star-message", { Seq: said.Seq, On: true });
  assert.deepEqual((await finds(bobs, { Query: "markedmessage" }, [said]))[0].Message, { ...Message, My });
  assert.deepEqual((await finds(phone, { Query: "markedmessage" }, [said]))[0].Message, Message);
  room.leave();
});

test("a thousand characters in one script and a word of great length are found", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const long = `${"x".repeat(8_000)}end`;
  const han = Array.from({ length: 1_500 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7) % 3_000))).join("");
  const said = [await room.say(phone, long), await room.say(phone, han)];
  await finds(phone, { Query: "x".repeat(200) }, [said[0]]);
  await finds(phone, { Query: han.slice(700, 900) }, [said[1]]);
  await findsNow(phone, { Query: `${"x".repeat(199)} ` }, []);
  await findsNow(phone, { Query: `${han.slice(700, 800)}${han.slice(801, 900)}` }, []);
  room.leave();
});
