// Pictures that are brought to the server: what is left of them, how large they are, and the small ones that stand for them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { BLUE, GLASS, RED, chunk, chunks, decoded, empty, png, size } from "./png.mjs";
import { Stage } from "./room.mjs";
import * as samples from "./samples.mjs";
import { hasKeys } from "./shapes.mjs";
import { NEEDLE, PROFILE, clean, kept, parts, segments, tracedGif, tracedJpeg, tracedPng, tracedWebp } from "./traces.mjs";
import { bring, get, isRefused, upload } from "./uploads.mjs";

let stage, ann;
before(async () => {
  stage = await Stage.open();
  ({ ann } = stage);
});
after(() => stage?.close());

/// Brings a picture, and gets what is stored and its thumbnail.
async function stored(bytes) {
  const File = await upload(stage.server, ann, bytes, { name: "picture" });
  const [file, thumbnail] = await Promise.all([File.Url, File.ThumbnailUrl].map((path) => get(stage.server, ann, path)));
  assert.deepEqual([file.status, thumbnail.status], [200, 200]);
  assert.equal(File.Size, file.bytes.length, "Size is what is stored");
  return { File, bytes: file.bytes, small: thumbnail.bytes, type: thumbnail.headers["content-type"] };
}

/// How large a JPEG says it is.
function jpegSize(file) {
  const [, frame] = segments(file).found.find(([marker]) => [0xc0, 0xc1, 0xc2].includes(marker));
  return { Height: frame.readUInt16BE(1), Width: frame.readUInt16BE(3) };
}

const sizeOf = ({ small, type }) => (type === "image/png" ? size(small) : jpegSize(small));

/// About so, as a picture that lost a little is.
function isLike(pixel, wanted, why) {
  const far = pixel.map((value, n) => Math.abs(value - wanted[n]));
  assert.ok(Math.max(...far) <= 24, `${why}: ${pixel} is not ${wanted}`);
}

test("a picture has its size, a thumbnail and four by three components of its colours", async () => {
  const all = { JPEG: [48, 32], PROGRESSIVE: [48, 32], CMYK: [16, 16], GIF: [20, 10], WEBP: [20, 10], LOSSY: [48, 32], MOVING: [20, 10] };
  const files = [...Object.entries(all).map(([kind, bounds]) => [samples[kind], bounds]), [png(40, 20), [40, 20]], [png(1, 1), [1, 1]]];
  for (const [bytes, [Width, Height]] of files) {
    const { File, ...rest } = await stored(bytes);
    hasKeys(File, "Id", "Name", "Type", "Size", "Width", "Height", "Blurhash", "Url", "ThumbnailUrl");
    assert.deepEqual([File.Width, File.Height], [Width, Height]);
    assert.match(File.Blurhash, /^L[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{27}$/, "4 × 3 components");
    assert.equal(File.ThumbnailUrl, `${File.Url}/thumbnail`);
    assert.deepEqual(sizeOf(rest), { Width, Height }, "never enlarged");
  }
});

test("a thumbnail fits into 480 × 480", async () => {
  for (const [width, height, Width, Height] of [[480, 480, 480, 480], [960, 480, 480, 240], [300, 900, 160, 480], [2_000, 10, 480, 2], [481, 481, 480, 480]]) {
    const { File, ...rest } = await stored(png(width, height));
    assert.deepEqual([File.Width, File.Height], [width, height]);
    const small = sizeOf(rest);
    const near = Math.abs(small.Width - Width) <= 1 && Math.abs(small.Height - Height) <= 1;
    assert.ok(near && small.Width <= 480 && small.Height <= 480, `${width} × ${height} as ${JSON.stringify(small)}`);
  }
});

test("a thumbnail is a PNG if something shines through the picture, else a JPEG", async () => {
  for (const bytes of [png(40, 20), samples.JPEG, samples.LOSSY]) assert.equal((await stored(bytes)).type, "image/jpeg");
  for (const bytes of [png(40, 20, { right: GLASS }), samples.WEBP]) {
    const { small, type } = await stored(bytes);
    assert.equal(type, "image/png");
    const rows = decoded(small);
    isLike(rows[5][2], RED, "left");
    isLike(rows[5].at(-3), GLASS, "right");
  }
});

test("a picture on its side is measured and shown upright, and stays turned itself", async () => {
  const traced = [
    ["image/jpeg", tracedJpeg(samples.JPEG), 32, 48],
    ["image/webp", tracedWebp(samples.LOSSY, 48, 32, false), 32, 48],
    ["image/webp", tracedWebp(samples.WEBP, 20, 10, true), 10, 20],
    ["image/png", png(40, 20, { right: GLASS, ...tracedPng }), 20, 40],
  ];
  for (const [type, bytes, Width, Height] of traced) {
    const { File, ...rest } = await stored(bytes);
    assert.deepEqual([File.Type, File.Width, File.Height], [type, Width, Height]);
    assert.deepEqual(sizeOf(rest), { Width, Height });
    assert.equal(kept(type, rest.bytes).Orientation, 6, type);
    if (rest.type !== "image/png") continue;
    const rows = decoded(rest.small);
    isLike(rows[2][5], RED, "what was left is above");
    isLike(rows.at(-3)[5], GLASS, "what was right is below");
  }
});

test("nothing is left of what a camera wrote into a JPEG, and its pixels are as they were", async () => {
  for (const plain of [samples.JPEG, samples.PROGRESSIVE]) {
    const traced = tracedJpeg(plain);
    assert.ok(!clean(traced));
    const { bytes, small } = await stored(traced);
    assert.ok(clean(bytes) && clean(small), "no place and no name");
    const { found, scan, rest } = segments(bytes);
    assert.equal(rest.length, 0, "nothing behind the end");
    assert.ok(scan.equals(segments(traced).scan), "the pixels");
    const tables = (list) => list.filter(([marker]) => [0xc0, 0xc2, 0xc4, 0xdb].includes(marker)).map(([marker, data]) => `${marker} ${data.toString("hex")}`);
    assert.deepEqual(tables(found), tables(segments(traced).found));
    assert.ok(found.some(([marker, data]) => marker === 0xee && data.toString("latin1", 0, 5) === "Adobe"), "Adobe's segment stays");
    assert.ok(kept("image/jpeg", bytes).Profile.includes(PROFILE), "the profile stays");
  }
});

test("nothing is left of what a program wrote into a PNG, and its pixels and colours are as they were", async () => {
  const traced = png(40, 20, tracedPng);
  const { bytes, small } = await stored(traced);
  assert.ok(clean(bytes) && clean(small));
  const { found, rest } = chunks(bytes);
  assert.equal(rest.length, 0);
  const names = found.map(([name]) => name);
  for (const gone of ["tEXt", "iTXt", "zTXt", "tIME", "quIz"]) assert.ok(!names.includes(gone), gone);
  const same = (name) => Buffer.concat(found.filter(([one]) => one === name).map(([, data]) => data));
  for (const [name, data] of chunks(traced).found.filter(([name]) => ["IHDR", "gAMA", "IDAT"].includes(name))) assert.ok(same(name).equals(data), name);
});

test("a moving PNG keeps its frames", async () => {
  const control = (n) => {
    const data = Buffer.alloc(26);
    [n, 40, 20, 0, 0].forEach((value, at) => data.writeUInt32BE(value, 4 * at));
    data.writeUInt16BE(1, 20);
    data.writeUInt16BE(10, 22);
    return chunk("fcTL", data);
  };
  const plain = chunks(png(40, 20)).found.find(([name]) => name === "IDAT")[1];
  const frame = chunk("fdAT", Buffer.concat([Buffer.from([0, 0, 0, 2]), plain]));
  const moving = png(40, 20, { before: [chunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])), control(0)], behind: [control(1), frame] });
  const { bytes } = await stored(moving);
  assert.deepEqual(chunks(bytes).found.map(([name]) => name), ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "IEND"]);
  assert.ok(bytes.equals(moving));
});

test("nothing is left of what a program wrote into a GIF, and it still repeats", async () => {
  const { bytes, small } = await stored(tracedGif(samples.GIF));
  assert.ok(clean(bytes) && clean(small));
  assert.ok(bytes.includes("NETSCAPE2.0"));
  assert.ok(!bytes.includes("XMP Data"));
  assert.equal(bytes.at(-1), 0x3b, "nothing behind the end");
  assert.ok(bytes.equals(samples.GIF), "what is left is as it was");
});

test("nothing is left of what a camera wrote into a WebP, and its pixels are as they were", async () => {
  const traced = tracedWebp(samples.WEBP, 20, 10, true);
  const { bytes, small } = await stored(traced);
  assert.ok(clean(bytes) && clean(small));
  const { found, rest } = parts(bytes);
  assert.equal(rest.length, 0);
  const pixels = (file) => parts(file).found.find(([name]) => name === "VP8L")[1];
  assert.ok(pixels(bytes).equals(pixels(traced)));
  for (const gone of ["XMP ", "quiz"]) assert.ok(!found.some(([name]) => name === gone), gone);
  assert.ok(kept("image/webp", bytes).Profile.equals(PROFILE));
  const frames = (file) => parts(file).found.filter(([name]) => name === "ANMF").length;
  assert.equal(frames((await stored(samples.MOVING)).bytes), frames(samples.MOVING), "it still moves");
});

test("what was cleaned once comes back the same", async () => {
  const all = [tracedJpeg(samples.JPEG), png(40, 20, tracedPng), tracedGif(samples.GIF), tracedWebp(samples.WEBP, 20, 10, true)];
  for (const bytes of all) {
    const once = (await stored(bytes)).bytes;
    assert.ok((await stored(once)).bytes.equals(once));
  }
});

test("what is not removed from videos and sounds stays", async () => {
  const tagged = Buffer.concat([samples.MP3, Buffer.from(`TAG${NEEDLE.padEnd(125, "\0")}`)]);
  const { Url, ThumbnailUrl, Width } = await upload(stage.server, ann, tagged);
  assert.deepEqual([ThumbnailUrl, Width], [undefined, undefined]);
  assert.ok((await get(stage.server, ann, Url)).bytes.equals(tagged));
});

test("a picture whose pixels end early is refused", async () => {
  const whole = png(64, 64, { right: BLUE });
  for (const [kind, bytes] of Object.entries({
    png: whole.subarray(0, 33 + 8 + 20),
    "png without pixels": empty(64, 64),
    jpeg: samples.JPEG.subarray(0, -30),
    "jpeg in scans": samples.PROGRESSIVE.subarray(0, samples.PROGRESSIVE.length / 2),
    gif: samples.GIF.subarray(0, 75),
    webp: samples.WEBP.subarray(0, -8),
    "lossy webp": samples.LOSSY.subarray(0, -40),
    "a signature": whole.subarray(0, 8),
    "a JPEG's first bytes": samples.JPEG.subarray(0, 20),
  })) {
    isRefused(await bring(stage.server, ann, bytes), 400, kind);
  }
});

test("a picture that says it is larger than allowed is refused before it is looked at", async () => {
  isRefused(await bring(stage.server, ann, empty(10_000, 10_000)), 413, "a hundred million pixels");
  isRefused(await bring(stage.server, ann, empty(0x7fffffff, 0x7fffffff)), 413, "as large as can be said");
  const large = Buffer.from(samples.JPEG);
  const frame = large.indexOf(Buffer.from([0xff, 0xc0]));
  large.writeUInt16BE(65_000, frame + 5);
  large.writeUInt16BE(65_000, frame + 7);
  isRefused(await bring(stage.server, ann, large), 413, "a JPEG");
  const screen = Buffer.from(samples.GIF);
  screen.writeUInt16LE(65_000, 6);
  screen.writeUInt16LE(65_000, 8);
  isRefused(await bring(stage.server, ann, screen), 413, "a GIF");
});
