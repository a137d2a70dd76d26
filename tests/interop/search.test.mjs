// Finding people by name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.mjs";
import { hasKeys, refused } from "./shapes.mjs";

let server, ann, device;
before(async () => {
  server = await Server.start();
  ann = await server.person("Ann");
  device = await ann.connect();
});
after(() => server.close());

async function search(Name, Type = "Search") {
  await device.must("search-user", { Name, Type });
  const found = await device.next(Type === "Search" ? "searched-user" : "added-user-match");
  hasKeys(found, "Users");
  return found.Users;
}

test("names are searched without regard to case, and mail addresses are not shown", async () => {
  const [zelda] = await server.people("Zelda");
  for (const text of ["zelda", "ZELDA", "eLd"]) {
    assert.deepEqual(await search(text), [{ _id: zelda.id, Name: zelda.name }]);
    assert.deepEqual(await search(text, "Add"), [{ _id: zelda.id, Name: zelda.name }]);
  }
  assert.deepEqual(await search(zelda.email), []);
});

test("the caller is found too", async () => {
  assert.deepEqual(await search(ann.name), [{ _id: ann.id, Name: ann.name }]);
});

test("an empty name finds nobody", async () => {
  assert.deepEqual(await search(""), []);
  assert.deepEqual(await search("", "Add"), []);
});

test("a search gives at most eight, an addition at most three", async () => {
  await server.people(...Array.from({ length: 9 }, () => "Twin"));
  assert.equal((await search("twin")).length, 8);
  assert.equal((await search("twin", "Add")).length, 3);
});

test("the text is taken literally, whatever it means to a pattern or a query", async () => {
  const [odd] = await server.people("100%_(a\\b)['\"*.");
  for (const text of ["(", "%", "_", "\\", "100%", "%_(", "\\b", "['\"", "*."]) {
    assert.deepEqual(await search(text), [{ _id: odd.id, Name: odd.name }], text);
  }
  for (const text of ["%%", "1%0", ".*", "a_b", "^A", "' OR '1'='1", "[a-z]", "()"]) assert.deepEqual(await search(text), [], text);
});

test("letters beyond ASCII are found", async () => {
  const [odile] = await server.people("Ödile 😀");
  for (const text of ["dile 😀", "Ödile"]) assert.deepEqual(await search(text), [{ _id: odile.id, Name: odile.name }]);
});

test("somebody who has not verified their address is not found", async () => {
  const answer = await server.post("/signup", { email: "ghost@example.org", password: "correct horse ghost", name: "Ghost" });
  assert.equal(answer.status, 200);
  assert.deepEqual(await search("ghost"), []);
});

test("a search needs a name and a type that exists", async () => {
  for (const payload of [{}, { Name: "a" }, { Type: "Search" }, { Name: "a", Type: "Other" }, { Name: 5, Type: "Add" }, { Name: "a", Type: null }, { Name: "a", Type: { Search: null } }, { Name: "a", Type: ["Add"] }]) {
    await refused(device, "search-user", [payload], "bad_request");
  }
  await device.quiet();
});

test("what cannot be in a name is refused and is no trouble of the database", async () => {
  for (const Name of ["a\0b", "\0", "\ud83d", "x".repeat(65), "x".repeat(120_000), "%".repeat(60_000)]) {
    await refused(device, "search-user", [{ Name, Type: "Search" }], "bad_request");
  }
});

test("case is no matter in any script", async () => {
  const [odysseus] = await server.people("ΟΔΥΣΣΕΥΣ");
  for (const text of ["ΟΔΥΣ", "οδυς", "οδυσ", "Οδυσσεύς".slice(0, 5), "σσευς"]) {
    assert.deepEqual(await search(text), [{ _id: odysseus.id, Name: odysseus.name }], text);
  }
});

test("mail addresses are shown where the server is set so", async () => {
  const open = await Server.start({ "privacy.show_email": "true" });
  try {
    const bob = await open.person("Bob");
    const phone = await bob.connect();
    await phone.must("search-user", { Name: "bob", Type: "Search" });
    assert.deepEqual(await phone.next("searched-user"), { Users: [{ _id: bob.id, Name: bob.name, Email: bob.email }] });
  } finally {
    await open.close();
  }
});
