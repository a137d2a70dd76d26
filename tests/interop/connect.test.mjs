// Connecting: where tokens come from, what is heard first, how a stranger is turned away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Polling, event } from "./polling.mjs";
import { Server } from "./server.mjs";
import { hasKeys, isId } from "./shapes.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.close());

/// Connects with nothing but request headers and returns the first frames.
async function framesFor(headers, { payload = "", on = server, query = "" } = {}) {
  const polling = await Polling.open(on, headers, query);
  assert.equal(await polling.send(`40${payload}`), 200);
  return polling.until((packet) => packet === "41" || packet.startsWith("44") || packet.includes("group-chat-list"));
}

const names = (frames) => frames.slice(1).map((frame) => event(frame)[0]);
const OPENING = ["user-id", "personal-chat-list", "group-chat-list"];

test("a new user hears their id and two empty lists, in this order and nothing else", async () => {
  const [ann] = await server.people("Ann");
  const frames = await framesFor({ authorization: `Bearer ${ann.tokens.accessToken}` });
  const [connected, ...opening] = frames;
  hasKeys(JSON.parse(connected.slice(2)), "sid");
  assert.deepEqual(opening.map(event), [
    ["user-id", { userId: ann.id, userName: ann.name }],
    ["personal-chat-list", { PersonalChatList: [] }],
    ["group-chat-list", { GroupChatList: [] }],
  ]);
  isId(ann.id);
});

test("events sent before the opening events are kept and answered after them", async () => {
  const [ann] = await server.people("Ann");
  const polling = await Polling.open(server, { authorization: `Bearer ${ann.tokens.accessToken}` });
  await polling.send("40", '420["send-self-message",{"Content":"early"}]', '421["fetch-self-chat",{}]');
  const frames = await polling.until((packet) => packet.startsWith("431"));
  assert.deepEqual(names(frames.slice(0, 4)), OPENING);
  assert.equal(frames.filter((packet) => packet.startsWith("430")).length, 1);
  const [, notes] = event(frames.find((packet) => packet.startsWith('42["self-chat"')));
  assert.deepEqual(notes.Messages.map((note) => note.Content), ["early"]);
});

test("tokens come in the auth payload, as Bearer or in cookies", async () => {
  const [ann] = await server.people("Ann");
  const { accessToken, refreshToken } = ann.tokens;
  assert.deepEqual(names(await framesFor({}, { payload: JSON.stringify({ accessToken, refreshToken }) })), OPENING);
  assert.deepEqual(names(await framesFor({}, { payload: JSON.stringify({ accessToken }) })), OPENING);
  assert.deepEqual(names(await framesFor({ authorization: `Bearer ${accessToken}` })), OPENING);
  const cookie = `access_token=${accessToken}; refresh_token=${refreshToken}`;
  assert.deepEqual(names(await framesFor({ cookie })), OPENING);
});

test("the auth payload goes before cookies", async () => {
  const [ann, bob] = await server.people("Ann", "Bob");
  const cookie = `access_token=${ann.tokens.accessToken}`;
  const frames = await framesFor({ cookie }, { payload: JSON.stringify(bob.tokens) });
  assert.equal(event(frames[1])[1].userId, bob.id);
});

test("tokens in the query are not looked at unless allowed", async () => {
  const [ann] = await server.people("Ann");
  const query = ({ tokens }) => `&accessToken=${tokens.accessToken}&refreshToken=${tokens.refreshToken}`;
  assert.deepEqual(names(await framesFor({}, { query: query(ann) }).then((frames) => frames.slice(0, 2))), ["auth-failure"]);

  const open = await Server.start({ "auth.allow_query_tokens": "true" });
  try {
    const [eve] = await open.people("Eve");
    assert.deepEqual(names(await framesFor({}, { on: open, query: query(eve) })), OPENING);
  } finally {
    await open.close();
  }
});

test("a refresh token alone brings a new access token first, which the client can store", async () => {
  const [ann] = await server.people("Ann");
  const device = ann.device({ auth: { refreshToken: ann.tokens.refreshToken } });
  const told = await device.next("access-token");
  hasKeys(told, "accessToken");
  await device.next("group-chat-list");
  assert.deepEqual(device.untaken, ["user-id", "personal-chat-list"]);
  device.close();

  const cookie = `refresh_token=${ann.tokens.refreshToken}`;
  const frames = await framesFor({ cookie });
  assert.deepEqual(names(frames), ["access-token", ...OPENING]);

  const stored = await server.post("/update-access-token", { acessToken: told.accessToken }, { cookie });
  assert.equal(stored.status, 200);
  assert.equal(stored.body.success, 1);
  assert.equal(stored.cookies.access_token.value, told.accessToken);
  const again = await framesFor({ cookie: `access_token=${told.accessToken}` });
  assert.deepEqual(names(again), OPENING);
});

test("an expired access token with a valid refresh token does the same", async () => {
  const brief = await Server.start({ "auth.access_ttl": "1s" });
  try {
    const [ann] = await brief.people("Ann");
    const { exp } = JSON.parse(Buffer.from(ann.tokens.accessToken.split(".")[1], "base64url"));
    // The clock is what is waited for: nothing announces that a token has expired.
    await new Promise((resolve) => setTimeout(resolve, exp * 1000 - Date.now() + 100));
    const frames = await framesFor({}, { on: brief, payload: JSON.stringify(ann.tokens) });
    assert.deepEqual(names(frames), ["access-token", ...OPENING]);
    const alone = await framesFor({ authorization: `Bearer ${ann.tokens.accessToken}` }, { on: brief });
    assert.equal(event(alone[1])[0], "auth-failure");
  } finally {
    await brief.close();
  }
});

test("a stranger is connected, told why, and disconnected", async () => {
  const strangers = [{}, { authorization: "Bearer nonsense" }, { cookie: "access_token=a.b.c; refresh_token=d" }];
  for (const headers of strangers) {
    const frames = await framesFor(headers);
    assert.equal(frames.length, 3, JSON.stringify(frames));
    hasKeys(JSON.parse(frames[0].slice(2)), "sid");
    const [name, payload] = event(frames[1]);
    assert.equal(name, "auth-failure");
    hasKeys(payload, "reason");
    assert.ok(payload.reason.length > 0);
    assert.equal(frames[2], "41");
  }
});

test("a client sees a stranger's farewell as an event and a disconnect", async () => {
  const [ann] = await server.people("Ann");
  for (const auth of [{}, { accessToken: 5 }, { accessToken: ann.tokens.refreshToken }, { refreshToken: "x".repeat(200) }]) {
    const device = ann.device({ auth });
    hasKeys(await device.next("auth-failure"), "reason");
    assert.equal(await device.next("disconnect"), "io server disconnect");
    assert.deepEqual(device.untaken, []);
  }
});

test("another server's token is a stranger's token", async () => {
  const other = await Server.start();
  try {
    const [eve] = await other.people("Eve");
    const frames = await framesFor({}, { payload: JSON.stringify(eve.tokens) });
    assert.equal(event(frames[1])[0], "auth-failure");
  } finally {
    await other.close();
  }
});

test("strangers get a connect error where the server is set so", async () => {
  const strict = await Server.start({ "auth.refuse_with": "connect_error" });
  try {
    const frames = await framesFor({}, { on: strict });
    assert.equal(frames.length, 1);
    const refusal = JSON.parse(/^44(.*)$/.exec(frames[0])[1]);
    assert.ok(refusal.message.length > 0);
    const [ann] = await strict.people("Ann");
    const device = ann.device({ auth: {} });
    assert.equal(await device.next("connect_error"), refusal.message);
    (await ann.connect()).close();
  } finally {
    await strict.close();
  }
});

test("logout ends the session's sockets and no others", async () => {
  const [ann] = await server.people("Ann");
  const [laptop, second] = [await ann.connect(), await ann.connect()];
  const phone = await (await ann.login()).connect();
  const { refreshToken } = laptop.socket.auth;
  const answer = await server.post("/logout", {}, { cookie: `refresh_token=${refreshToken}` });
  assert.equal(answer.status, 200);
  for (const name of ["access_token", "refresh_token"]) {
    assert.ok(answer.cookies[name].attributes.some((attribute) => /^(Max-Age=0|Expires=Thu, 01 Jan 1970.*)$/i.test(attribute)), name);
  }
  for (const device of [laptop, second]) {
    hasKeys(await device.next("auth-failure"), "reason");
    assert.equal(await device.next("disconnect"), "io server disconnect");
  }
  await phone.quiet();
  phone.close();

  const late = ann.device({ auth: laptop.socket.auth });
  await late.next("auth-failure");
});

test("a socket too many is told so, and older ones stay", async () => {
  const small = await Server.start({ "limits.enabled": "true", "limits.sockets_per_user": "2" });
  try {
    const [ann] = await small.people("Ann");
    const [first, second] = [await ann.connect(), await ann.connect()];
    const third = ann.device();
    assert.deepEqual(await third.next("auth-failure"), { reason: "Too many connections" });
    assert.equal(await third.next("disconnect"), "io server disconnect");
    await first.quiet();
    second.close();
    await first.must("fetch-user-details", {});
  } finally {
    await small.close();
  }
});

test("an unknown namespace is refused and the connection stays usable", async () => {
  const [ann] = await server.people("Ann");
  const polling = await Polling.open(server, { authorization: `Bearer ${ann.tokens.accessToken}` });
  // Some clients ask twice before they have an answer.
  await polling.send("40/nowhere,", "40/nowhere,", "40");
  const frames = await polling.until((packet) => packet.includes("group-chat-list"));
  assert.ok(frames.includes('44/nowhere,{"message":"Invalid namespace"}'), JSON.stringify(frames));
});

test("a handshake with cookies from a foreign page is refused", async () => {
  const [ann] = await server.people("Ann");
  const cookie = `access_token=${ann.tokens.accessToken}`;
  assert.equal((await Polling.open(server, { cookie, origin: "https://elsewhere.example" })).status, 403);
  assert.equal((await Polling.open(server, { cookie, origin: server.url })).status, 200);
});
