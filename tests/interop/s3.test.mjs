// Files in a bucket of a service that speaks S3: there and gone as in a folder, by TLS, and through all that can become of the service.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Bucket } from "./bucket.mjs";
import { until } from "./patience.mjs";
import { png } from "./png.mjs";
import { missing } from "./s3/environment.mjs";
import { Server } from "./server.mjs";
import { bearer, bring, bytesFor, get, http, isRefused, remove, upload, uploadText } from "./uploads.mjs";

const skip = missing() ?? false;
const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;
/// Three pieces, as S3 takes them.
const LARGE = 10 * MIB + 1;

const isPiece = (number) => (method, url) => method === "PUT" && url.includes(`partNumber=${number}&`);

let home, bucket, server, ann;
before(async () => {
  if (skip) return;
  home = await mkdtemp(join(tmpdir(), "greenroom-s3-"));
  bucket = await Bucket.open(home);
  process.env.SSL_CERT_FILE = bucket.trusted;
  server = await Server.start(bucket.settings, "debug");
  ann = await server.person("Ann");
});
after(async () => {
  await server?.close();
  await bucket?.close();
  if (home) await rm(home, { recursive: true, force: true });
});

/// What must be in the bucket: sizes by name.
const wanted = {};
/// What is in the bucket in the end, as [file, bytes].
const files = [];

async function put(bytes, more) {
  const File = await upload(server, ann, bytes, more);
  const name = `${File.Id.slice(-2)}/${File.Id}`;
  wanted[name] = File.Size;
  if (File.ThumbnailUrl) wanted[`${name}.thumbnail`] = (await bytesFor(server, ann, File.ThumbnailUrl)).length;
  files.push([File, bytes]);
  return File;
}

const sorted = (objects) => JSON.stringify(Object.entries(objects).sort());

/// Waits until this and nothing else is in the bucket.
const holds = async (objects, within = MINUTE_MS) =>
  until(async () => sorted((await bucket.content()).objects) === sorted(objects), within, async () => `${sorted((await bucket.content()).objects)} and not ${sorted(objects)}`);

async function areThere() {
  for (const [{ Url, Name }, bytes] of files) assert.ok(bytes.equals(await bytesFor(server, ann, Url)), Name);
}

async function isUnavailable(answer, why) {
  isRefused(answer, 503, why);
  assert.equal(JSON.parse(answer.bytes.toString()).Code, "unavailable", why);
}

test("what is killed in the middle of uploads leaves no more than pieces, which are the service's to end", { skip }, async () => {
  const held = bucket.gate.hold(isPiece(2));
  const lost = bring(server, ann, randomBytes(LARGE)).catch(() => "cut off");
  await held;
  const small = bucket.gate.hold((method, url) => method === "PUT" && !url.includes(".thumbnail"));
  const lostToo = bring(server, ann, png(50, 50)).catch(() => "cut off");
  await small;
  await server.restart({ signal: "SIGKILL" });
  assert.deepEqual([await lost, await lostToo], ["cut off", "cut off"]);
  assert.match(Object.keys((await bucket.content()).objects).join(), /^[^,]*\.thumbnail$/, "a thumbnail came before the end, and goes later");
  bucket.gate.pass();
});

test("files of every size come back whole and in parts", { skip }, async () => {
  for (const length of [1, 5 * MIB, LARGE]) {
    const bytes = randomBytes(length);
    const { Url, Size } = await put(bytes, { name: `${length}.bin` });
    assert.equal(Size, length);
    const whole = await get(server, ann, Url);
    assert.ok(whole.bytes.equals(bytes), `${length} bytes`);
    const head = await http(server, "HEAD", Url, { headers: bearer(ann) });
    assert.deepEqual([head.status, head.headers["content-length"], head.bytes.length], [200, `${length}`, 0]);
    assert.equal(head.headers.etag, whole.headers.etag);
    for (const [asked, from, to] of [["0-0", 0, 1], ["-1", length - 1, length], [`${length >> 1}-`, length >> 1, length]]) {
      const part = await get(server, ann, Url, { range: `bytes=${asked}` });
      assert.deepEqual([part.status, part.headers["content-range"]], [206, `bytes ${from}-${to - 1}/${length}`]);
      assert.ok(part.bytes.equals(bytes.subarray(from, to)), asked);
    }
    assert.equal((await get(server, ann, Url, { range: `bytes=${length}-` })).status, 416);
  }
  const { Url } = files.at(-1)[0];
  const across = await get(server, ann, Url, { range: `bytes=${5 * MIB - 3}-${5 * MIB + 2}` });
  assert.ok(across.bytes.equals(files.at(-1)[1].subarray(5 * MIB - 3, 5 * MIB + 3)), "over the border of two pieces");
});

test("a picture has a thumbnail, which is an object of its own", { skip }, async () => {
  const bytes = png(600, 300);
  const { Id, Url, ThumbnailUrl } = await upload(server, ann, bytes, { name: "wide.png" });
  const [whole, small] = [await bytesFor(server, ann, Url), await bytesFor(server, ann, ThumbnailUrl)];
  const { objects } = await bucket.content();
  const name = `${Id.slice(-2)}/${Id}`;
  assert.deepEqual([objects[name], objects[`${name}.thumbnail`]], [whole.length, small.length]);
  const head = await http(server, "HEAD", ThumbnailUrl, { headers: bearer(ann) });
  assert.equal(head.headers["content-length"], `${small.length}`);
  const part = await get(server, ann, ThumbnailUrl, { range: "bytes=1-4" });
  assert.deepEqual([part.status, part.bytes], [206, small.subarray(1, 5)]);
  assert.equal((await remove(server, ann, { Id })).status, 200);
  isRefused(await get(server, ann, Url), 404);
});

test("a piece that is not taken takes the others with it", { skip }, async () => {
  const before = (await bucket.content()).unfinished.length;
  for (const number of [1, 3]) {
    bucket.gate.refuses = isPiece(number);
    await isUnavailable(await bring(server, ann, randomBytes(LARGE)), `piece ${number}`);
    assert.equal((await bucket.content()).unfinished.length, before, `nothing is left without piece ${number}`);
  }
  bucket.gate.pass();
});

test("without the service there is a refusal, and everything when it is back", { skip }, async () => {
  await bucket.gate.shut();
  const [{ Url }] = files[0];
  const asked = [bring(server, ann, randomBytes(10)), bring(server, ann, png(20, 20)), bring(server, ann, randomBytes(LARGE)), get(server, ann, Url)];
  for (const [at, answer] of (await Promise.all(asked)).entries()) await isUnavailable(answer, `request ${at}`);
  assert.equal((await http(server, "HEAD", Url, { headers: bearer(ann) })).status, 200, "what is known without it is told");
  await bucket.gate.reopen();
  await areThere();
});

test("a service without TLS is spoken to as well, but not with a wrong key", { skip }, async () => {
  const plain = { ...bucket.settings, "files.s3_endpoint": `http://localhost:${bucket.plain.port}` };
  const wrong = "wrong-key-0123456789";
  await server.restart({ settings: { ...plain, "files.s3_secret_key": wrong } });
  await isUnavailable(await bring(server, ann, randomBytes(10)), "a wrong key");
  assert.ok(!server.log.join("\n").includes(wrong), "not even a wrong key is in the log");
  await server.restart({ settings: plain });
  await put(randomBytes(10), { name: "plain.bin" });
});

test("what has an end leaves nothing, and database and store agree", { skip }, async () => {
  const { File } = await uploadText(server, ann);
  assert.equal((await remove(server, ann, File)).status, 200);
  await holds(wanted);
  await areThere();
  const { stdout } = await server.command("files", "check");
  assert.match(stdout, new RegExp(`^${files.length} files: database and store agree$`, "m"));
});

test("neither the secret nor a signature is in the log", { skip }, () => {
  const log = server.log.join("\n");
  assert.match(log, /the bytes of files cannot be reached/, "the log tells what went wrong");
  assert.ok(!log.includes(bucket.secret), "the secret");
  assert.doesNotMatch(log, /AWS4-HMAC-SHA256|Signature=/i);
});
