// Every message is sent three times at once, from three sockets of its sender, with the same ClientId.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { Town, scale } from "./town.mjs";

const SENDS = scale(600, 10_000);
const AT_ONCE = 60;
const COPIES = 3;

let town;
before(async () => (town = await Town.found({ users: 8, groups: "4x6", devices: COPIES })));
after(() => town?.close());

/// The devices of each person.
const desks = () => town.people.map(({ id }) => town.members.filter((member) => member.id === id));

/// Sends the message from all devices and returns the answers. Busy is an answer too, and is retried like any other.
function copies(devices, chat, message) {
  return Promise.all(devices.map((device) => persist(device, chat, message)));
}

async function persist(device, chat, message) {
  for (;;) {
    const begun = performance.now();
    const answer = await device.send(chat, message);
    town.book.note(message.Content, answer, performance.now() - begun);
    if (answer.Code !== "busy") return answer;
  }
}

/// One message to any of a person's chats, in all copies: one of them is stored, the others are told which.
async function send(devices, sent) {
  const chats = [...devices[0].chats.keys()];
  const chat = chats[sent.length % chats.length];
  const Content = randomUUID();
  const message = { Content, ClientId: Content };
  town.book.write(Content, { chat, from: devices[0].id, ClientId: Content });
  sent.push({ devices, chat, message });
  const answers = await copies(devices, chat, message);
  assert.equal(answers.filter((answer) => !answer.Repeat).length, 1, JSON.stringify(answers));
  assert.equal(new Set(answers.map(({ Seq, _id }) => `${Seq} ${_id}`)).size, 1, JSON.stringify(answers));
}

test("a message that is sent three times in parallel is stored and told once, and after a crash too", async (t) => {
  const { server, book } = town;
  const sent = [];
  while (sent.length < SENDS) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => send(desks()[n % town.people.length], sent)));
  }
  assert.equal(book.count("ok"), sent.length);

  await server.restart({ signal: "SIGKILL" });
  await town.present();
  for (const { devices, chat, message } of sent.slice(-AT_ONCE)) {
    const answers = await copies(devices, chat, message);
    assert.ok(answers.every((answer) => answer.Ok && answer.Repeat), JSON.stringify(answers));
  }
  await town.holds((figures) => t.diagnostic(`${COPIES} copies of each: ${figures}`));
});
