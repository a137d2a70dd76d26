// How much somebody may bring, of what kind, how large, and how often.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { png } from "./png.mjs";
import { Stage } from "./room.mjs";
import * as samples from "./samples.mjs";
import { refused } from "./shapes.mjs";
import { attached, bearer, bring, http, isRefused, json, remove, upload } from "./uploads.mjs";

const QUOTA = 1_000_000;

let stage;
before(async () => (stage = await Stage.open({ "files.quota_per_user": `${QUOTA}`, "files.max_size": `${QUOTA}` })));
after(() => stage?.close());

const bytes = (length) => Buffer.alloc(length, 1);

/// Somebody who has brought nothing yet.
const fresh = async () => (await stage.server.people("Dan"))[0];

test("what somebody has brought counts together, up to the last byte", async () => {
  const { server } = stage;
  const [dan, eli] = await server.people("Dan", "Eli");
  const first = await upload(server, dan, bytes(600_000));
  await upload(server, dan, bytes(400_000));
  isRefused(await bring(server, dan, bytes(1)), 413, "one byte over");
  await upload(server, eli, bytes(QUOTA));
  isRefused(await bring(server, eli, bytes(1)), 413);
  assert.equal((await remove(server, dan, first)).status, 200);
  await upload(server, dan, bytes(600_000));
  isRefused(await bring(server, dan, bytes(1)), 413, "full again");
});

test("what is refused or broken off counts nothing", async () => {
  const { server } = stage;
  const dan = await fresh();
  isRefused(await bring(server, dan, bytes(QUOTA + 1)), 413);
  isRefused(await bring(server, dan, samples.TIFF), 415);
  isRefused(await bring(server, dan, samples.JPEG.subarray(0, -30)), 400);
  await upload(server, dan, bytes(QUOTA));
});

test("a message that is deleted gives back what its files took, at once", async () => {
  const { server } = stage;
  const [dan, eli] = await server.people("Dan", "Eli");
  const room = await stage.room("Personal", [dan, eli]);
  const [[phone], [elis]] = room.devices;
  const File = await upload(server, dan, bytes(QUOTA));
  const { Seq } = await room.say(phone, "", attached(File));
  isRefused(await bring(server, dan, bytes(1)), 413, "held by a message");
  await elis.must("forward-message", { ChatId: room.ChatId, Seq, To: eli.id });
  const theirs = await upload(server, eli, bytes(QUOTA));
  await remove(server, eli, theirs);
  await phone.must("delete-message", { ChatId: room.ChatId, Seq });
  isRefused(await bring(server, dan, bytes(1)), 413, "a copy holds it");
  await elis.must("delete-message", { ChatId: eli.id, Seq: 1 });
  await upload(server, dan, bytes(QUOTA));
  room.leave();
});

test("of many at once so many are taken as there is room for", async () => {
  const { server } = stage;
  const dan = await fresh();
  const answers = await Promise.all(Array.from({ length: 8 }, () => bring(server, dan, bytes(300_000))));
  const held = answers.filter(({ status }) => status === 200).length;
  assert.equal(held, 3);
  for (const answer of answers.filter(({ status }) => status !== 200)) isRefused(answer, 413);
});

test("of a picture the size counts that is stored, and no thumbnail", async () => {
  const { server } = stage;
  const dan = await fresh();
  const { Size } = await upload(server, dan, png(470, 470));
  assert.ok(Size < QUOTA, `${Size}`);
  await upload(server, dan, bytes(QUOTA - Size));
  isRefused(await bring(server, dan, bytes(1)), 413);
});

/// A server with these settings for one test.
async function under(settings, does) {
  const strict = await Stage.open(settings);
  try {
    await does(strict);
  } finally {
    await strict.close();
  }
}

test("a file has a largest size, however it is sent", async () => {
  await under({ "files.max_size": "70000" }, async ({ server, ann }) => {
    const chunked = (body) => http(server, "POST", "/files", { headers: { ...bearer(ann), "transfer-encoding": "chunked" }, body });
    assert.equal((await upload(server, ann, bytes(70_000))).Size, 70_000);
    assert.equal((await chunked(bytes(70_000))).status, 200);
    for (const length of [70_001, 80_000, 140_000]) {
      isRefused(await bring(server, ann, bytes(length)), 413, `${length}`);
      isRefused(await chunked(bytes(length)), 413, `${length} in chunks`);
    }
    assert.equal((await upload(server, ann, bytes(1))).Size, 1);
  });
});

test("a picture has a largest number of pixels", async () => {
  await under({ "files.max_pixels": "1000" }, async ({ server, ann }) => {
    for (const [width, height] of [[40, 25], [1_000, 1], [1, 1_000]]) await upload(server, ann, png(width, height));
    for (const [width, height] of [[41, 25], [1_001, 1]]) isRefused(await bring(server, ann, png(width, height)), 413, `${width} × ${height}`);
    isRefused(await bring(server, ann, samples.JPEG), 413, "48 × 32");
    isRefused(await bring(server, ann, samples.LOSSY), 413, "48 × 32");
    await upload(server, ann, samples.GIF);
  });
});

test("a server takes the types that its settings name", async () => {
  await under({ "files.types": "image/*,application/pdf" }, async ({ server, ann }) => {
    for (const file of [samples.JPEG, samples.GIF, samples.WEBP, png(9, 9), Buffer.from("%PDF-1.4\n%%EOF\n")]) await upload(server, ann, file);
    for (const file of [samples.MP4, samples.MP3, Buffer.from("text"), Buffer.from([0]), samples.TIFF]) isRefused(await bring(server, ann, file), 415);
    isRefused(await bring(server, ann, Buffer.from("text"), { name: "a.png", headers: { "content-type": "image/png" } }), 415, "a claim");
  });
});

test("a message has so many files as the settings say", async () => {
  await under({ "messages.attachments": "2" }, async (strict) => {
    const room = await strict.room("Self");
    const [[phone]] = room.devices;
    const files = [];
    for (let n = 0; n < 3; n += 1) files.push(await upload(strict.server, strict.ann, bytes(n + 1)));
    await refused(phone, room.send, [{ Content: "x", ...attached(...files) }], "too_large");
    assert.equal((await room.say(phone, "x", attached(files[0], files[1]))).Attachments.length, 2);
  });
});

test("people are told when they bring too much too fast", async () => {
  await under({ "limits.enabled": "true", "limits.uploads_per_user": "1 per 1h, burst 4" }, async ({ server, ann, bob }) => {
    const answers = [];
    for (let n = 0; n < 7; n += 1) answers.push(await bring(server, ann, bytes(1)));
    const held = answers.filter(({ status }) => status === 200).length;
    assert.ok(held >= 3 && held <= 5, `${held} uploads`);
    for (const answer of answers.slice(held)) {
      assert.equal(answer.status, 429);
      assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
      const { success, Code } = json(answer);
      assert.deepEqual([success, Code], [-3, "rate_limited"]);
    }
    const { Url } = json(answers[0]).File;
    for (let n = 0; n < 20; n += 1) assert.equal((await http(server, "GET", Url, { headers: bearer(ann) })).status, 200);
    await upload(server, bob, bytes(1));
  });
});
