/** Files of messages: what the server says of them, how they are shown, and what a deletion leaves. */
import { expect, test } from "vitest";
import { blurred } from "../src/view/log/blurhash.ts";
import { type Attachment, boxOf, colourOf, kindOf, lineOf, shownAs } from "../src/model/attachment.ts";
import type { Message } from "../src/model/model.ts";
import { quoteOf } from "../src/model/quote.ts";
import { Store } from "../src/model/store.ts";
import { decode } from "../src/wire/decode.ts";
import { Say } from "../src/words/say.ts";

const FILE = {
  Id: "f1",
  Name: "stage.png",
  Type: "image/png",
  Size: 2_400_000,
  Width: 4000,
  Height: 3000,
  Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
  Url: "/files/f1",
  ThumbnailUrl: "/files/f1/thumbnail",
};
const MESSAGE = {
  Sender: "Ann",
  SenderId: "ann",
  _id: "m1",
  Seq: 1,
  Timestamp: "2026-01-01T10:00:00.000Z",
  Content: "",
};
const ME = { id: "me", name: "Me" };

const known: Attachment = { id: "f1", name: "stage.png", type: "image/png", size: 1, url: "/files/f1" };

function told(event: string, payload: object) {
  const heard = decode(event, { ChatId: "c", ...payload }, ME, 0);
  if (heard?.is !== "fact") throw new Error("no fact");
  return heard.fact;
}

test("a message keeps its files, and a quote that it had some", () => {
  const ReplyTo = { Seq: 1, SenderId: "ann", Sender: "Ann", Content: "", HasFile: true };
  expect(told("receive-personal-message", { ...MESSAGE, Attachments: [FILE], ReplyTo })).toMatchObject({
    message: {
      attachments: [{ id: "f1", width: 4000, height: 3000, url: "/files/f1", thumbnail: "/files/f1/thumbnail" }],
      replyTo: { seq: 1, text: "", hasFile: true },
    },
  });
});

test("an address that leads elsewhere is no file's", () => {
  for (const Url of ["https://elsewhere.example/f1", "//elsewhere.example/f1", "javascript:alert(1)", "/\\elsewhere"])
    expect(() => told("receive-personal-message", { ...MESSAGE, Attachments: [{ ...FILE, Url }] })).toThrow(
      "not a path",
    );
});

test("a deletion takes the files away", () => {
  const store = new Store();
  store.tell({ is: "me", me: ME });
  store.tell(told("receive-personal-message", { ...MESSAGE, Attachments: [FILE] }));
  expect(store.model.chats["c"]?.last?.attachments).toHaveLength(1);
  const Message = { ...MESSAGE, Rev: 1, DeletedAt: MESSAGE.Timestamp, DeletedBy: "ann" };
  store.tell(told("message-changed", { What: "Deleted", Message }));
  expect(store.model.chats["c"]?.last?.attachments).toBeUndefined();
});

test("pictures, films and sounds are what the server sends inline", () => {
  expect(shownAs({ ...known, thumbnail: "/files/f1/thumbnail" })).toBe("picture");
  expect(shownAs(known)).toBe("file");
  expect(shownAs({ ...known, type: "video/mp4" })).toBe("film");
  expect(shownAs({ ...known, type: "audio/ogg" })).toBe("sound");
  expect(shownAs({ ...known, type: "video/quicktime" })).toBe("file");
});

test("a picture's place keeps its form, is never larger than it, and can be hit", () => {
  expect(boxOf(4000, 3000)).toEqual({ width: 320, height: 240 });
  expect(boxOf(3000, 4000)).toEqual({ width: 240, height: 320 });
  expect(boxOf(100, 80)).toEqual({ width: 100, height: 80 });
  expect(boxOf(1, 5000)).toEqual({ width: 44, height: 320 });
});

test("the mean colour is read from a blurhash, and nothing from what is none", () => {
  expect(colourOf("LEHV6nWB2yk8pyo0adR*.7kCMdnj")).toMatch(/^#[0-9a-f]{6}$/);
  expect(colourOf("00TI:jfQ")).toBe("#ff0000");
  expect(colourOf("00")).toBeUndefined();
  expect(colourOf('L"\\\\"n')).toBeUndefined();
  expect(colourOf(undefined)).toBeUndefined();
});

test("in one line a message is its text, or the names of its files", () => {
  expect(lineOf({ text: "look", attachments: [known] })).toBe("look");
  expect(lineOf({ text: "", attachments: [known, { ...known, name: "b.pdf" }] })).toBe("stage.png, b.pdf");
  expect(lineOf({ text: "" })).toBe("");
});

test("a kind is how the name ends, else what the bytes are; a size is said in few digits", () => {
  expect(kindOf({ ...known, name: "plan.pdf" })).toBe("PDF");
  expect(kindOf({ ...known, name: "plan", type: "application/zip" })).toBe("ZIP");
  const say = new Say("en-US");
  expect([512, 1000, 2_400_000, 26_214_400, 999_999].map((bytes) => say.size(bytes))).toEqual([
    "512 bytes",
    "1 kB",
    "2.4 MB",
    "26 MB",
    "1 MB",
  ]);
});

test("a quote is drawn from the newest copy of its original", () => {
  const original: Message = {
    id: "m",
    seq: 1,
    sender: "ann",
    senderName: "Ann",
    text: "new",
    at: MESSAGE.Timestamp,
    rev: 2,
  };
  const told = { seq: 1, sender: "ann", senderName: "Ann", text: "old" };
  expect(quoteOf({ seq: 1 }, original)).toEqual({ ...told, text: "new" });
  expect(quoteOf(told, { ...original, text: "", attachments: [known] })).toEqual({ ...told, text: "", hasFile: true });
  expect(quoteOf(told, { ...original, text: "🎭".repeat(200) })?.text).toBe("🎭".repeat(120));
  expect(quoteOf(told, { ...original, deletedAt: MESSAGE.Timestamp })).toEqual({ seq: 1, deleted: true });
  expect(quoteOf({ seq: 1, unavailable: true }, original)).toEqual({ seq: 1, unavailable: true });
  const mine = { own: 1, reactions: [], starred: false, hidden: true };
  expect(quoteOf(told, { ...original, text: "", mine })).toEqual(told);
});

test("a blurhash is drawn as it says, and what is none not at all", () => {
  const pixels = blurred("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 4);
  expect(pixels?.length).toBe(4 * 4 * 4);
  const tones = new Set(Array.from({ length: 16 }, (_, at) => pixels?.slice(4 * at, 4 * at + 3).join()));
  expect(tones.size).toBeGreaterThan(8);
  expect([...(blurred("00TI:jfQ", 1)?.slice(0, 3) ?? [])]).toEqual([]);
  expect([...(blurred("00TI:j", 1) ?? [])]).toEqual([255, 0, 0, 255]);
});
