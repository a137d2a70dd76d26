// Who may run beside whom: a node that would not understand the others, or a server without a cluster, does not start on their database.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { Server } from "../interop/server.mjs";
import { limit } from "./limits.mjs";
import { NODES } from "./nodes.mjs";

const REFUSED_MS = 20_000;
const skip = NODES === 1 && "a cluster is needed";

let cluster;
before(async () => (cluster = await Server.start()));
after(() => cluster?.close());

/// Starts one more with these settings, which must end in time, not with 0, with one line that says `why`.
async function refused(settings, why) {
  const [node] = cluster.nodes;
  const begun = performance.now();
  const started = Server.alone({ ...node.settings, "server.listen": "127.0.0.1:0", ...settings });
  const error = await started.then(
    (server) => server.close().then(() => assert.fail(`started with ${JSON.stringify(settings)}`)),
    (error) => error,
  );
  const took = performance.now() - begun;
  assert.match(error.message, /^the server ended with [1-9]/, error.message);
  const lines = error.message.split("\n").filter((line) => /ERROR/i.test(line) || why.test(line));
  assert.ok(lines.some((line) => why.test(line)), error.message);
  assert.ok(took < limit(REFUSED_MS), `refused after ${took} ms`);
  for (const other of cluster.nodes) assert.equal((await other.admin("/health/ready")).status, 200);
}

test("a node with another secret does not start beside the others", { skip }, () =>
  refused({ "auth.secret": "Zm9yIGEgbm9kZSBvZiBzb21lYm9keSBlbHNlJ3MgY2x1c3RlciE" }, /auth\.secret/));

test("a server without a cluster does not start while nodes run", { skip }, () =>
  refused({ "cluster.enabled": "false" }, /cluster|node/));

test("a node without a secret of its settings does not start", { skip }, () => refused({ "auth.secret": "" }, /auth\.secret/));

test("a bus whose address is none is told of at the start", { skip }, () => refused({ "cluster.nats_url": "http://bus" }, /cluster\.nats_url/));

test("a node whose files are in a folder of its own does not start", { skip }, () => refused({ "files.folder": "data/files" }, /files/));

test("a node does not start on a SQLite database", { skip }, () => refused({ "database.url": "sqlite://data/greenroom.db" }, /cluster|database\.url/));

test("a node does not start beside a server without a cluster", { skip }, async () => {
  const shared = Object.fromEntries(["auth.secret", "mail.outbox"].map((key) => [key, cluster.nodes[0].settings[key]]));
  const alone = await Server.alone(shared);
  try {
    const url = alone.database.url;
    const fresh = { "cluster.enabled": "true", "cluster.name": "late", "database.url": url, "auth.secret": shared["auth.secret"] };
    await refused({ ...fresh, "files.folder": `${alone.home}/shared` }, /cluster|server/);
  } finally {
    await alone.close();
  }
});

test("the alerts and what operators read name only numbers of nodes that there are", { skip }, async () => {
  const { names } = await cluster.nodes[0].numbers();
  for (const file of ["alerts.yml", "OPERATING.md"]) {
    const text = await readFile(new URL(`../../config/${file}`, import.meta.url), "utf8");
    const named = new Set(text.match(/\bgreenroom_cluster_[a-z_]+[a-z]\b/g));
    assert.ok(named.size > 2, `${file} names some`);
    for (const name of named) assert.ok(names.has(name) || names.has(`${name}_bucket`), `${file} names ${name}`);
  }
});

test("nodes say who they are, and how far each has heard", { skip }, async () => {
  for (const node of cluster.nodes) {
    const { status, text } = await node.admin("/cluster");
    assert.equal(status, 200);
    JSON.parse(text);
    for (const { settings } of cluster.nodes) assert.ok(text.includes(settings["cluster.name"]), text);
    assert.equal((await node.numbers()).of("greenroom_cluster_nodes"), NODES);
  }
});
