// The index of words behind the search of messages: that it gets everything, after crashes and by command, and keeps nothing that is gone.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Stage } from "./room.mjs";

const PATIENCE_MS = 20_000;

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// Waits until the index has everything, and then has taken in at least so many messages since the start.
async function indexed(least) {
  const begun = performance.now();
  for (;;) {
    const numbers = await stage.server.numbers();
    const taken = numbers.of("greenroom_indexed_messages_total");
    if (numbers.of("greenroom_index_behind_seconds") === 0 && taken >= least) return taken;
    assert.ok(performance.now() - begun < PATIENCE_MS, `the index has taken ${taken} of ${least} messages`);
  }
}

/// Which messages are found, by their places, the newest first.
async function found(device, Query, ChatId) {
  const seqs = [];
  for (let more = {}; ; ) {
    const { Results, Cursor, HasMore } = await device.must("search-messages", { Query, ChatId, Limit: 50, ...more });
    seqs.push(...Results.map(({ Message }) => Message.Seq));
    if (!HasMore) return seqs;
    more = { Cursor };
  }
}

const placesOf = (messages) => messages.map(({ Seq }) => Seq).reverse();

/// What the server reads for a search, as it counts it.
async function readFor(search) {
  const before = (await stage.server.numbers()).of("greenroom_search_candidates_total");
  await search();
  return (await stage.server.numbers()).of("greenroom_search_candidates_total") - before;
}

test("only messages that the index names are read", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const said = [];
  for (let n = 0; n < 200; n += 1) said.push(await room.say(phone, n % 50 === 7 ? `common rarity ${n}` : `common ${n}`));
  await indexed(200);
  const rare = said.filter((_, n) => n % 50 === 7);
  const read = await readFor(async () => assert.deepEqual(await found(phone, "common rarity", room.ChatId), placesOf(rare)));
  assert.equal(read, rare.length);
  room.leave();
});

test("what an edit or a deletion takes away is in no file after a stop, though the index had it", { skip: process.env.GREENROOM_TEST_DATABASE && "other databases clean up later" }, async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const said = [];
  for (let n = 0; n < 6; n += 1) said.push(await room.say(phone, `vermilion${n}word`));
  await indexed(206);
  await room.change(phone, "delete-message", { Seq: said[0].Seq }, "Deleted");
  await room.change(phone, "edit-message", { Seq: said[5].Seq, Content: "nothing" }, "Edited");
  room.leave();
  await stage.server.restart();
  const entries = await readdir(join(stage.server.home, "data"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const bytes = await Promise.all(files.map((file) => readFile(file, "latin1")));
  // In the index a word that begins like the one before it is written from there on.
  for (const [text, is] of [["vermilion0", false], ["vermilion1", true], ["5word", false], ["4word", true]]) {
    assert.equal(bytes.some((file) => file.includes(text)), is, text);
  }
});

test("a crash in the middle of it loses nothing, and the index made anew beside the server finds the same", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const said = await Promise.all(Array.from({ length: 700 }, (_, n) => phone.must("send-group-message", { GroupId: ChatId, Content: `crash ${n % 2 ? "odd" : "even"} ${n}` })));
  for (let n = 0; n < 4; n += 1) {
    await stage.server.restart({ signal: "SIGKILL" });
    const again = await stage.ann.connect();
    const odd = said.filter((_, at) => at % 2).map(({ Seq }) => Seq).sort((a, b) => b - a);
    assert.deepEqual(await found(again, "crash odd ", ChatId), odd);
    if (n === 2) await stage.server.command("search", "rebuild");
    if (n === 3) {
      await indexed(0);
      const read = await readFor(async () => assert.deepEqual(await found(again, "crash odd ", ChatId), odd));
      // A page may end before all that was read for it: those are read again for the next one.
      assert.ok(read < 1.5 * odd.length, `${read} messages are read to find ${odd.length}`);
    }
    again.close();
  }
});
