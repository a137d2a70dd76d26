// Bringing files to the server: what they are found to be, what is refused, and what an upload costs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NOBODY, Stage } from "./room.mjs";
import * as samples from "./samples.mjs";
import { hasKeys, isId } from "./shapes.mjs";
import { bearer, bring, cookie, get, http, isRefused, json, remove, upload } from "./uploads.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const text = (content) => Buffer.from(content);

/// A recording of silence.
const WAV = (() => {
  const bytes = Buffer.alloc(44 + 800);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  [1, 1].forEach((value, n) => bytes.writeUInt16LE(value, 20 + 2 * n));
  [8_000, 8_000].forEach((value, n) => bytes.writeUInt32LE(value, 24 + 4 * n));
  [1, 8].forEach((value, n) => bytes.writeUInt16LE(value, 32 + 2 * n));
  bytes.write("data", 36);
  bytes.writeUInt32LE(800, 40);
  return bytes.fill(128, 44);
})();
const PDF = Buffer.concat([text("%PDF-1.4\n%"), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3]), text("\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")]);
const ZIP = Buffer.concat([Buffer.from("504b03040a0000000000", "hex"), Buffer.alloc(20), Buffer.from("504b0506", "hex"), Buffer.alloc(18)]);
const HEIC = Buffer.from(samples.AVIF.toString("latin1").replaceAll("avif", "heic"), "latin1");

/// What bytes are, whatever is claimed of them.
const KINDS = [
  ["image/jpeg", samples.JPEG, "a JPEG"],
  ["image/jpeg", samples.PROGRESSIVE, "a JPEG in several scans"],
  ["image/jpeg", samples.CMYK, "a JPEG in four colours"],
  ["image/gif", samples.GIF, "a GIF"],
  ["image/webp", samples.WEBP, "a WebP without loss"],
  ["image/webp", samples.LOSSY, "a WebP"],
  ["image/webp", samples.MOVING, "a moving WebP"],
  ["video/mp4", samples.MP4, "an MP4"],
  ["video/webm", samples.WEBM, "a WebM"],
  ["audio/mpeg", samples.MP3, "an MP3"],
  ["audio/mp4", samples.M4A, "an M4A"],
  ["audio/ogg", samples.OGG, "an Ogg"],
  ["audio/wav", WAV, "a WAV"],
  ["audio/webm", samples.WEBA, "a WebM without video"],
  ["application/pdf", PDF, "a PDF"],
  ["application/zip", ZIP, "a ZIP"],
  ["text/plain", text("hello"), "a text"],
  ["text/plain", text("größer 上海 😀"), "a text of many scripts"],
  ["text/plain", text("BM is no picture"), "a text that begins like a BMP"],
  ["text/plain", text("II* MM* GIF RIFF ftyp"), "a text with the marks of other kinds"],
  ["text/plain", text("<!doctype html><script>alert(1)</script>"), "HTML"],
  ["text/plain", text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), "SVG"],
  ["text/plain", text("上".repeat(60_000)), "a long text"],
  ["application/octet-stream", Buffer.from([0, 1, 2, 3]), "bytes"],
  ["application/octet-stream", text("hello\0"), "a text with NUL"],
  ["application/octet-stream", Buffer.concat([text("上".repeat(60_000)), Buffer.from([0])]), "a long text with NUL at its end"],
  ["application/octet-stream", Buffer.concat([text("上".repeat(60_000)), Buffer.from([0xe4, 0xb8])]), "a long text with half a character"],
  ["application/octet-stream", Buffer.from([0x68, 0xff, 0x69]), "a text in another encoding"],
  ["application/octet-stream", Buffer.from("1f8b0800000000000003", "hex"), "gzip"],
];
const CLAIMS = ["image/png", "text/html", "application/json", "image/svg+xml", "nonsense"];

test("a file is what its bytes say, never what is claimed", async () => {
  const { server, ann } = stage;
  for (const [n, [Type, bytes, what]] of KINDS.entries()) {
    for (const [name, claim] of [["file.html", CLAIMS[n % CLAIMS.length]], [`${n}.png`, undefined]]) {
      const headers = claim ? { "content-type": claim } : {};
      const file = await upload(server, ann, bytes, { name, headers });
      assert.equal(file.Type, Type, what);
      assert.equal(file.Name, name);
    }
  }
});

test("pictures of other kinds are refused as such", async () => {
  const { server, ann } = stage;
  for (const kind of ["TIFF", "BMP", "AVIF"]) isRefused(await bring(server, ann, samples[kind], { name: "a.jpg" }), 415, kind);
  isRefused(await bring(server, ann, HEIC), 415, "HEIC");
});

test("an answer says what there is to know of a file, and no more", async () => {
  const { server, ann } = stage;
  const bytes = text("hello");
  const file = await upload(server, ann, bytes, { name: "hello.txt" });
  hasKeys(file, "Id", "Name", "Type", "Size", "Url");
  const { Id, Url, ...rest } = file;
  isId(Id);
  assert.equal(Url, `/files/${Id}`);
  assert.deepEqual(rest, { Name: "hello.txt", Type: "text/plain", Size: 5 });
  assert.deepEqual((await get(server, ann, Url)).bytes, bytes);
  const again = await upload(server, ann, bytes, { name: "hello.txt" });
  assert.notEqual(again.Id, Id, "each upload is a file of its own");
});

test("bytes of every length come back as they went", async () => {
  const { server, ann } = stage;
  for (const length of [1, 2, 4_095, 65_536, 65_537, 1_000_003, 5_000_000]) {
    const bytes = Buffer.alloc(length, Buffer.from([7, 0, 255, 13, 10, 26, 128]));
    const { Size, Url } = await upload(server, ann, bytes);
    assert.equal(Size, length);
    assert.ok((await get(server, ann, Url)).bytes.equals(bytes), `${length} bytes`);
  }
});

test("a body can come without its length said before", async () => {
  const { server, ann } = stage;
  const headers = { ...bearer(ann), "transfer-encoding": "chunked" };
  const answer = await http(server, "POST", "/files?name=chunks.txt", { headers, body: text("in pieces") });
  assert.equal(answer.status, 200, answer.bytes.toString());
  assert.deepEqual([json(answer).File.Name, json(answer).File.Size], ["chunks.txt", 9]);
});

test("a name is as it was given, within its bounds", async () => {
  const { server, ann } = stage;
  const fine = ["a", "x".repeat(255), "上".repeat(255), "ÅÄÖ 😀.txt", "..", "a b+c&d=e%.txt", "'\"<>|?*;:", "CON", "name.tar.gz"];
  for (const name of fine) assert.equal((await upload(server, ann, text("x"), { name })).Name, name);
  assert.equal((await upload(server, ann, text("x"))).Name, "file");
  for (const name of ["", "x".repeat(256), "上".repeat(256), "a/b", "/", "../x", "a\\b", "a\0b", "a\nb", "a\x1fb", "a\x7fb", "a\u0085b"]) {
    isRefused(await bring(server, ann, text("x"), { name }), 400, JSON.stringify(name));
  }
});

test("a duration is believed of what is heard or seen, and must be a number", async () => {
  const { server, ann } = stage;
  for (const bytes of [samples.MP3, samples.MP4, samples.OGG, samples.WEBM, WAV]) {
    assert.equal((await upload(server, ann, bytes, { duration: "1.5" })).Duration, 1.5);
    assert.equal((await upload(server, ann, bytes, { duration: "90" })).Duration, 90);
    hasKeys(await upload(server, ann, bytes), "Id", "Name", "Type", "Size", "Url");
  }
  for (const duration of ["long", "1.5s", "NaN", "-1", "inf", "Infinity", "1,5"]) {
    isRefused(await bring(server, ann, samples.MP3, { duration }), 400, duration);
  }
});

test("an empty body is no file", async () => {
  const { server, ann } = stage;
  isRefused(await bring(server, ann, Buffer.alloc(0), { name: "empty.txt" }), 400);
  isRefused(await http(server, "POST", "/files", { headers: { ...bearer(ann), "transfer-encoding": "chunked" } }), 400);
});

test("who is not signed in brings nothing and gets nothing, whatever there is", async () => {
  const { server, ann } = stage;
  const { Id, Url } = await upload(server, ann, text("ann's"));
  const wrong = [{}, { authorization: "Bearer x" }, { authorization: "Basic eDp5" }, { cookie: "access_token=x" }];
  for (const headers of wrong) {
    isRefused(await http(server, "POST", "/files", { headers, body: "x" }), 401);
    for (const path of [Url, `${Url}/thumbnail`, `/files/${NOBODY}`, "/files/x"]) {
      isRefused(await http(server, "GET", path, { headers }), 401, path);
      assert.equal((await http(server, "HEAD", path, { headers })).status, 401);
    }
    isRefused(await http(server, "DELETE", `/files/${Id}`, { headers }), 401);
  }
  assert.equal((await get(server, ann, Url)).status, 200);
});

test("what is encoded is refused unread, with its reason in a word", async () => {
  const { server, ann } = stage;
  isRefused(await bring(server, ann, Buffer.from("x"), { headers: { "content-encoding": "gzip" } }), 415);
});

test("a cookie is as good as a token, but not from a page of another origin", async () => {
  const { server, ann } = stage;
  const [own, other] = [{ origin: server.url }, { origin: "https://elsewhere.example" }];
  const body = "by cookie";
  isRefused(await http(server, "POST", "/files", { headers: { ...cookie(ann), ...other }, body }), 403);
  const answer = await http(server, "POST", "/files", { headers: { ...cookie(ann), ...own }, body });
  assert.equal(answer.status, 200, answer.bytes.toString());
  const { Id, Url } = json(answer).File;
  assert.equal((await http(server, "GET", Url, { headers: cookie(ann) })).bytes.toString(), body);
  isRefused(await http(server, "GET", Url, { headers: { ...cookie(ann), ...other } }), 403);
  isRefused(await http(server, "DELETE", `/files/${Id}`, { headers: { ...cookie(ann), ...other } }), 403);
  assert.equal((await http(server, "GET", Url, { headers: { ...bearer(ann), ...other } })).status, 200, "a token is sent by no page unasked");
  assert.equal((await http(server, "DELETE", `/files/${Id}`, { headers: { ...cookie(ann), ...own } })).status, 200);
});

test("an uploader removes what nothing holds, once", async () => {
  const { server, ann, bob } = stage;
  const file = await upload(server, ann, samples.JPEG);
  isRefused(await remove(server, bob, file), 404);
  for (const Id of [NOBODY, "x", "a".repeat(300)]) isRefused(await remove(server, ann, { Id }), 404, Id);
  const gone = await remove(server, ann, file);
  assert.deepEqual([gone.status, json(gone).success], [200, 1]);
  for (const path of [file.Url, file.ThumbnailUrl]) isRefused(await get(server, ann, path), 404);
  isRefused(await remove(server, ann, file), 404);
});

test("other methods and paths are answered as everywhere", async () => {
  const { server, ann } = stage;
  const { Url } = await upload(server, ann, text("x"));
  for (const [method, path] of [["PUT", "/files"], ["GET", "/files"], ["POST", Url], ["PUT", Url], ["DELETE", `${Url}/thumbnail`]]) {
    const answer = await http(server, method, path, { headers: bearer(ann) });
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.deepEqual(Object.keys(json(answer)).filter((key) => key !== "Code").sort(), ["message", "success"]);
  }
  for (const path of [`${Url}/x`, `${Url}/thumbnail/x`]) assert.equal((await get(server, ann, path)).status, 404);
  assert.equal((await get(server, ann, `/FILES${Url.slice(6)}/`)).status, 200, "paths match without regard to case");
});
