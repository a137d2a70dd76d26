// How long a file is there: through crashes and restarts, until nothing holds it, and not longer.
import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { until } from "./patience.mjs";
import { GLASS, png } from "./png.mjs";
import { Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";
import { attached, bearer, bring, bytesFor, get, http, remove, upload, uploadText } from "./uploads.mjs";

const MINUTE_MS = 60_000;
/// It is not said how soon after its time a loose file goes: two rounds of something that looks once a minute are enough.
const ROUNDS_MS = 130_000;

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// The paths of all files that the server keeps.
async function kept() {
  const folder = join(stage.server.home, "data", "files");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/// Waits until the server keeps these files and no others.
const keeps = (wanted) => until(async () => (await kept()).join() === wanted.join(), MINUTE_MS, async () => `${await kept()} and not ${wanted}`);

/// Everything is there, byte by byte.
async function areThere(person, files) {
  for (const { File, bytes } of files) assert.deepEqual(await bytesFor(stage.server, person, File.Url), bytes, File.Name);
}

test("what was removed leaves no bytes, and what is kept is for the server alone", async () => {
  const { server, ann } = stage;
  const before = await kept();
  const files = [await upload(server, ann, png(30, 30, { right: GLASS })), (await uploadText(server, ann)).File];
  const during = await kept();
  assert.ok(during.length > before.length, "the files are in the folder");
  for (const path of during) assert.equal((await stat(path)).mode & 0o777, 0o600, path);
  for (const file of files) assert.equal((await remove(server, ann, file)).status, 200);
  await keeps(before);
});

test("what a deleted message held leaves no bytes", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const before = await kept();
  const secret = Buffer.from("marmalade in a file ".repeat(50));
  const File = await upload(server, ann, secret, { name: "secret.txt" });
  const one = await room.say(phone, "", attached(File));
  const two = await room.say(phone, "again", attached(File));
  await room.change(phone, "delete-message", { Seq: one.Seq }, "Deleted");
  assert.deepEqual(await bytesFor(server, ann, File.Url), secret);
  await room.change(phone, "delete-message", { Seq: two.Seq }, "Deleted");
  assert.equal(await bytesFor(server, ann, File.Url), undefined, "unreachable at once");
  await keeps(before);
  room.leave();
});

test("a group that is deleted leaves no bytes of its files", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const before = await kept();
  for (let n = 0; n < 5; n += 1) await room.say(phone, "", attached((await uploadText(server, ann)).File));
  await phone.must("delete-grp", room.name);
  await keeps(before);
  room.leave();
});

test("an account that ends leaves no bytes but of what others can read", async () => {
  const { server, ann } = stage;
  const [dan] = await server.people("Dan");
  const room = await stage.room("Group", [ann, dan]);
  const [[phone], [dans]] = room.devices;
  const before = await kept();
  const held = await uploadText(server, dan);
  await room.say(dans, "", attached(held.File));
  const after = await kept();
  await uploadText(server, dan);
  await dans.must("send-self-message", { Content: "", ...attached((await uploadText(server, dan)).File) });
  const headers = { ...bearer(dan), "content-type": "application/json" };
  const ended = await http(server, "DELETE", "/me", { headers, body: JSON.stringify({ currentPassword: dan.password }) });
  assert.equal(ended.status, 200);
  await keeps(after);
  await areThere(ann, [held]);
  await phone.must("delete-message", { ChatId: room.ChatId, Seq: 1 });
  await keeps(before);
  room.leave();
});

test("an upload that breaks off, or is refused, leaves nothing", async () => {
  const { server, ann } = stage;
  const before = await kept();
  const { port } = new URL(server.url);
  const head = `POST /files?name=broken.bin HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.tokens.accessToken}\r\n`;
  for (const [length, sent] of [["Content-Length: 1000000", 0], ["Content-Length: 1000000", 300_000], ["Transfer-Encoding: chunked", 300_000]]) {
    const chunk = length.startsWith("T") ? Buffer.from(`${sent.toString(16)}\r\n`) : Buffer.alloc(0);
    const socket = connect(port, "127.0.0.1");
    await new Promise((written) => socket.write(Buffer.concat([Buffer.from(`${head}${length}\r\n\r\n`), chunk, Buffer.alloc(sent, 7)]), written));
    await new Promise((closed) => socket.once("close", closed).destroy());
  }
  assert.equal((await bring(server, ann, png(64, 64).subarray(0, 61))).status, 400);
  assert.equal((await bring(server, ann, Buffer.alloc(0))).status, 400);
  await keeps(before);
});

test("what was answered is there after a crash, and what was not leaves nothing in the end", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const before = await kept();
  const files = [];
  const sends = async (n) => {
    const bytes = Buffer.alloc(50_000 + n * 1_000, `file ${n} `);
    const File = await upload(server, ann, bytes, { name: `${n}.bin` });
    files.push({ File, bytes });
    const { Seq } = await phone.must(room.send, { ...room.name, Content: "", ...attached(File) });
    files.find((file) => file.File === File).Seq = Seq;
  };
  const running = Array.from({ length: 40 }, (_, n) => sends(n).catch(() => undefined));
  await Promise.race([until(() => files.filter(({ Seq }) => Seq).length >= 5, 20_000, () => files.length), Promise.all(running)]);
  await server.restart({ signal: "SIGKILL" });
  await Promise.all(running);
  await areThere(ann, files);
  const back = await ann.connect();
  const { Messages } = await back.fetch(room.fetch, { ...room.name, Limit: 200 });
  for (const { Seq } of files) if (Seq) assert.ok(Messages.some((message) => message.Seq === Seq), `message ${Seq} was acknowledged`);
  for (const { Attachments } of Messages) {
    const got = await bytesFor(server, ann, Attachments[0].Url);
    assert.equal(got?.length, Attachments[0].Size, "a message never points at nothing");
  }
  for (const { Seq } of Messages) await back.must("delete-message", { ChatId: room.ChatId, Seq });
  await server.restart({ signal: "SIGKILL", settings: { "files.orphan_ttl": "1s" } });
  const { File: deleted } = files.find(({ Seq }) => Seq);
  assert.equal(await bytesFor(server, ann, deleted.Url), undefined, "deleted before the crash");
  await keeps(before);
  back.close();
  await server.restart({ settings: {} });
});

test("what nothing holds is removed in its time, and no sooner", { timeout: 240_000 }, async () => {
  const { server, ann } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const held = await uploadText(server, ann);
  await room.say(phone, "", attached(held.File));
  const picture = { bytes: png(33, 20, { right: GLASS }) };
  picture.File = await upload(server, ann, picture.bytes);
  await phone.must("edit-group", { ChatId: room.ChatId, Avatar: picture.File.Id });
  const during = await kept();
  const loose = await uploadText(server, ann);
  room.leave();
  await server.restart();
  await areThere(ann, [held, picture, loose]);
  await server.restart({ settings: { "files.orphan_ttl": "5s" } });
  const gone = async () => (await get(server, ann, loose.File.Url)).status === 404;
  await until(gone, ROUNDS_MS, () => "the loose file is there");
  await keeps(during);
  await areThere(ann, [held, picture]);
  const back = await ann.connect();
  await refused(back, room.send, [{ ...room.name, Content: "", ...attached(loose.File) }], "not_found");
  const later = await uploadText(server, ann);
  await back.must(room.send, { ...room.name, Content: "", ...attached(later.File) });
  await areThere(ann, [held, picture, later]);
  back.close();
  await server.restart({ settings: {} });
  await areThere(ann, [held, picture, later]);
});

test("thumbnails are there after a restart", async () => {
  const { server, ann } = stage;
  const File = await upload(server, ann, png(600, 300));
  const small = await bytesFor(server, ann, File.ThumbnailUrl);
  await server.restart();
  assert.deepEqual(await bytesFor(server, ann, File.ThumbnailUrl), small);
});

test("no byte of a file is in the log", async () => {
  const { server, ann } = stage;
  await server.restart({ settings: {} });
  const File = await upload(server, ann, Buffer.from("marzipan inside"), { name: "nougat.txt" });
  await get(server, ann, File.Url);
  await get(server, ann, `${File.Url}?download=1`);
  const log = server.log.join("\n");
  assert.ok(!log.includes("marzipan"), "no byte");
});
