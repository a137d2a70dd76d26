// Messages with files: where the files are told of, who may send which, and what edits, deletions and forwards do to them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { png } from "./png.mjs";
import { ALL_KINDS, NOBODY, Stage, state } from "./room.mjs";
import { refused, refusedByAck } from "./shapes.mjs";
import { attached, bearer, bytesFor, get, isRefused, json, remove, upload, uploadText } from "./uploads.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// A picture and a text of Ann's.
async function two() {
  const { server, ann } = stage;
  const { File, bytes } = await uploadText(server, ann);
  return { picture: await upload(server, ann, png(40, 20), { name: "picture.png" }), note: File, bytes };
}

for (const kind of ALL_KINDS) {
  test(`a message tells of its files wherever it stands: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const { ChatId } = room;
    const { picture, note, bytes } = await two();
    const said = await room.say(phone, "look", attached(picture, note));
    assert.deepEqual(said.Attachments, [picture, note], "in the order given, as the upload was answered");
    const { Seq, SenderId, Sender, Timestamp } = said;
    for (const [device] of room.devices) {
      assert.deepEqual(state(await room.shown(device, Seq)), state(said));
      assert.deepEqual((await room.missed(device, Seq - 1)).Messages, [said]);
      // Notes have no row in the lists.
      if (kind !== "Self") assert.deepEqual((await room.row(device)).Last, { Seq, Timestamp, SenderId, Sender, Content: "look", HasFile: true });
      assert.deepEqual(await bytesFor(stage.server, room.person(device), note.Url), bytes);
    }
    const reply = await room.say(room.devices.at(-1)[0], "nice", { ReplyTo: Seq });
    assert.deepEqual(reply.ReplyTo, { Seq, SenderId, Sender, Content: "look", HasFile: true });
    assert.ok(!("Attachments" in reply));
    const pinned = await room.change(phone, "pin-message", { Seq, On: true }, "Pinned");
    assert.deepEqual(pinned.Message, { ...said, Rev: pinned.Rev, Pinned: true });
    const { My } = await room.mark(phone, "star-message", { Seq, On: true });
    const own = { ...pinned.Message, My };
    assert.deepEqual((await phone.must("fetch-pinned", { ChatId })).Messages, [own]);
    assert.deepEqual((await phone.must("fetch-starred", { ChatId })).Messages, [own]);
    const { Changed } = await room.missed(phone, { Seq: reply.Seq, Rev: pinned.Rev - 1, Own: 0 });
    assert.deepEqual(Changed.map(({ Attachments }) => Attachments), [[picture, note]]);
    await room.quiet();
    room.leave();
  });
}

test("a message with files needs no text, one without does", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { note } = await two();
  for (const Attachments of [[], null, undefined]) {
    await refused(phone, room.send, [{ ...room.name, Content: "", Attachments }], "bad_request");
  }
  const said = await room.say(phone, "", attached(note));
  assert.deepEqual([said.Content, said.Attachments], ["", [note]]);
  const { Seq, SenderId, Sender } = said;
  const { Last } = await room.row(bobs);
  assert.deepEqual([Last.Content, Last.HasFile], ["", true]);
  const reply = await room.say(bobs, "?", { ReplyTo: Seq });
  assert.deepEqual(reply.ReplyTo, { Seq, SenderId, Sender, Content: "", HasFile: true });
  const plain = await room.say(phone, "plain", { Attachments: [] });
  assert.ok(!("Attachments" in plain), "an empty list is none");
  room.leave();
});

test("one sends ten files at most, in one's own name, and those that are there", async () => {
  const { server, ann, bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId, name } = room;
  const files = [];
  for (let n = 0; n < 11; n += 1) files.push((await uploadText(server, ann, `${n}.txt`)).File);
  const send = (Attachments) => [{ ...name, Content: "files", Attachments }];
  const shapes = ["x", 5, true, {}, { Id: files[0].Id }, [5], [null], ["x"], [files[0].Id], [[]], [{}], [{ Id: 5 }], [{ Id: null }], [{ id: files[0].Id }]];
  for (const wrong of shapes) await refused(phone, room.send, send(wrong), "bad_request");
  await refused(phone, room.send, send(attached(...files).Attachments), "too_large");
  const bobsOwn = (await uploadText(server, bob)).File;
  const { File: gone } = await uploadText(server, ann);
  assert.equal((await remove(server, ann, gone)).status, 200);
  for (const Id of [NOBODY, "", "x", ann.id, ChatId, bobsOwn.Id, gone.Id]) {
    await refused(phone, room.send, send([{ Id: files[0].Id }, { Id }]), "not_found");
  }
  await refused(bobs, room.send, send([{ Id: files[0].Id }]), "not_found");
  await refused(phone, room.send, [{ GroupId: NOBODY, Content: "x", ...attached(files[0]) }], "not_found");
  await room.quiet();
  assert.deepEqual((await room.page(phone)).Messages, [], "nothing is stored");
  assert.equal((await remove(server, ann, files[10])).status, 200, "and nothing is held");
  const said = await room.say(phone, "ten", attached(...files.slice(0, 10)));
  assert.deepEqual(said.Attachments, files.slice(0, 10));
  const [shown] = (await room.page(bobs)).Messages;
  assert.deepEqual(shown.Attachments, files.slice(0, 10));
  await refused(bobs, room.send, send([{ Id: files[0].Id }]), "not_found");
  room.leave();
});

test("a sender who may not send keeps the file, and it is nobody else's", async () => {
  const { server, ann, bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  await phone.must("edit-group", { ChatId: room.ChatId, Settings: { WhoPosts: "Moderator" } });
  const { File, bytes } = await uploadText(server, bob);
  await refusedByAck(bobs, room.send, [{ ...room.name, Content: "", ...attached(File) }], "forbidden");
  assert.equal(await bytesFor(server, ann, File.Url), undefined);
  assert.deepEqual(await bytesFor(server, bob, File.Url), bytes);
  assert.equal((await remove(server, bob, File)).status, 200);
  room.leave();
});

test("a file can stand in several messages, and is held until the last of them is gone", async () => {
  const { server, ann, bob } = stage;
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { File, bytes } = await uploadText(server, ann);
  const said = [await room.say(phone, "one", attached(File)), await room.say(phone, "two", attached(File))];
  assert.deepEqual(said[0].Attachments, said[1].Attachments);
  isRefused(await remove(server, ann, File), 409, "held");
  isRefused(await remove(server, bob, File), 404, "another's");
  await room.change(phone, "delete-message", { Seq: said[0].Seq }, "Deleted");
  assert.deepEqual(await bytesFor(server, bob, File.Url), bytes);
  isRefused(await remove(server, ann, File), 409, "still held");
  await room.change(phone, "delete-message", { Seq: said[1].Seq }, "Deleted");
  for (const person of [ann, bob]) assert.equal(await bytesFor(server, person, File.Url), undefined);
  isRefused(await remove(server, ann, File), 404, "gone");
  await refused(phone, room.send, [{ ...room.name, Content: "three", ...attached(File) }], "not_found");
  room.leave();
});

test("a message that is sent again is answered as the first time, whatever its files are now", async () => {
  const { server, ann } = stage;
  const room = await stage.room("Personal");
  const [[phone]] = room.devices;
  const { File } = await uploadText(server, ann);
  const message = { ...room.name, Content: "", ClientId: "with a file", ...attached(File) };
  const first = await phone.must(room.send, message);
  const told = await room.hears(phone, first);
  assert.deepEqual(told.Attachments, [File]);
  for (const again of [message, { ...message, Attachments: [{ Id: NOBODY }] }, { ...message, Attachments: null, Content: "other" }]) {
    assert.deepEqual(await phone.must(room.send, again), { ...first, Repeat: true });
  }
  await room.change(phone, "delete-message", { Seq: first.Seq }, "Deleted");
  assert.deepEqual(await phone.must(room.send, message), { ...first, Repeat: true });
  await refused(phone, room.send, [{ ...message, Attachments: ["x"] }], "bad_request");
  await room.quiet();
  room.leave();
});

test("an edit keeps the files, and may leave them alone", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const { picture, note } = await two();
  const said = await room.say(phone, "look", attached(note));
  const { Seq } = said;
  const edit = (Content, more) => room.change(phone, "edit-message", { Seq, Content, ...more }, "Edited");
  const first = await edit("look here");
  assert.deepEqual(first.Message.Attachments, [note]);
  assert.deepEqual((await edit("look there", attached(picture))).Message.Attachments, [note], "an edit names no files");
  const bare = await edit("");
  assert.deepEqual([bare.Message.Content, bare.Message.Attachments, bare.Message.Edits], ["", [note], 3]);
  assert.deepEqual(state(await room.shown(bobs, Seq)), state(bare.Message));
  await room.repeats(phone, "edit-message", { Seq, Content: "" }, bare);
  const plain = await room.say(phone, "plain");
  await refused(phone, "edit-message", [{ ChatId, Seq: plain.Seq, Content: "" }], "bad_request");
  await refused(phone, "edit-message", [{ ChatId: NOBODY, Seq: plain.Seq, Content: "" }], "not_found");
  await refused(phone, "edit-message", [{ ChatId, Seq: plain.Seq + 1, Content: "" }], "not_found");
  assert.equal((await room.shown(bobs, plain.Seq)).Content, "plain");
  room.leave();
});

for (const kind of ALL_KINDS) {
  test(`a deletion takes the files with it, for all and at once: ${kind}`, async () => {
    const { server, ann } = stage;
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const { picture } = await two();
    const said = await room.say(phone, "look", attached(picture));
    const { Seq } = said;
    const reply = await room.say(room.devices.at(-1)[0], "nice", { ReplyTo: Seq });
    for (const person of room.people) assert.ok(await bytesFor(server, person, picture.ThumbnailUrl));
    const { Message } = await room.change(phone, "delete-message", { Seq }, "Deleted");
    assert.ok(!("Attachments" in Message));
    for (const person of room.people) {
      for (const path of [picture.Url, picture.ThumbnailUrl]) assert.equal(await bytesFor(server, person, path), undefined);
    }
    for (const [device] of room.devices) {
      assert.ok(!("Attachments" in (await room.shown(device, Seq))));
      const { ReplyTo } = await room.shown(device, reply.Seq);
      assert.deepEqual(ReplyTo, { Seq, SenderId: ann.id, Sender: ann.name, Content: "", DeletedAt: Message.DeletedAt });
    }
    room.leave();
  });
}

test("a forwarded message holds the same files, for those who read it there", async () => {
  const { server, ann, bob, cat } = stage;
  const from = await stage.room("Group", [ann, bob]);
  const to = await stage.room("Personal", [bob, cat], from);
  const [[phone], [bobs]] = from.devices;
  const { picture, note, bytes } = await two();
  const said = await from.say(phone, "look", attached(picture, note));
  assert.equal(await bytesFor(server, cat, note.Url), undefined);
  const answer = await bobs.must("forward-message", { ChatId: from.ChatId, Seq: said.Seq, To: to.ChatId });
  const copy = await to.hears(bobs, answer);
  assert.deepEqual([copy.Attachments, copy.Content, copy.Forwarded], [[picture, note], "look", true]);
  assert.deepEqual(await bytesFor(server, cat, note.Url), bytes);
  await from.change(phone, "delete-message", { Seq: said.Seq }, "Deleted");
  for (const person of [bob, cat]) assert.deepEqual(await bytesFor(server, person, note.Url), bytes, "a copy is a message of its own");
  assert.deepEqual((await to.page(to.devices[1][0])).Messages[0].Attachments, [picture, note]);
  await to.change(bobs, "delete-message", { Seq: copy.Seq }, "Deleted");
  for (const person of [ann, bob, cat]) assert.equal(await bytesFor(server, person, note.Url), undefined);
  for (const room of [from, to]) room.leave();
});

test("a forward of a message without a text is one without a text", async () => {
  const room = await stage.room("Group");
  const [[phone]] = room.devices;
  const { note } = await two();
  const { Seq } = await room.say(phone, "", attached(note));
  const copy = await room.hears(phone, await phone.must("forward-message", { ChatId: room.ChatId, Seq, To: room.ChatId }));
  assert.deepEqual([copy.Content, copy.Attachments], ["", [note]]);
  room.leave();
});

test("a hidden message shows its files no more, and takes nothing away", async () => {
  const { server, bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { note, bytes } = await two();
  const { Seq } = await room.say(phone, "look", attached(note));
  await room.mark(bobs, "hide-message", { Seq });
  const shown = await room.shown(bobs, Seq);
  assert.deepEqual([shown.Content, "Attachments" in shown], ["", false]);
  assert.deepEqual(await bytesFor(server, bob, note.Url), bytes);
  room.leave();
});

test("what is kept about somebody names the files, and with each message those that it brought along", async () => {
  const { server } = stage;
  const [dan] = await server.people("Dan");
  const room = await stage.room("Self", [dan]);
  const { File: loose } = await uploadText(server, dan, "loose.txt");
  const { File: held } = await uploadText(server, dan, "held.txt");
  await room.say(room.devices[0][0], "", attached(held));
  await room.say(room.devices[0][0], "and a word");
  const answer = await get(server, dan, "/me/export", bearer(dan));
  assert.equal(answer.status, 200);
  const { Files, Messages } = json(answer);
  assert.deepEqual(
    Messages.map(({ Content, Attachments }) => [Content, Attachments]),
    [
      ["", [held]],
      ["and a word", undefined],
    ],
  );
  assert.deepEqual(Files.map(({ Id }) => Id).sort(), [loose.Id, held.Id].sort());
  for (const file of [loose, held]) {
    const { Name, Type, Size } = Files.find(({ Id }) => Id === file.Id);
    assert.deepEqual([Name, Type, Size], [file.Name, file.Type, file.Size]);
  }
  room.leave();
});
