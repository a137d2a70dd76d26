// What people say of themselves, and how a new name comes to where the old one stood.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NOBODY, Stage } from "./room.mjs";
import { hasKeys, refused } from "./shapes.mjs";

const WITHIN_MS = 5_000;
const LATER = "2125-01-31T09:30:00.000Z";

let stage;
before(async () => (stage = await Stage.open({ "presence.interval": "1s" })));
after(() => stage?.close());

/// Fresh people with two devices each.
async function people(...names) {
  const made = await stage.server.people(...names);
  return Promise.all(made.map(async (person) => ({ person, devices: [await person.connect(), await person.connect()] })));
}

const fresh = (person) => ({ _id: person.id, Name: person.name });

async function profiles(device, Users) {
  const { Ok, ...answer } = await device.must("fetch-profiles", { Users });
  hasKeys(answer, "Profiles");
  return answer.Profiles;
}

/// Edits the own profile, which is so then for all; own others and these devices that watch hear it.
async function edits([device, ...others], watching, payload, Profile) {
  assert.deepEqual(await device.must("edit-profile", payload), { Ok: true, Profile });
  for (const other of [...others, ...watching]) {
    assert.deepEqual(await other.next("profile-changed"), { Profile });
    assert.deepEqual(await profiles(other, [Profile._id]), [Profile]);
  }
  assert.deepEqual(await profiles(device, [Profile._id]), [Profile]);
}

/// Tries until it is so, which it must be within five seconds.
async function soon(holds) {
  const end = performance.now() + WITHIN_MS;
  while (!(await holds())) assert.ok(performance.now() < end, "within five seconds");
}

/// What the owner is told of oneself, by event and by route.
async function oneself({ person, devices: [device] }) {
  await device.must("fetch-user-details", {});
  const { Privacy, Id, ...details } = await device.next("user-details");
  const { status, text } = await stage.server.get("/me", { authorization: `Bearer ${person.tokens.accessToken}` });
  assert.equal(status, 200);
  const { success, message, ...me } = JSON.parse(text);
  assert.deepEqual(me, { Id, ...details });
  return details;
}

test("a profile is told to one's own devices and to those who watch, and is there for all who ask", async () => {
  const [dan, eli, fay] = await people("Dan", "Eli", "Fay");
  const [watching, idle] = eli.devices;
  await watching.must("watch-presence", { Users: [dan.person.id] });
  await fay.devices[0].must("watch-presence", { Users: [eli.person.id] });
  const profile = { ...fresh(dan.person), Bio: "Plays the bass", Status: "on tour", StatusUntil: LATER };
  await edits(dan.devices, [watching], { Bio: profile.Bio, Status: profile.Status, StatusUntil: LATER }, profile);
  await edits(dan.devices, [watching], { Bio: "Played the bass", Status: null }, { ...profile, Bio: "Played the bass" });
  await watching.must("watch-presence", { Users: [] });
  await edits(dan.devices, [], { Name: "Daniel" }, { ...profile, Name: "Daniel", Bio: "Played the bass" });
  const Email = dan.person.email;
  assert.deepEqual(await oneself(dan), { Name: "Daniel", Email, Bio: "Played the bass", Status: "on tour" });
  for (const device of [...dan.devices, watching, idle, ...fay.devices]) {
    await device.quiet();
    device.close();
  }
});

test("what a profile says already is no change", async () => {
  const [dan] = await people("Dan");
  const [phone, laptop] = dan.devices;
  const Profile = { ...fresh(dan.person), Bio: "Plays the bass" };
  await edits(dan.devices, [], { Bio: Profile.Bio }, Profile);
  const { Name, Bio } = Profile;
  for (const payload of [{ Bio }, { Name }, { Status: "" }, { StatusUntil: null }, { Name, Bio, Status: "" }]) {
    assert.deepEqual(await phone.must("edit-profile", payload), { Ok: true, Profile });
  }
  await laptop.quiet();
  for (const device of dan.devices) device.close();
});

test("an empty text is taken away, and a status stays without an end", async () => {
  const [dan] = await people("Dan");
  const self = fresh(dan.person);
  await edits(dan.devices, [], { Bio: "b".repeat(512), Status: "s".repeat(128), StatusUntil: LATER }, {
    ...self, Bio: "b".repeat(512), Status: "s".repeat(128), StatusUntil: LATER,
  });
  await edits(dan.devices, [], { StatusUntil: null }, { ...self, Bio: "b".repeat(512), Status: "s".repeat(128) });
  await edits(dan.devices, [], { Bio: "" }, { ...self, Status: "s".repeat(128) });
  await edits(dan.devices, [], { Status: "" }, self);
  assert.deepEqual(await oneself(dan), { Name: dan.person.name, Email: dan.person.email });
  await edits(dan.devices, [], { Name: "n".repeat(64) }, { ...self, Name: "n".repeat(64) });
  for (const device of dan.devices) device.close();
});

test("a status ends by the clock, and nobody is told", async () => {
  const [dan, eli] = await people("Dan", "Eli");
  const [phone] = dan.devices;
  const [watching] = eli.devices;
  await watching.must("watch-presence", { Users: [dan.person.id] });
  const StatusUntil = new Date(Date.now() + 1_500).toISOString();
  await edits(dan.devices, [watching], { Bio: "bass", Status: "back soon", StatusUntil }, {
    ...fresh(dan.person), Bio: "bass", Status: "back soon", StatusUntil,
  });
  await soon(async () => !("Status" in (await profiles(watching, [dan.person.id]))[0]));
  assert.deepEqual(await profiles(phone, [dan.person.id]), [{ ...fresh(dan.person), Bio: "bass" }]);
  for (const device of [...dan.devices, ...eli.devices]) {
    await device.quiet();
    device.close();
  }
});

test("profile texts have their bounds, and at least one field is named", async () => {
  const [dan] = await people("Dan");
  const [phone, laptop] = dan.devices;
  const nothing = [{}, { Name: null }, { Bio: null, Status: null }, { Title: "x" }];
  const names = ["", " ", "n".repeat(65), "a\0b", "\ud800", 5, {}, []].map((Name) => ({ Name }));
  const bios = ["b".repeat(513), "a\0b", "\ud800", 5, true, {}].map((Bio) => ({ Bio }));
  const statuses = ["s".repeat(129), "a\0b", 5, []].map((Status) => ({ Status }));
  const times = ["", "tomorrow", "2125-13-01T00:00:00.000Z", 5, true, {}, []].map((StatusUntil) => ({ StatusUntil }));
  for (const wrong of [...nothing, ...names, ...bios, ...statuses, ...times, { Bio: "good", Status: "s".repeat(129) }]) {
    await refused(phone, "edit-profile", [wrong], "bad_request");
  }
  assert.deepEqual(await profiles(phone, [dan.person.id]), [fresh(dan.person)]);
  await laptop.quiet();
  for (const device of dan.devices) device.close();
});

test("profiles come in the order asked, of those who are there", async () => {
  const { ann, bob, cat } = stage;
  const [dan] = await people("Dan");
  const [phone] = dan.devices;
  assert.deepEqual(await profiles(phone, [cat.id, NOBODY, ann.id, "x", "", bob.id]), [cat, ann, bob].map(fresh));
  assert.deepEqual(await profiles(phone, []), []);
  phone.emit("fetch-profiles", { Users: [ann.id] });
  assert.deepEqual(await phone.next("profiles"), { Profiles: [fresh(ann)] });
  assert.deepEqual(await profiles(phone, [ann.id, ...Array(99).fill(NOBODY)]), [fresh(ann)]);
  await refused(phone, "fetch-profiles", [{ Users: Array(101).fill(NOBODY) }], "too_large");
  for (const Users of [undefined, null, ann.id, {}, [5], [null], [[ann.id]]]) await refused(phone, "fetch-profiles", [{ Users }], "bad_request");
  for (const device of dan.devices) device.close();
});

test("a profile says whether one has blocked that person, to oneself alone", async () => {
  const [dan, eli] = await people("Dan", "Eli");
  const both = [dan.person, eli.person];
  await dan.devices[0].must("block-user", { User: eli.person.id, On: true });
  assert.deepEqual(await profiles(dan.devices[0], both.map(({ id }) => id)), [fresh(dan.person), { ...fresh(eli.person), Blocked: true }]);
  assert.deepEqual(await profiles(eli.devices[0], both.map(({ id }) => id)), both.map(fresh));
  await dan.devices[0].must("block-user", { User: eli.person.id, On: false });
  assert.deepEqual(await profiles(dan.devices[0], [eli.person.id]), [fresh(eli.person)]);
  for (const device of [...dan.devices, ...eli.devices]) device.close();
});

test("whose account has ended has no profile", async () => {
  const [dan] = await people("Dan");
  const { tokens, password, id } = dan.person;
  const answer = await fetch(`${stage.server.url}/me`, {
    method: "DELETE",
    headers: { "content-type": "application/json", authorization: `Bearer ${tokens.accessToken}` },
    body: JSON.stringify({ currentPassword: password }),
  });
  assert.equal(answer.status, 200);
  const device = await stage.eve.connect();
  assert.deepEqual(await profiles(device, [id]), []);
  device.close();
});

test("a new name stands at once in lists, pages and rosters, takes no number, and is found", async () => {
  const { ann } = stage;
  const [dan] = await stage.server.people("Dan");
  const pair = await stage.room("Personal", [ann, dan]);
  const group = await stage.room("Group", [ann, dan], pair);
  const [[anns], [phone, laptop]] = pair.devices;
  const first = await group.say(phone, "under the old name");
  await pair.say(phone, "hello");
  const ids = [pair, group].map(({ ChatId }) => ChatId);
  const before = await Promise.all(ids.map((ChatId) => anns.must("fetch-chat", { ChatId })));
  const Name = `Daniel ${process.pid} of the ${first._id.slice(-12)}`;
  await edits([phone, laptop], [], { Name }, { _id: dan.id, Name });

  assert.equal((await pair.row(anns)).Partner, Name);
  const page = await group.page(anns);
  assert.equal(page.Participants[dan.id], Name);
  assert.equal(page.Messages[0].Sender, Name);
  assert.equal((await pair.page(anns)).Partner, Name);
  assert.equal((await group.row(anns)).Last.Sender, Name);
  const after = await Promise.all(ids.map((ChatId) => anns.must("fetch-chat", { ChatId })));
  assert.deepEqual(after.map(({ Rev, Own }) => [Rev, Own]), before.map(({ Rev, Own }) => [Rev, Own]));
  const [, { Roster }] = after;
  assert.deepEqual(Roster.Members.find(({ _id }) => _id === dan.id), { _id: dan.id, Name, Role: "Member", Rev: 0 });
  assert.equal(Roster.Rev, 0);
  await anns.must("search-user", { Name, Type: "Search" });
  assert.deepEqual((await anns.next("searched-user")).Users, [{ _id: dan.id, Name }]);
  assert.equal((await dan.connect()).opening.user.userName, Name);
  await pair.quiet();
  await group.quiet();
  group.leave();
});

test("live messages carry a new name within five seconds, in every chat", async () => {
  const { ann } = stage;
  const [dan] = await stage.server.people("Dan");
  const pair = await stage.room("Personal", [ann, dan]);
  const group = await stage.room("Group", [ann, dan], pair);
  const [[anns], [phone, laptop]] = pair.devices;
  for (const room of [pair, group]) await room.say(phone, "under the old name");
  await phone.must("edit-profile", { Name: "Daniel" });
  assert.equal((await laptop.next("profile-changed")).Profile.Name, "Daniel");
  for (const room of [pair, group]) {
    await soon(async () => (await room.say(phone, "under the new one?")).Sender === "Daniel");
    for (let n = 0; n < 3; n += 1) assert.equal((await room.say(laptop, "under the new one")).Sender, "Daniel", "it stays");
  }
  const changed = await group.change(phone, "react", { Seq: 1, Emoji: "👍", On: true }, "Reacted", { Emoji: "👍" });
  assert.equal(changed.Message.Sender, "Daniel");
  const { Users } = await anns.must("fetch-reactions", { ChatId: group.ChatId, Seq: 1, Emoji: "👍" });
  assert.deepEqual(Users, [{ _id: dan.id, Name: "Daniel" }]);
  const reply = await group.say(anns, "quoting", { ReplyTo: 1 });
  assert.equal(reply.ReplyTo.Sender, "Daniel");
  await anns.must("edit-group", { ChatId: group.ChatId, Name: "Duo" });
  await phone.next("chat-changed");
  await phone.must("leave-grp", group.name);
  const left = await anns.next("chat-changed");
  assert.deepEqual([left.ByName, left.UserName, left.Members[0].Name], ["Daniel", "Daniel", "Daniel"]);
  group.leave();
});

test("a profile survives a crash", async () => {
  const { server } = stage;
  const [dan] = await people("Dan");
  const Profile = { _id: dan.person.id, Name: "Daniel", Bio: "bass", Status: "on tour", StatusUntil: LATER };
  await edits(dan.devices, [], { Name: "Daniel", Bio: "bass", Status: "on tour", StatusUntil: LATER }, Profile);
  await server.restart({ signal: "SIGKILL" });
  const back = await dan.person.connect();
  assert.equal(back.opening.user.userName, "Daniel");
  assert.deepEqual(await profiles(back, [dan.person.id]), [Profile]);
  back.close();
});

test("who edits a profile too often is told when to go on", async () => {
  const { server } = stage;
  await server.restart({ settings: { "limits.enabled": "true", "limits.profiles_per_user": "3 per 1h" } });
  const device = await stage.eve.connect();
  const answers = [];
  for (let n = 0; n < 5; n += 1) answers.push(await device.ask("edit-profile", { Bio: `${n}` }));
  assert.deepEqual(answers.map(({ Ok, Code }) => Ok || Code), [true, true, true, "rate_limited", "rate_limited"]);
  for (const { RetryAfter } of answers.slice(3)) assert.ok(RetryAfter > 0);
  assert.equal((await profiles(device, [stage.eve.id]))[0].Bio, "2");
  device.close();
});
