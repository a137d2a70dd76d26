// `greenroom files check`: what does not agree is told file by file.
import assert from "node:assert/strict";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { png } from "./png.mjs";
import { Server } from "./server.mjs";
import { upload, uploadText } from "./uploads.mjs";

const UNKNOWN = "01890000-0000-7000-8000-0000000000ff";

let server;
before(async () => (server = await Server.start()));
after(() => server?.close());

const place = (Id, end = "") => join(server.home, "data", "files", "stored", Id.slice(-2), `${Id}${end}`);

/// What is said, and how it ends.
async function check() {
  const said = await server.command("files", "check").catch((error) => error);
  return { code: said.code ?? 0, lines: said.stdout.trim().split("\n").sort(), why: said.stderr };
}

test("what is missing, cut short or unknown is told, and nothing else", async () => {
  const ann = await server.person("Ann");
  const [missing, short] = [(await uploadText(server, ann)).File, (await uploadText(server, ann)).File];
  const picture = await upload(server, ann, png(40, 40));
  await uploadText(server, ann);
  assert.deepEqual((await check()).lines, ["4 files: database and store agree"]);
  await rm(place(missing.Id));
  await truncate(place(short.Id), short.Size - 1);
  await rm(place(picture.Id, ".thumbnail"));
  await mkdir(dirname(place(UNKNOWN)), { recursive: true });
  await writeFile(place(UNKNOWN), "unknown");
  await writeFile(join(dirname(place(UNKNOWN)), "notes.txt"), "none of ours");
  const { code, lines, why } = await check();
  const lacking = [missing, short, picture].map(({ Id }) => `file ${Id}: its bytes are not in the store, or not all of them`);
  const more = [`file ${UNKNOWN}: bytes are in the store that nobody knows of`, "something is in the store that is no file"];
  assert.deepEqual(lines, [...lacking, ...more].sort());
  assert.notEqual(code, 0);
  assert.match(why, /5 times database and store do not agree/);
});
