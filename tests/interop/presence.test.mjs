// Who is online, for those who watch and may know.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NOBODY, Stage } from "./room.mjs";
import { hasKeys, isTime, refused } from "./shapes.mjs";

const WITHIN_MS = 5_000;

let stage;
before(async () => (stage = await Stage.open({ "presence.interval": "1s", "presence.grace": "2s" })));
after(() => stage?.close());

const online = ({ id }) => ({ _id: id, Online: true });
const unknown = (id) => ({ _id: id, Online: false });

/// Begins to watch these people and returns what is known of them.
async function watch(device, ...people) {
  const { Ok, ...list } = await device.must("watch-presence", { Users: people.map(({ id }) => id) });
  hasKeys(list, "Users");
  return list.Users;
}

/// What is told of a person who went.
function wentAway(row, { id }) {
  const { LastSeen } = row;
  assert.deepEqual(row, { _id: id, Online: false, LastSeen });
  isTime(LastSeen);
  assert.match(LastSeen, /:00\.000Z$/, "to the minute");
  assert.ok(Math.abs(Date.now() - Date.parse(LastSeen)) < 2 * 60_000 + WITHIN_MS);
}

/// Fresh people who know each other by a chat of two.
async function friends(...names) {
  const people = await stage.server.people(...names);
  const first = await people[0].connect();
  for (const person of people.slice(1)) await first.must("create-personal-chat", { Receiver: person.id });
  first.close();
  return people;
}

test("those who are watched are listed as they are, in the order asked", async () => {
  const [dan, eli, fay] = await friends("Dan", "Eli", "Fay");
  const [phone, elis] = [await dan.connect(), await eli.connect()];
  const users = await watch(phone, fay, eli, stage.eve, { id: NOBODY }, { id: "x" });
  assert.deepEqual(users.slice(1), [online(eli), unknown(stage.eve.id), unknown(NOBODY), unknown("x")]);
  assert.deepEqual([users[0]._id, users[0].Online], [fay.id, false]);
  phone.emit("watch-presence", { Users: [eli.id] });
  assert.deepEqual(await phone.next("presence-list"), { Users: [online(eli)] });
  for (const device of [phone, elis]) device.close();
});

test("coming and going is told to those who watch, going after a while", async () => {
  const [dan, eli, fay] = await friends("Dan", "Eli", "Fay");
  const [phone, laptop] = [await dan.connect(), await dan.connect()];
  assert.deepEqual((await watch(phone, eli)).map(({ Online }) => Online), [false]);
  const [elis, second] = [await eli.connect(), await eli.connect()];
  assert.deepEqual(await phone.next("presence"), { Users: [online(eli)] });
  elis.close();
  const fays = await fay.connect();
  second.close();
  const told = await phone.next("presence");
  assert.equal(told.Users.length, 1);
  wentAway(told.Users[0], eli);
  wentAway((await watch(laptop, eli))[0], eli);
  await phone.quiet();
  await laptop.quiet();
  for (const device of [phone, laptop, fays]) device.close();
});

test("who comes back in time has not been away", async () => {
  const [dan, eli, fay] = await friends("Dan", "Eli", "Fay");
  const phone = await dan.connect();
  let elis = await eli.connect();
  assert.deepEqual((await watch(phone, eli, fay)).map(({ Online }) => Online), [true, false]);
  for (let n = 0; n < 5; n += 1) {
    elis.close();
    elis = await eli.connect();
  }
  // Another's coming proves that what there was to tell has been told.
  const fays = await fay.connect();
  assert.deepEqual(await phone.next("presence"), { Users: [online(fay)] });
  await phone.quiet();
  for (const device of [phone, elis, fays]) device.close();
});

test("what changed meanwhile comes in one packet, the latest of each", async () => {
  const [dan, ...others] = await friends("Dan", "Eli", "Fay", "Gil");
  const phone = await dan.connect();
  await watch(phone, ...others);
  const devices = await Promise.all(others.map((other) => other.connect()));
  const begun = performance.now();
  const seen = new Map();
  let packets = 0;
  while (seen.size < others.length) {
    for (const row of (await phone.next("presence")).Users) seen.set(row._id, row);
    packets += 1;
  }
  assert.deepEqual(others.map(({ id }) => seen.get(id)), others.map(online));
  assert.ok(packets <= 1 + Math.ceil((performance.now() - begun) / 1_000), `${packets} packets`);
  await phone.quiet();
  for (const device of [phone, ...devices]) device.close();
});

test("the last list is what counts, and the empty one ends it", async () => {
  const [dan, eli, fay] = await friends("Dan", "Eli", "Fay");
  const phone = await dan.connect();
  await watch(phone, eli);
  await watch(phone, fay);
  const elis = await eli.connect();
  const fays = await fay.connect();
  assert.deepEqual(await phone.next("presence"), { Users: [online(fay)] });
  assert.deepEqual(await watch(phone), []);
  const witness = await dan.connect();
  await watch(witness, eli, fay);
  fays.close();
  wentAway((await witness.next("presence")).Users[0], fay);
  await phone.quiet();
  for (const device of [phone, witness, elis]) device.close();
});

test("so many can be watched, and they are a list of texts", async () => {
  const phone = await stage.ann.connect();
  for (const Users of [undefined, null, "x", {}, [5], [null], [[NOBODY]]]) {
    await refused(phone, "watch-presence", [{ Users }], "bad_request");
  }
  await refused(phone, "watch-presence", [{ Users: Array(201).fill(NOBODY) }], "too_large");
  const { Users } = await phone.must("watch-presence", { Users: Array.from({ length: 200 }, (_, n) => `${n}`) });
  assert.deepEqual(Users, Array.from({ length: 200 }, (_, n) => unknown(`${n}`)));
  phone.close();
});

test("whoever wants to be seen by nobody looks like somebody unknown, and becomes so within five seconds", async () => {
  const [dan, eli] = await friends("Dan", "Eli");
  const [phone, elis] = [await dan.connect(), await eli.connect()];
  assert.deepEqual(await watch(phone, eli), [online(eli)]);
  const begun = performance.now();
  await elis.must("set-privacy", { Presence: "Nobody" });
  assert.deepEqual(await phone.next("presence"), { Users: [unknown(eli.id)] });
  assert.ok(performance.now() - begun < WITHIN_MS);
  assert.deepEqual(await watch(phone, eli), [unknown(eli.id)]);
  elis.close();
  const again = await eli.connect();
  await again.must("set-privacy", { Presence: "Everyone" });
  assert.deepEqual(await watch(phone, eli), [online(eli)]);
  for (const device of [phone, again]) device.close();
});

test("contacts are those to whom one has written", async () => {
  const [dan, eli] = await friends("Dan", "Eli");
  const [phone, elis] = [await dan.connect(), await eli.connect()];
  await elis.must("set-privacy", { Presence: "Contacts" });
  const [{ _id: ChatId }] = phone.opening.personal;
  await phone.must("send-personal-message", { ChatId, Content: "do you know me?" });
  assert.deepEqual(await watch(phone, eli), [unknown(eli.id)]);
  await elis.must("send-personal-message", { ChatId, Content: "I do" });
  assert.deepEqual(await watch(phone, eli), [online(eli)]);
  for (const device of [phone, elis]) device.close();
});

test("people of a common group see each other, until the last common chat ends", async () => {
  const [dan, eli] = await stage.server.people("Dan", "Eli");
  const room = await stage.room("Group", [dan, eli]);
  const [[phone], [elis]] = room.devices;
  assert.deepEqual(await watch(phone, eli), [online(eli)]);
  assert.deepEqual(await watch(elis, dan), [online(dan)]);
  await phone.must("kickout", { ...room.name, Member: eli.id });
  assert.deepEqual(await phone.next("presence"), { Users: [unknown(eli.id)] });
  assert.deepEqual(await elis.next("presence"), { Users: [unknown(dan.id)] });
  assert.deepEqual(await watch(phone, eli), [unknown(eli.id)]);
  room.leave();
});

test("after a restart all are offline until they come", async () => {
  const [dan, eli] = await friends("Dan", "Eli");
  await eli.connect();
  await stage.server.restart();
  const phone = await dan.connect();
  const [row] = await watch(phone, eli);
  assert.equal(row.Online, false);
  const elis = await eli.connect();
  assert.deepEqual(await phone.next("presence"), { Users: [online(eli)] });
  for (const device of [phone, elis]) device.close();
});
