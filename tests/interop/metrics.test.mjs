// What operators watch: the numbers, their names, and whether the server is ready.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";

import { band } from "./groups.mjs";
import { Server } from "./server.mjs";

const ROOT = new URL("../../", import.meta.url);

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

/// The names of numbers in a text: the server's own and those of its process.
const named = (text) => new Set(text.match(/\b(greenroom|process)_[a-z_]+[a-z]\b/g));

test("the dashboard, the alerts and the live view name only numbers that there are", async () => {
  const { names } = await server.numbers();
  const screen = (await readdir(new URL("src/top/", ROOT))).filter((name) => name.endsWith(".rs")).map((name) => `src/top/${name}`);
  let known = 0;
  for (const file of ["config/grafana-dashboard.json", "config/alerts.yml", "config/OPERATING.md", ...screen]) {
    for (const name of named(await readFile(new URL(file, ROOT), "utf8"))) {
      // Those of several nodes are looked for in tests/cluster/.
      if (name.startsWith("greenroom_cluster_")) continue;
      // A histogram is named as a whole, too.
      assert.ok(names.has(name) || names.has(`${name}_bucket`), `${file} names ${name}`);
      known += 1;
    }
  }
  assert.ok(known > 60, `${known} names`);
});

test("every alert says what it means and what to do", async () => {
  const alerts = (await readFile(new URL("config/alerts.yml", ROOT), "utf8")).split("- alert: ").slice(1);
  assert.ok(alerts.length > 10);
  for (const alert of alerts) {
    for (const part of ["expr:", "severity:", "summary:", "action:"]) assert.ok(alert.includes(part), `no ${part} in ${alert}`);
  }
});

test("messages are counted from their sender to their readers", async () => {
  const before = await server.numbers();
  const { GroupId, devices } = await band(server, "Ann", "Bob", "Cat");
  const [ann, ...others] = devices;
  for (const Content of ["one", "two"]) await ann.must("send-group-message", { GroupId, Content });
  for (const device of others) await device.take("receive-group-message", 2);
  assert.equal((await others[0].ask("kickout", { GroupId, Member: GroupId })).Code, "not_admin");
  assert.equal((await ann.ask("send-group-message", { GroupId })).Code, "bad_request");

  const now = await server.numbers();
  const more = (name, labels) => now.of(name, labels) - before.of(name, labels);
  assert.equal(more("greenroom_messages_received_total"), 2);
  assert.equal(more("greenroom_messages_acked_total"), 2);
  assert.equal(more("greenroom_messages_delivered_total"), 4);
  assert.equal(more("greenroom_batch_records_sum"), 2);
  assert.equal(more("greenroom_commit_seconds_count"), more("greenroom_batch_records_count"));
  assert.equal(more("greenroom_refusals_total", { class: "chat", code: "not_admin" }), 1);
  assert.equal(more("greenroom_refusals_total", { class: "session", code: "bad_request" }), 1);
  assert.equal(more("greenroom_refusals_total"), 2);
  assert.equal(more("greenroom_sockets", { transport: "websocket" }), 3);
  assert.equal(more("greenroom_users_online"), 3);
  assert.equal(more("greenroom_connects_total"), 3);
  assert.equal(more("greenroom_logins_total", { outcome: "in" }), 3);
  assert.equal(more("greenroom_actors", { class: "chat" }), more("greenroom_actors_started_total", { class: "chat" }));
  assert.equal(now.of("greenroom_mailbox_depth"), 0, "nothing waits");
  assert.ok(more("greenroom_query_seconds_count", { kind: "read" }) > 0);
  for (const label of ["session", "registry", "chat", "writer"]) {
    assert.ok(now.of("greenroom_mailbox_wait_seconds_count", { class: label }) > 0, `${label} waits`);
    assert.ok(now.of("greenroom_turn_seconds_count", { class: label }) > 0, `${label} turns`);
  }

  for (const device of devices) device.close();
  await until(async () => (await server.numbers()).of("greenroom_sockets") === 0);
  const left = await server.numbers();
  assert.equal(left.of("greenroom_disconnects_total") - before.of("greenroom_disconnects_total"), 3);
});

test("sockets are counted by transport, through an upgrade too", async () => {
  const [dora] = await server.people("Dora");
  const before = await server.numbers();
  const polling = await dora.connect({ transports: ["polling"] });
  const upgraded = await dora.connect({ transports: ["polling", "websocket"] });
  await until(async () => (await server.numbers()).of("greenroom_upgrades_total") > before.of("greenroom_upgrades_total"));
  const now = await server.numbers();
  const more = (name, labels) => now.of(name, labels) - before.of(name, labels);
  assert.equal(more("greenroom_connects_total", { transport: "polling" }), 2);
  assert.equal(more("greenroom_sockets", { transport: "polling" }), 1);
  assert.equal(more("greenroom_sockets", { transport: "websocket" }), 1);
  polling.close();
  upgraded.close();
});

test("the process says since when it runs", async () => {
  const started = (await server.numbers()).of("process_start_time_seconds");
  const age = Date.now() / 1000 - started;
  assert.ok(age > 0 && age < 3600, `${age} s old`);
});

test("labels say what kind, never who", async () => {
  const { values } = await server.numbers();
  for (const value of values) assert.doesNotMatch(value, /[0-9a-f]{8}-|@|\d+\.\d+\.\d+\.\d+/, value);
  assert.ok(values.size < 100, `${values.size} values`);
});

test("the page is in the format that Prometheus asks for, with a meaning for every number", async () => {
  const { status, text, headers } = await server.admin("/metrics");
  assert.equal(status, 200);
  assert.match(headers.get("content-type"), /^application\/openmetrics-text; version=1.0.0/);
  assert.ok(text.endsWith("# EOF\n"));
  const families = text.match(/^# TYPE .+$/gm).map((line) => line.split(" ")[2]);
  assert.equal(new Set(families).size, families.length, "each family once");
  for (const family of families) assert.match(text, new RegExp(`^# HELP ${family} \\S.{5,}\\.$`, "m"), family);
});

test("the chats with most to do are named, the busiest first", async () => {
  const { GroupId, devices } = await band(server, "Eve", "Fay");
  const say = () => devices[0].must("send-group-message", { GroupId, Content: "x" });
  let chats = [];
  await until(async () => {
    await say();
    const { text } = await server.admin("/chats/busiest");
    chats = JSON.parse(text);
    return chats[0]?.chat === GroupId;
  });
  assert.ok(chats[0].commands_per_second > 0);
  for (const device of devices) device.close();
});

test("a server that lives and can work says so", async () => {
  for (const path of ["/health/live", "/health/ready"]) assert.equal((await server.admin(path)).status, 200, path);
});

/// Asks until it is so.
async function until(isSo) {
  const patience = Date.now() + 10_000;
  while (!(await isSo())) assert.ok(Date.now() < patience, "not within 10 s");
}
