// Getting a file's bytes: how they may be shown, what is kept of them, and parts of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage } from "./room.mjs";
import * as samples from "./samples.mjs";
import { bearer, get, http, isRefused, upload } from "./uploads.mjs";

let stage, ann, file, bytes;
before(async () => {
  stage = await Stage.open();
  ({ ann } = stage);
  bytes = Buffer.from(Array.from({ length: 1_000 }, (_, n) => (n * 7) % 251));
  file = await upload(stage.server, ann, bytes, { name: "thousand.bin" });
});
after(() => stage?.close());

const ask = (headers = {}, path = file.Url) => get(stage.server, ann, path, headers);
const head = (path, headers = {}) => http(stage.server, "HEAD", path, { headers: { ...bearer(ann), ...headers } });

/// What every answer with bytes says.
function isGuarded({ headers }) {
  assert.match(headers.etag, /^"[^"]+"$/, "a strong ETag");
  assert.equal(headers["accept-ranges"], "bytes");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["content-security-policy"], "sandbox; default-src 'none'");
  assert.equal(headers["cross-origin-resource-policy"], "same-origin");
  assert.equal(headers["cache-control"], "private, no-cache");
}

/// The name in `filename*=`, if the answer is to be saved and not shown.
function saved({ headers }) {
  const disposition = headers["content-disposition"] ?? "inline";
  if (!disposition.startsWith("attachment")) return undefined;
  const name = /filename\*=UTF-8''([^;\s]*)/.exec(disposition)?.[1];
  assert.ok(name, disposition);
  return decodeURIComponent(name);
}

const SHOWN = {
  "image/jpeg": samples.JPEG,
  "image/gif": samples.GIF,
  "image/webp": samples.WEBP,
  "video/mp4": samples.MP4,
  "video/webm": samples.WEBM,
  "audio/mpeg": samples.MP3,
  "audio/mp4": samples.M4A,
  "audio/ogg": samples.OGG,
  "audio/webm": samples.WEBA,
};
const SAVED = {
  "text/plain": Buffer.from("<script>alert(1)</script>"),
  "application/pdf": Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
  "application/octet-stream": Buffer.from([0, 1, 2]),
};

test("pictures, videos and sounds are shown, all else is saved under its name as bytes", async () => {
  const { server } = stage;
  for (const [type, content] of Object.entries({ ...SHOWN, ...SAVED })) {
    const { Type, Url, Size } = await upload(server, ann, content, { name: "näme 1.x" });
    assert.equal(Type, type);
    const answer = await ask({}, Url);
    assert.equal(answer.status, 200);
    isGuarded(answer);
    assert.equal(answer.headers["content-length"], `${Size}`);
    assert.equal(answer.bytes.length, Size);
    const inline = Object.hasOwn(SHOWN, type);
    assert.equal(answer.headers["content-type"], inline ? type : "application/octet-stream");
    assert.equal(saved(answer), inline ? undefined : "näme 1.x");
    const download = await ask({}, `${Url}?download=1`);
    isGuarded(download);
    assert.equal(download.headers["content-type"].split(";")[0], type);
    assert.equal(saved(download), "näme 1.x");
    assert.ok(download.bytes.equals(answer.bytes));
  }
});

test("a name in a header is a name and nothing else", async () => {
  const { server } = stage;
  for (const name of ['a"b.txt', "a;b=c.txt", "a'b%20.txt", "上海 😀.txt", "x".repeat(255), "a,b (1)*.txt", "..", "=?utf-8?q?x?="]) {
    const { Url } = await upload(server, ann, Buffer.from("x"), { name });
    assert.equal(saved(await ask({}, Url)), name);
  }
});

test("HEAD says what GET would, without the bytes", async () => {
  const { server } = stage;
  const picture = await upload(server, ann, samples.JPEG);
  for (const path of [file.Url, `${file.Url}?download=1`, picture.Url, picture.ThumbnailUrl]) {
    const [whole, bare] = [await ask({}, path), await head(path)];
    assert.deepEqual([bare.status, bare.bytes.length], [200, 0]);
    for (const name of ["content-type", "content-length", "content-disposition", "etag", "cache-control", "accept-ranges", "content-security-policy"]) {
      assert.equal(bare.headers[name], whole.headers[name], name);
    }
  }
  assert.equal((await head(`${file.Url}/thumbnail`)).status, 404);
});

test("who has the bytes is not sent them again", async () => {
  const { headers } = await ask();
  const { etag } = headers;
  assert.equal((await ask()).headers.etag, etag);
  for (const known of [etag, `"x", ${etag}`, `${etag}, "x"`, `W/${etag}`, "*"]) {
    const answer = await ask({ "if-none-match": known });
    assert.deepEqual([answer.status, answer.bytes.length], [304, 0], known);
    assert.equal(answer.headers.etag, etag);
    assert.equal(answer.headers["cache-control"], "private, no-cache");
    assert.equal((await head(file.Url, { "if-none-match": known })).status, 304);
  }
  for (const other of ['"x"', "x"]) assert.equal((await ask({ "if-none-match": other })).status, 200, other);
  assert.equal((await ask({ "if-none-match": etag, range: "bytes=0-1" })).status, 304, "before any range");
  const other = await upload(stage.server, ann, Buffer.from("other"));
  assert.notEqual((await ask({}, other.Url)).headers.etag, etag);
});

/// What is asked for, and the first and the last byte of what is sent.
const PARTS = {
  "bytes=0-0": [0, 0],
  "bytes=0-9": [0, 9],
  "bytes=990-": [990, 999],
  "bytes=0-": [0, 999],
  "bytes=-1": [999, 999],
  "bytes=-10": [990, 999],
  "bytes=-1000": [0, 999],
  "bytes=-5000": [0, 999],
  "bytes=999-999": [999, 999],
  "bytes=500-5000": [500, 999],
  "bytes=999-999999999999": [999, 999],
};

test("one part of a file can be had", async () => {
  for (const [range, [first, last]] of Object.entries(PARTS)) {
    const answer = await ask({ range });
    assert.equal(answer.status, 206, range);
    isGuarded(answer);
    assert.equal(answer.headers["content-range"], `bytes ${first}-${last}/1000`);
    assert.equal(answer.headers["content-length"], `${last - first + 1}`);
    assert.ok(answer.bytes.equals(bytes.subarray(first, last + 1)), range);
  }
  const download = await ask({ range: "bytes=0-1" }, `${file.Url}?download=1`);
  assert.deepEqual([download.status, saved(download)], [206, "thousand.bin"]);
});

test("a part that is not there is said to be none", async () => {
  for (const range of ["bytes=1000-", "bytes=1000-1001", "bytes=5000-6000", "bytes=-0"]) {
    const answer = await ask({ range });
    assert.equal(answer.status, 416, range);
    assert.equal(answer.headers["content-range"], "bytes */1000");
  }
});

test("several parts, and what is no range, are answered with the whole", async () => {
  for (const range of ["bytes=0-1,3-4", "bytes=0-1, -1", "bytes=2-1", "items=0-1", "bytes=", "bytes", "bytes=a-b", "bytes=-", "bytes=0x1-2", "bytes=1.5-2", ""]) {
    const answer = await ask({ range });
    assert.deepEqual([answer.status, answer.bytes.length], [200, 1_000], range);
    assert.equal(answer.headers["content-range"], undefined);
  }
});

test("a part is sent if the file is the one that is meant, else the whole", async () => {
  const range = "bytes=0-9";
  const { etag } = (await ask()).headers;
  assert.equal((await ask({ range, "if-range": etag })).status, 206);
  for (const other of ['"x"', `W/${etag}`, "Thu, 01 Jan 1970 00:00:00 GMT"]) {
    const answer = await ask({ range, "if-range": other });
    assert.deepEqual([answer.status, answer.bytes.length], [200, 1_000], other);
  }
  assert.equal((await ask({ range: "bytes=5000-", "if-range": '"x"' })).status, 200, "a part of another file is no fault");
  assert.equal((await ask({ range: "bytes=5000-", "if-range": etag })).status, 416);
});

test("all of this holds for thumbnails", async () => {
  const { ThumbnailUrl, Url } = await upload(stage.server, ann, samples.JPEG);
  const whole = await ask({}, ThumbnailUrl);
  isGuarded(whole);
  assert.equal(whole.headers["content-type"], "image/jpeg");
  const { etag } = whole.headers;
  assert.notEqual(etag, (await ask({}, Url)).headers.etag);
  assert.equal((await ask({ "if-none-match": etag }, ThumbnailUrl)).status, 304);
  const part = await ask({ range: "bytes=1-4" }, ThumbnailUrl);
  assert.equal(part.status, 206);
  assert.ok(part.bytes.equals(whole.bytes.subarray(1, 5)));
  assert.equal((await ask({ range: `bytes=${whole.bytes.length}-` }, ThumbnailUrl)).status, 416);
  isRefused(await ask({}, `${file.Url}/thumbnail`), 404);
});

test("many parts asked for at once come each from its place", async () => {
  const large = Buffer.alloc(3_000_000);
  for (let at = 0; at < large.length; at += 4) large.writeUInt32LE(at, at);
  const { Url } = await upload(stage.server, ann, large);
  const starts = Array.from({ length: 20 }, (_, n) => n * 149_996);
  const answers = await Promise.all(starts.map((start) => ask({ range: `bytes=${start}-${start + 99_999}` }, Url)));
  for (const [n, { status, bytes: part }] of answers.entries()) {
    assert.equal(status, 206);
    assert.ok(part.equals(large.subarray(starts[n], starts[n] + 100_000)));
  }
});
