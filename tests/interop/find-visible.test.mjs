// Who finds what: only what one could read at that moment, as it is then.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { finds, findsNow } from "./finder.mjs";
import { ALL_KINDS, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// Says the word so often, by the first device, until all other devices of the room hear and find it.
async function spoken(room, word, times = 3) {
  const [[phone]] = room.devices;
  const said = [];
  for (let n = 0; n < times; n += 1) said.push(await room.say(phone, `${word} ${n}`));
  for (const [device] of room.devices) await finds(device, { Query: word }, said);
  return said;
}

for (const kind of ALL_KINDS) {
  test(`an edited text is found by its new words soon and by its old ones never again: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const [said] = await spoken(room, `before${kind}`, 1);
    const { Message } = await room.change(phone, "edit-message", { Seq: said.Seq, Content: `after${kind} both` }, "Edited");
    for (const [device] of room.devices) {
      await findsNow(device, { Query: `before${kind}` }, []);
      await findsNow(device, { Query: `before${kind} both` }, []);
      const [result] = await finds(device, { Query: `after${kind}` }, [Message]);
      assert.deepEqual(result, { Message, Ranges: [[0, `after${kind}`.length]] });
    }
    const again = await room.change(phone, "edit-message", { Seq: said.Seq, Content: `again before${kind}` }, "Edited");
    await findsNow(phone, { Query: `after${kind}` }, []);
    const [result] = await finds(phone, { Query: `before${kind}` }, [again.Message]);
    assert.deepEqual(result.Ranges, [[6, `before${kind}`.length]]);
    room.leave();
  });

  test(`a deleted message is found by nothing from then on: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const said = await spoken(room, `doomed${kind}`);
    const { Seq, Timestamp } = said[1];
    await room.change(phone, "delete-message", { Seq }, "Deleted");
    const left = [said[0], said[2]];
    for (const [device] of room.devices) {
      await findsNow(device, { Query: `doomed${kind}` }, left);
      await findsNow(device, { From: stage.ann.id, ChatId: room.ChatId, After: Timestamp }, left.filter((message) => message.Timestamp >= Timestamp));
    }
    for (const message of left) await room.change(phone, "delete-message", { Seq: message.Seq }, "Deleted");
    await findsNow(phone, { Query: `doomed${kind}` }, []);
    room.leave();
  });

  test(`a hidden message is found by all but the one who hid it: ${kind}`, async () => {
    const room = await stage.room(kind);
    const hiding = room.devices.at(-1)[0];
    const [said, other] = await spoken(room, `hidden${kind}`, 2);
    await room.mark(hiding, "hide-message", { Seq: said.Seq });
    await findsNow(hiding, { Query: `hidden${kind}` }, [other]);
    await findsNow(hiding, { From: said.SenderId, ChatId: room.ChatId, After: said.Timestamp }, [other]);
    for (const [device] of room.devices.slice(0, -1)) await findsNow(device, { Query: `hidden${kind}` }, [said, other]);
    room.leave();
  });

  test(`what was cleared away is not found by the one who cleared it: ${kind}`, async () => {
    const room = await stage.room(kind);
    const clearing = room.devices.at(-1)[0];
    const said = await spoken(room, `cleared${kind}`);
    const clear = (more) => clearing.must("clear-chat", { ChatId: room.ChatId, ...more });
    await clear({ Seq: said[0].Seq });
    await findsNow(clearing, { Query: `cleared${kind}` }, said.slice(1));
    await clear({});
    await findsNow(clearing, { Query: `cleared${kind}` }, []);
    for (const [device] of room.devices.slice(0, -1)) await findsNow(device, { Query: `cleared${kind}` }, said);
    const later = await room.say(clearing, `cleared${kind} later`);
    await finds(clearing, { Query: `cleared${kind}` }, [later]);
    room.leave();
  });
}

/// How somebody comes to be no member any more; returns once it is so.
const ENDINGS = {
  kickout: ({ room, phone, cat }) => phone.must("kickout", { ...room.name, Member: cat.id }),
  "ban-member": ({ room, phone, cat }) => phone.must("ban-member", { ChatId: room.ChatId, Member: cat.id }),
  "leave-grp": ({ room, cats }) => cats.must("leave-grp", room.name),
  "delete-grp": ({ room, phone }) => phone.must("delete-grp", room.name),
};

for (const [event, ends] of Object.entries(ENDINGS)) {
  test(`whoever is in a group no more finds nothing of it: ${event}`, async () => {
    const { cat } = stage;
    const room = await stage.room("Group");
    const [[phone], [bobs], [cats]] = room.devices;
    const word = `ended${event.slice(0, 4)}`;
    const said = await spoken(room, word);
    const page = await cats.must("search-messages", { Query: word, Limit: 1 });
    await ends({ room, phone, cats, cat });
    await findsNow(cats, { Query: word }, []);
    await findsNow(cats, { From: stage.ann.id, After: said[0].Timestamp }, []);
    await refused(cats, "search-messages", [{ Query: word, ChatId: room.ChatId }], "not_found");
    const next = await cats.must("search-messages", { Query: word, Limit: 1, Cursor: page.Cursor });
    assert.deepEqual(next.Results, [], "nor by a cursor from before");
    await findsNow(bobs, { Query: word }, event === "delete-grp" ? [] : said);
    room.leave();
  });
}

test("who comes later finds what was said since, and who comes back nothing from before", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone]] = room.devices;
  const { name } = room;
  await spoken(room, "latecomer");
  await phone.must("add-member", { ...name, Member: cat.id });
  const cats = await cat.connect();
  await findsNow(cats, { Query: "latecomer" }, []);
  const later = await room.say(phone, "latecomer welcome");
  await finds(cats, { Query: "latecomer" }, [later]);
  await phone.must("kickout", { ...name, Member: cat.id });
  await findsNow(cats, { Query: "latecomer" }, []);
  await room.say(phone, "latecomer gone");
  await phone.must("add-member", { ...name, Member: cat.id });
  const back = await room.say(phone, "latecomer back");
  await finds(cats, { Query: "latecomer" }, [back]);
  cats.close();
  room.leave();
});

test("where the history is open a newcomer finds all of it", async () => {
  const { ann, bob, cat } = stage;
  const room = await stage.room("Group", [ann, bob]);
  const [[phone]] = room.devices;
  const said = await spoken(room, "openhistory");
  await phone.must("edit-group", { ChatId: room.ChatId, Settings: { OpenHistory: true } });
  await phone.must("add-member", { ...room.name, Member: cat.id });
  const cats = await cat.connect();
  await finds(cats, { Query: "openhistory" }, said);
  await phone.must("edit-group", { ChatId: room.ChatId, Settings: { OpenHistory: false } });
  await findsNow(cats, { Query: "openhistory" }, said);
  cats.close();
  room.leave();
});

test("a quote is not what the answer says, and a copy is found as a message of its own", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const [said] = await spoken(room, "originally", 1);
  const reply = await room.say(bobs, "answering", { ReplyTo: said.Seq });
  await finds(phone, { Query: "answering" }, [reply]);
  await findsNow(phone, { Query: "originally" }, [said]);
  const answer = await phone.must("forward-message", { ChatId: room.ChatId, Seq: said.Seq, To: room.ChatId });
  const copy = await room.hears(phone, answer);
  await finds(bobs, { Query: "originally" }, [said, copy]);
  await room.change(phone, "delete-message", { Seq: said.Seq }, "Deleted");
  await findsNow(bobs, { Query: "originally" }, [copy]);
  const [result] = await finds(bobs, { Query: "answering" }, [reply]);
  assert.equal(result.Message.ReplyTo.Content, "", "a quote is as the original is then");
  room.leave();
});

test("who is blocked, archived or put away is found as before", async () => {
  const people = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Personal", people);
  const [[phone], [elis]] = room.devices;
  const { ChatId } = room;
  const said = await spoken(room, "blockedyet");
  await phone.must("set-chat-prefs", { ChatId, Archived: true, Hidden: true });
  await phone.must("block-user", { User: people[1].id, On: true });
  for (const device of [phone, elis]) {
    await findsNow(device, { Query: "blockedyet" }, said);
    await findsNow(device, { Query: "blockedyet", ChatId }, said);
  }
  room.leave();
});

test("messages of those who ended their account are found as before", async () => {
  const { server, ann } = stage;
  const [dan] = await server.people("Dan");
  const room = await stage.room("Group", [ann, dan]);
  const [[phone], [dans]] = room.devices;
  const said = await room.say(dans, "outlives its sender");
  await finds(phone, { Query: "outlives" }, [said]);
  const currentPassword = dan.password;
  const headers = { authorization: `Bearer ${dan.tokens.accessToken}`, "content-type": "application/json" };
  const ended = await fetch(`${server.url}/me`, { method: "DELETE", headers, body: JSON.stringify({ currentPassword }) });
  assert.equal(ended.status, 200, await ended.text());
  const [result] = await findsNow(phone, { Query: "outlives" }, [said]);
  assert.notEqual(result.Message.Sender, dan.name);
  room.leave();
});

test("what was found is found after a stop and after a crash, and what was said just before it too", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const said = await spoken(room, "surviving");
  said.push(await room.say(phone, "surviving the last second"));
  await server.restart({ signal: "SIGKILL" });
  const back = await ann.connect();
  await finds(back, { Query: "surviving" }, said);
  await back.must("delete-message", { ChatId: room.ChatId, Seq: said[0].Seq });
  const { Message } = await back.must("edit-message", { ChatId: room.ChatId, Seq: said[1].Seq, Content: "changed just before" });
  said.splice(0, 2);
  back.close();
  await server.restart({ signal: "SIGKILL" });
  const again = await ann.connect();
  await findsNow(again, { Query: "surviving" }, said);
  await finds(again, { Query: "changed just before" }, [Message]);
  again.close();
  await server.restart();
  const third = await ann.connect();
  await findsNow(third, { Query: "surviving" }, said);
  third.close();
});
