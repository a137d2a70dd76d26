// Very many uploads at once, of every kind: whole ones, some that stop half-way, break off, are too large, or are made to do harm.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";

import { until } from "../interop/patience.mjs";
import { chunk, empty, header, png } from "../interop/png.mjs";
import { Server } from "../interop/server.mjs";
import { bring, bytesFor, isRefused, json } from "../interop/uploads.mjs";
import { scale } from "./town.mjs";

const MIB = 1024 * 1024;
const UPLOADS = scale(120, 1_000);
const SIDE = scale(2_000, 7_000);
const DECODERS = 2;
const LARGEST = 2 * MIB;
/// An upload under way, with what the system's allocator keeps of it.
const EACH = 256 * 1024;
/// A picture that is read: four bytes a pixel, and once more for what a library does on the way.
const PICTURE = 8 * SIDE * SIDE + LARGEST;
const GROWTH = DECODERS * PICTURE + UPLOADS * EACH + 64 * MIB;
const MINUTE_MS = 60_000;
const ANSWER_MS = 10_000;

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/// A few KiB that become as many pixels as are allowed.
const FULL = Buffer.concat([SIGNATURE, header(SIDE, SIDE), chunk("IDAT", deflateSync(Buffer.alloc(SIDE * (4 * SIDE + 1)))), chunk("IEND")]);
const GOOD = png(300, 200);

let server, ann;
before(async () => {
  const settings = { "files.decoders": `${DECODERS}`, "files.max_pixels": `${SIDE * SIDE}`, "files.max_size": `${LARGEST}`, "server.body_timeout": "20s" };
  server = await Server.start(settings);
  ann = await server.person("Ann");
});
after(() => server?.close());

/// In bytes: the most memory that the server ever had.
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))[1]) * 1024;

/// Says so many bytes and sends fewer; then hangs up, or waits until the server does.
function half(said, sent, { hangsUp }) {
  return new Promise((ended) => {
    const socket = connect(new URL(server.url).port, "127.0.0.1");
    const head = `POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.tokens.accessToken}\r\nContent-Length: ${said}\r\n\r\n`;
    let heard = "";
    socket.on("data", (part) => (heard += part)).on("error", () => {}).on("close", () => ended(heard));
    socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(sent, 7)]), () => hangsUp && socket.destroy());
  });
}

const plain = (n) => Buffer.from(`file ${n} `.repeat(2_000));

/// Each kind does its upload and sees to what must come of it: a file, or nothing.
const KINDS = {
  plain: async (n) => kept(await bring(server, ann, plain(n)), plain(n)),
  picture: async () => perhaps(await bring(server, ann, GOOD)),
  full: async () => perhaps(await bring(server, ann, FULL)),
  bomb: async () => nothing(await bring(server, ann, empty(60_000, 60_000)), 413),
  broken: async () => nothing(await bring(server, ann, GOOD.subarray(0, -40)), 400),
  large: async () => assert.match(await half(LARGEST + 1, 0, { hangsUp: false }), /^HTTP\/1\.1 413 .*"too_large"/s, "refused before it is sent"),
  aborted: async () => void (await half(MIB, 100_000, { hangsUp: true })),
  resting: async () => assert.equal(await half(MIB, 100_000, { hangsUp: false }), "", "closed without an answer"),
};

const counts = {};

function kept(answer, bytes) {
  assert.equal(answer.status, 200, answer.bytes.toString());
  return { File: json(answer).File, bytes };
}

/// A picture may find too many before it.
function perhaps(answer) {
  return answer.status === 503 ? nothing(answer, 503) : kept(answer);
}

/// What is wrong with a picture is seen when its turn has come.
function nothing(answer, status) {
  const isBusy = answer.status === 503;
  isRefused(answer, isBusy ? 503 : status);
  counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  if (isBusy) assert.match(answer.headers["retry-after"], /^\d+$/);
}

async function names(part) {
  const entries = await readdir(join(server.home, "data", "files", part), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name).sort();
}

test("very many uploads of every kind at once cost bounded memory, are answered clearly and leave nothing", async (t) => {
  const phone = await ann.connect();
  await bring(server, ann, GOOD);
  const earlier = await names("stored");
  const before = peak();
  const kinds = Object.values(KINDS);
  const running = Array.from({ length: UPLOADS }, (_, n) => kinds[n % kinds.length](n));
  let open = true;
  const all = Promise.all(running).finally(() => (open = false));
  let [asked, slowest] = [0, 0];
  for (; open; asked += 1) {
    const begun = performance.now();
    await phone.must("send-self-message", { Content: `${asked}` });
    slowest = Math.max(slowest, performance.now() - begun);
  }
  const files = (await all).filter(Boolean);
  const growth = peak() - before;
  counts[200] = files.length;
  t.diagnostic(`${UPLOADS} uploads: ${JSON.stringify(counts)}; memory grew from ${mib(before)} by ${mib(growth)}, ${mib(GROWTH)} allowed`);
  t.diagnostic(`${asked} messages meanwhile, the slowest took ${Math.round(slowest)} ms`);
  assert.ok(growth < GROWTH, `memory grew by ${mib(growth)}`);
  assert.ok(slowest < ANSWER_MS, `an answer took ${slowest} ms`);

  for (const { File, bytes } of files) {
    const found = await bytesFor(server, ann, File.Url);
    assert.ok(bytes ? found.equals(bytes) : found.length === File.Size, File.Id);
  }
  const wanted = files.flatMap(({ File: { Id, ThumbnailUrl } }) => (ThumbnailUrl ? [Id, `${Id}.thumbnail`] : [Id]));
  const stored = [...earlier, ...wanted].sort();
  await until(async () => (await names("stored")).join() === stored.join(), MINUTE_MS, async () => `${(await names("stored")).length} and not ${stored.length}`);
  await until(async () => (await names("incoming")).length === 0, MINUTE_MS, () => names("incoming"));
  const { stdout } = await server.command("files", "check");
  assert.match(stdout, new RegExp(`^${files.length + 1} files: database and store agree$`, "m"));
  phone.close();
});

const mib = (bytes) => `${Math.round(bytes / MIB)} MiB`;
