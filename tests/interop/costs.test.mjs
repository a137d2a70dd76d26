// What does not grow: what the database is asked when somebody connects, and what watchers are told when very many come back.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { until } from "./patience.mjs";
import { Person } from "./people.mjs";
import { Server } from "./server.mjs";

const INTERVAL_MS = 1_000;
const PEOPLE = 60;
const WATCHERS = 3;
const PATIENCE_MS = 30_000;

let server;
before(async () => (server = await Server.start({ "presence.interval": `${INTERVAL_MS}ms` })));
after(() => server?.close());

/// A population that can connect.
async function seeded(users, groups) {
  const out = join(server.home, `${users}-${groups}.json`);
  await server.command("seed", "--users", `${users}`, "--groups", groups, "--out", out);
  return JSON.parse(await readFile(out, "utf8")).map(({ access_token, refresh_token, id, chats, ...account }) => {
    return Object.assign(new Person(server, account), { id, chats, tokens: { accessToken: access_token, refreshToken: refresh_token } });
  });
}

/// How many statements the server gave its database.
const statements = async () => (await server.numbers()).of("greenroom_query_seconds_count");

/// What connecting costs when nobody else asks for anything: other statements may come between, never fewer.
async function forConnecting(person) {
  let least = Infinity;
  for (let n = 0; n < 5; n += 1) {
    const before = await statements();
    const device = await person.connect();
    least = Math.min(least, (await statements()) - before);
    device.close();
  }
  return least;
}

test("connecting takes as many statements with very many chats as with few, read or not", async () => {
  const [few] = await seeded(4, "1x4");
  const [many, other] = await seeded(4, "120x4");
  assert.ok(many.chats.length > 100, `${many.chats.length} chats`);
  const wanted = await forConnecting(few);
  assert.ok(wanted > 0 && wanted < 5, `${wanted} statements`);
  assert.equal(await forConnecting(many), wanted, "nothing said");
  const device = await other.connect();
  const groups = other.chats.filter(({ kind }) => kind === "group");
  for (let n = 0; n < 3; n += 1) {
    await Promise.all(groups.map(({ id }) => device.must("send-group-message", { GroupId: id, Content: `${n}`, Mentions: [many.id] })));
  }
  device.close();
  const back = await many.connect();
  assert.ok(back.opening.groups.every(({ Unread, Mentioned }) => Unread === 3 && Mentioned === 3));
  back.close();
  assert.equal(await forConnecting(many), wanted, "much to read");
});

test("when very many come back at once after a restart, each watcher is told at most once an interval", async () => {
  const people = await seeded(PEOPLE, `1x${PEOPLE}`);
  await server.restart();
  const watchers = await Promise.all(people.slice(0, WATCHERS).map((person) => person.connect()));
  const others = people.slice(WATCHERS);
  const Users = others.map(({ id }) => id);
  for (const watcher of watchers) await watcher.must("watch-presence", { Users });
  const seen = watchers.map((watcher) => {
    const view = { packets: 0, online: new Set() };
    watcher.socket.on("presence", ({ Users }) => {
      view.packets += 1;
      for (const { _id, Online } of Users) if (Online) view.online.add(_id);
    });
    return view;
  });
  const begun = performance.now();
  const devices = await Promise.all(others.map((person) => person.connect()));
  const know = () => seen.every(({ online }) => online.size === others.length);
  await until(know, PATIENCE_MS, () => seen.map(({ online }) => online.size));
  // An interval may end in the moment after the first came.
  const most = 1 + Math.ceil((performance.now() - begun) / INTERVAL_MS);
  for (const { packets } of seen) assert.ok(packets <= most, `${packets} packets in ${most} intervals`);
  for (const device of [...watchers, ...devices]) device.close();
});
