// A login that ends at one node ends its sockets at all, and its tokens, within a second of the answer.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";

import { Server } from "../interop/server.mjs";
import { within } from "./limits.mjs";
import { NODES } from "./nodes.mjs";

const ENDED_MS = 1_000;

let server;
before(async () => (server = await Server.start()));
after(() => server?.close());

const bearer = ({ tokens }) => ({ authorization: `Bearer ${tokens.accessToken}` });

async function request(node, method, path, person, body) {
  const headers = { ...bearer(person), ...(body && { "content-type": "application/json" }) };
  const answer = await fetch(node.url + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/// All of these devices are told, and closed, once `ends` is answered.
async function endsAll(devices, ends) {
  const closed = devices.map((device) => once(device.socket, "disconnect"));
  await ends();
  const took = await within(ENDED_MS, Promise.all(closed), "the sockets of an ended login");
  for (const device of devices) assert.deepEqual(Object.keys(await device.next("auth-failure")), ["reason"]);
  return took;
}

/// Nothing that the tokens of this person were good for is to be had at any node.
async function isOut(person) {
  for (const [number, node] of server.nodes.entries()) {
    const me = await node.get("/me", bearer(person));
    assert.equal(me.status, 401);
    const device = server.via(person, number).device();
    await device.next("auth-failure");
    await device.next("disconnect");
  }
}

/// Another login of the same person.
const again = (person) => Object.create(person).login();

for (let at = 0; at < NODES; at += 1) {
  const node = () => server.nodes[at];

  test(`a log-out at node ${at} ends this login's sockets everywhere, and no other's`, async () => {
    const [ann] = await server.people("Ann");
    const other = await again(ann);
    const [devices, kept] = [await server.everywhere(ann), await server.everywhere(other)];
    await endsAll(devices, () => request(node(), "POST", "/logout", ann));
    await isOut(ann);
    for (const device of kept) await device.quiet();
    for (const device of kept) device.close();
  });

  test(`a login that is ended from another one at node ${at} is over everywhere`, async () => {
    const [ann] = await server.people("Ann");
    const other = await again(ann);
    const devices = await server.everywhere(ann);
    const { Sessions } = await request(node(), "GET", "/sessions", other);
    const { Id } = Sessions.find(({ Current }) => !Current);
    await endsAll(devices, () => request(node(), "DELETE", `/sessions/${Id}`, other));
    await isOut(ann);
  });

  test(`a new password at node ${at} ends all other logins everywhere`, async () => {
    const [ann] = await server.people("Ann");
    const other = await again(ann);
    const [devices, kept] = [await server.everywhere(ann), await server.everywhere(other)];
    const body = { currentPassword: ann.password, newPassword: `${ann.password} and more` };
    await endsAll(devices, () => request(node(), "POST", "/change-password", other, body));
    await isOut(ann);
    for (const device of kept) await device.quiet();
    for (const device of kept) device.close();
  });

  test(`the end of an account at node ${at} ends its sockets everywhere, and its partners hear of it`, async () => {
    const [ann, bob] = await server.people("Ann", "Bob");
    const [devices, bobs] = [await server.everywhere(ann), await server.everywhere(bob)];
    await bobs[0].must("create-group-chat", { Name: "Band", Description: "", Participants: [ann.id] });
    const { GroupId } = await bobs[0].next("create-group-chat-creator");
    for (const device of devices) await device.next("create-group-chat-receiver");
    await endsAll(devices, () => request(node(), "DELETE", "/me", ann, { currentPassword: ann.password }));
    for (const device of bobs) {
      const { What, User } = await device.next("chat-changed");
      assert.deepEqual([What, User], ["Left", ann.id]);
      assert.equal((await device.must("fetch-chat", { ChatId: GroupId })).Roster.Members.length, 1);
      device.close();
    }
  });
}
