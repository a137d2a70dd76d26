// The examples of API.md are one program. It is run as it stands there, so that a failure names the line of the page.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Server } from "./server.mjs";

const PAGE = new URL("../../API.md", import.meta.url);
const LIBRARIES = fileURLToPath(new URL("node_modules", import.meta.url));

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

/// The page with every line blank that is not in a block marked `js run`.
function program(page) {
  let running = false;
  const lines = page.split("\n").map((line) => {
    if (line.startsWith("```")) running = line === "```js run";
    return running && !line.startsWith("```") ? line : "";
  });
  return lines.join("\n");
}

test("the examples of API.md do what they say", async () => {
  for (const name of ["Ann", "Bob"]) {
    const [email, password] = [`${name}@example.org`.toLowerCase(), `a password of ${name}'s`];
    await server.command("user", "add", "--name", name, "--email", email, "--password", password);
  }
  const code = program(await readFile(PAGE, "utf8"));
  assert.ok(code.trim().split("\n").length > 50, "the page has examples");
  const file = join(server.home, "API.md.mjs");
  await writeFile(file, code);
  await symlink(LIBRARIES, join(server.home, "node_modules"));
  const env = { ...process.env, GREENROOM_URL: server.url };
  await promisify(execFile)(process.execPath, [file], { env, timeout: 60_000 });
});
