// Pictures of people and of groups: who sets them, where they stand, who gets their bytes, and what becomes of the ones before.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { GLASS, png } from "./png.mjs";
import { NOBODY, Stage } from "./room.mjs";
import * as samples from "./samples.mjs";
import { refused, refusedByAck } from "./shapes.mjs";
import { attached, bearer, bytesFor, get, http, isRefused, json, remove, upload, uploadText } from "./uploads.mjs";

let stage;
before(async () => (stage = await Stage.open({ "presence.interval": "1s" })));
after(() => stage?.close());

let pictures = 0;
/// A picture that nobody has brought before.
const bring = (person) => upload(stage.server, person, png(30 + (pictures += 1), 20, { right: GLASS }), { name: "me.png" });

const profile = async (device, { id }) => (await device.must("fetch-profiles", { Users: [id] })).Profiles[0];

/// Whether this person gets the picture and its thumbnail.
async function gets(person, File) {
  const got = await Promise.all([File.Url, File.ThumbnailUrl].map((path) => bytesFor(stage.server, person, path)));
  assert.equal(got[0] === undefined, got[1] === undefined, "both or none");
  return got[0] !== undefined;
}

/// Sets or takes away the group's picture; everybody else hears of it.
async function setPicture(room, device, Avatar) {
  const answer = await device.must("edit-group", { ChatId: room.ChatId, Avatar });
  const told = await room.everywhere(device, "chat-changed");
  assert.deepEqual([told.What, told.Fields, told.Rev], ["Edited", ["Avatar"], answer.Rev]);
  assert.deepEqual(told.Info, answer.Info);
  assert.equal(told.Info.Avatar, Avatar ?? undefined);
  return answer;
}

test("a person's picture stands wherever the person does", async () => {
  const { server, ann } = stage;
  const [dan] = await server.people("Dan");
  const pair = await stage.room("Personal", [ann, dan]);
  const group = await stage.room("Group", [ann, dan], pair);
  const [[anns], [phone, laptop]] = pair.devices;
  await anns.must("watch-presence", { Users: [dan.id] });
  const File = await bring(dan);
  assert.equal(await gets(ann, File), false, "it is no picture yet");
  const answer = await phone.must("edit-profile", { Avatar: File.Id });
  assert.deepEqual(answer, { Ok: true, Profile: { _id: dan.id, Name: dan.name, Avatar: File.Id } });
  for (const device of [laptop, anns]) assert.deepEqual(await device.next("profile-changed"), { Profile: answer.Profile });
  assert.deepEqual(await profile(anns, dan), answer.Profile);
  assert.equal((await pair.row(anns)).PartnerAvatar, File.Id);
  assert.ok(!("PartnerAvatar" in (await pair.row(phone))), "Ann has none");
  const { Roster } = await anns.must("fetch-chat", { ChatId: group.ChatId });
  assert.deepEqual(Roster.Members.map(({ _id, Avatar }) => [_id, Avatar]), [[ann.id, undefined], [dan.id, File.Id]]);
  await phone.must("fetch-user-details", {});
  assert.equal((await phone.next("user-details")).Avatar, File.Id);
  assert.equal(json(await get(server, dan, "/me")).Avatar, File.Id);
  await anns.must("search-user", { Name: dan.name, Type: "Search" });
  assert.deepEqual((await anns.next("searched-user")).Users, [{ _id: dan.id, Name: dan.name, Avatar: File.Id }]);
  await anns.must("search-user", { Name: dan.name, Type: "Add" });
  assert.equal((await anns.next("added-user-match")).Users[0].Avatar, File.Id);
  group.leave();
});

test("a group's picture stands wherever the group does", async () => {
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const File = await bring(stage.ann);
  await setPicture(room, phone, File.Id);
  for (const [device] of room.devices) {
    assert.equal((await device.must("fetch-chat", { ChatId })).Info.Avatar, File.Id);
    assert.equal((await room.row(device)).Avatar, File.Id);
  }
  const { Info } = await room.missed(bobs);
  assert.equal(Info.Avatar, File.Id);
  const { Invite } = await phone.must("create-invite", { ChatId });
  const eves = await stage.eve.connect();
  assert.equal((await eves.must("preview-invite", { Token: Invite.Token })).Avatar, File.Id);
  const { Rev } = await phone.must("fetch-chat", { ChatId });
  await phone.must("edit-group", { ChatId, Avatar: File.Id });
  assert.equal((await phone.must("fetch-chat", { ChatId })).Rev, Rev, "the same again changes nothing");
  await room.quiet();
  assert.ok(!("Avatar" in (await setPicture(room, phone, null)).Info));
  assert.ok(!("Avatar" in (await room.row(bobs))));
  await setPicture(room, phone, (await bring(stage.ann)).Id);
  eves.close();
  room.leave();
});

for (const whose of ["person", "group"]) {
  /// Sets somebody's picture, or their group's, as this test is about.
  const sets = async () => {
    const { server } = stage;
    const [dan, eli] = await server.people("Dan", "Eli");
    const room = await stage.room("Group", [dan, eli]);
    const [[phone]] = room.devices;
    const [event, chat] = whose === "person" ? ["edit-profile", {}] : ["edit-group", { ChatId: room.ChatId }];
    const set = (Avatar) => phone.must(event, { ...chat, Avatar });
    const refuse = (Avatar, code) => refused(phone, event, [{ ...chat, Avatar }], code);
    return { server, dan, eli, room, phone, set, refuse };
  };

  test(`a picture of a ${whose} is one that the caller brought, and nothing else`, async () => {
    const { server, dan, eli, room, set, refuse } = await sets();
    const { File: note } = await uploadText(server, dan);
    const video = await upload(server, dan, samples.MP4);
    const theirs = await bring(eli);
    const gone = await bring(dan);
    assert.equal((await remove(server, dan, gone)).status, 200);
    for (const Avatar of [NOBODY, "", "x", dan.id, note.Id, video.Id, theirs.Id, gone.Id]) await refuse(Avatar, "not_found");
    for (const Avatar of [5, true, {}, [], [note.Id]]) await refuse(Avatar, "bad_request");
    for (const bytes of [samples.JPEG, samples.GIF, samples.WEBP, png(9, 9)]) await set((await upload(server, dan, bytes)).Id);
    room.leave();
  });

  test(`a picture of a ${whose} is for all who are signed in, and may be kept a day`, async () => {
    const { server, dan, room, set } = await sets();
    const File = await bring(dan);
    assert.equal((await get(server, dan, File.Url)).headers["cache-control"], "private, no-cache");
    await set(File.Id);
    for (const person of [dan, stage.ann, stage.eve]) {
      for (const path of [File.Url, File.ThumbnailUrl]) {
        const answer = await get(server, person, path);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers["cache-control"], "private, max-age=86400");
        assert.equal(answer.headers["x-content-type-options"], "nosniff");
        assert.equal((await http(server, "HEAD", path, { headers: bearer(person) })).status, 200);
      }
    }
    isRefused(await http(server, "GET", File.Url), 401, "without a login");
    isRefused(await remove(server, dan, File), 409, "a picture holds it");
    isRefused(await remove(server, stage.eve, File), 404, "another's");
    room.leave();
  });

  test(`a picture of a ${whose} that is replaced or taken away is gone, unless a message holds it`, async () => {
    const { server, dan, eli, room, phone, set } = await sets();
    const [first, second, third] = [await bring(dan), await bring(dan), await bring(dan)];
    await set(first.Id);
    await set(second.Id);
    for (const person of [stage.eve, eli]) assert.equal(await gets(person, first), false, "replaced");
    assert.equal(await gets(stage.eve, second), true);
    await phone.must(room.send, { ...room.name, Content: "", ...attached(second) });
    await set(third.Id);
    assert.equal(await gets(stage.eve, second), false);
    assert.equal(await gets(eli, second), true, "a message holds it");
    isRefused(await remove(server, dan, second), 409);
    await set(null);
    assert.equal(await gets(stage.eve, third), false, "taken away");
    await phone.must("delete-message", { ChatId: room.ChatId, Seq: 1 });
    for (const person of [dan, eli]) assert.equal(await gets(person, second), false);
    await set(null);
    room.leave();
  });

  test(`a message that goes leaves the picture of a ${whose} where it is`, async () => {
    const { dan, eli, room, phone, set } = await sets();
    const File = await bring(dan);
    await phone.must(room.send, { ...room.name, Content: "", ...attached(File) });
    await set(File.Id);
    await phone.must("delete-message", { ChatId: room.ChatId, Seq: 1 });
    for (const person of [dan, eli, stage.eve]) assert.equal(await gets(person, File), true);
    await set(null);
    for (const person of [eli, stage.eve]) assert.equal(await gets(person, File), false);
    room.leave();
  });
}

test("who may edit a group may set its picture, others may not", async () => {
  const { server, ann, bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const File = await bring(bob);
  for (const Avatar of [File.Id, null, NOBODY]) await refusedByAck(bobs, "edit-group", [{ ChatId, Avatar }], "forbidden");
  await phone.must("edit-group", { ChatId, Settings: { WhoEdits: "Member" } });
  for (const device of [...room.ownOthers(phone), ...room.others(phone)]) await device.next("chat-changed");
  await setPicture(room, bobs, File.Id);
  await refusedByAck(phone, "edit-group", [{ ChatId, Avatar: (await uploadText(server, ann)).File.Id }], "not_found");
  await bobs.must("leave-grp", room.name);
  assert.equal(await gets(stage.eve, File), true, "the group keeps it");
  await phone.must("delete-grp", room.name);
  assert.equal(await gets(stage.eve, File), false, "it goes with the group");
  room.leave();
});

test("one picture can be of a person and of a group, and is there as long as it is of one", async () => {
  const { server } = stage;
  const [dan] = await server.people("Dan");
  const room = await stage.room("Group", [dan]);
  const [[phone]] = room.devices;
  const File = await bring(dan);
  await phone.must("edit-profile", { Avatar: File.Id });
  await phone.must("edit-group", { ChatId: room.ChatId, Avatar: File.Id });
  await phone.must("edit-profile", { Avatar: null });
  assert.equal(await gets(stage.eve, File), true);
  assert.ok(!("Avatar" in (await profile(phone, dan))));
  await phone.must("edit-group", { ChatId: room.ChatId, Avatar: null });
  assert.equal(await gets(stage.eve, File), false);
  room.leave();
});

test("a profile without a picture named keeps the one it has", async () => {
  const { server } = stage;
  const [dan] = await server.people("Dan");
  const device = await dan.connect();
  const File = await bring(dan);
  await device.must("edit-profile", { Avatar: File.Id, Bio: "bass" });
  await device.must("edit-profile", { Bio: "lead" });
  assert.deepEqual(await profile(device, dan), { _id: dan.id, Name: dan.name, Bio: "lead", Avatar: File.Id });
  await server.restart({ signal: "SIGKILL" });
  const back = await dan.connect();
  assert.equal((await profile(back, dan)).Avatar, File.Id);
  assert.equal(await gets(stage.eve, File), true);
  back.close();
});

test("the picture of whoever ends the account goes with it", async () => {
  const { server } = stage;
  const [dan] = await server.people("Dan");
  const device = await dan.connect();
  const File = await bring(dan);
  await device.must("edit-profile", { Avatar: File.Id });
  assert.equal(await gets(stage.eve, File), true);
  const headers = { ...bearer(dan), "content-type": "application/json" };
  const ended = await http(server, "DELETE", "/me", { headers, body: JSON.stringify({ currentPassword: dan.password }) });
  assert.equal(ended.status, 200);
  assert.equal(await gets(stage.eve, File), false);
});
