// From signing up to logging out, by HTTP and mail alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.mjs";
import { isId } from "./shapes.mjs";

let server, count = 0;
before(async () => (server = await Server.start()));
after(() => server.close());

/// Values for a sign-up that nobody has used.
const newcomer = () => {
  count += 1;
  return { email: `new.${count}@example.org`, password: `a long password ${count}`, name: `New ${count}` };
};

/// The path of the link in the newest mail to an address.
async function link(email) {
  const mail = (await server.mails(email)).at(-1);
  const url = /https?:\/\/\S+?\/verify\?[^\s"<]+/.exec(mail)?.[0].replaceAll("&amp;", "&");
  assert.ok(url, `no link in ${mail}`);
  const { pathname, search } = new URL(url);
  return pathname + search;
}

async function code(email) {
  return /\b\d{6}\b/.exec((await server.mails(email)).at(-1).split(/\r?\n\r?\n/).slice(1).join("\n"))[0];
}

function succeeds({ status, body }) {
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.success, 1);
  assert.ok(body.message.length > 0);
}

function fails({ status, body }, expected, success) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(body.success, success);
  assert.ok(body.message.length > 0);
}

function setsBothCookies({ cookies }) {
  for (const name of ["access_token", "refresh_token"]) {
    const { value, attributes } = cookies[name];
    assert.ok(value.length > 20);
    const [age, ...others] = attributes.toSorted((a, b) => /^Max-Age/.test(b) - /^Max-Age/.test(a));
    assert.match(age, /^Max-Age=[1-9]\d*$/);
    assert.deepEqual(others.sort(), ["HttpOnly", "Path=/", "SameSite=Lax"]);
  }
  assert.ok(cookies.access_token.attributes.includes("Max-Age=900"));
}

test("a browser signs up, follows the link from the mail and is logged in", async () => {
  const { email, password, name } = newcomer();
  succeeds(await server.post("/signup", { email, password, name }));
  fails(await server.post("/login", { email, password }), 403, -2);

  const path = await link(email);
  assert.equal((await fetch(server.url + path, { method: "HEAD" })).status, 200, "a mail scanner's look spends nothing");
  const verified = await server.get(path);
  assert.equal(verified.status, 200);
  assert.match(verified.headers.get("content-type"), /^text\/html/);
  setsBothCookies(verified);

  const again = await server.get(path);
  assert.equal(again.status, 400);
  assert.match(again.headers.get("content-type"), /^text\/html/);

  const login = await server.post("/login", { email, password });
  succeeds(login);
  setsBothCookies(login);
  assert.equal(login.body.accessToken, undefined, "tokens stay out of a browser's reach");

  const cookie = `access_token=${login.cookies.access_token.value}`;
  const me = JSON.parse((await server.get("/me", { cookie })).text);
  assert.equal(me.Name, name);
  assert.equal(me.Email, email);
  isId(me.Id);
});

test("an app signs up with a code from the mail and gets its tokens in the body", async () => {
  const { email, password, name } = newcomer();
  succeeds(await server.post("/signup", { email, password, name, source: "app" }));
  const wrong = await server.get(`/verify?email=${email}&token=x&source=app`);
  fails({ status: wrong.status, body: JSON.parse(wrong.text) }, 400, 0);

  const verified = await server.get(`/verify?email=${email}&token=${await code(email)}&source=app`);
  const body = JSON.parse(verified.text);
  succeeds({ status: verified.status, body });
  assert.ok(body.accessToken && body.refreshToken);

  const login = await server.post("/login", { email: email.toUpperCase(), password, source: "app" });
  succeeds(login);
  const me = await server.get("/me", { authorization: `Bearer ${login.body.accessToken}` });
  assert.equal(JSON.parse(me.text).Email, email);
});

test("a new link ends the older one", async () => {
  const { email, password, name } = newcomer();
  await server.post("/signup", { email, password, name });
  const older = await link(email);
  succeeds(await server.post("/resend", { email }));
  const newer = await link(email);
  assert.notEqual(newer, older);
  assert.equal((await server.get(older)).status, 400);
  assert.equal((await server.get(newer)).status, 200);
});

test("nothing tells a stranger who has an account, and the owner hears of a second sign-up", async () => {
  const [ann] = await server.people("Ann");
  const fresh = await server.post("/signup", newcomer());
  const taken = await server.post("/signup", { email: ann.email, password: "some other password", name: "Ann" });
  assert.deepEqual([taken.status, taken.body], [fresh.status, fresh.body]);
  const mails = await server.mails(ann.email);
  assert.equal(mails.length, 1);
  assert.match(mails[0], /already/i);

  const unknown = await server.post("/login", { email: "nobody@example.org", password: "whatever it is" });
  const wrong = await server.post("/login", { email: ann.email, password: "whatever it is" });
  fails(unknown, 401, 0);
  assert.deepEqual([wrong.status, wrong.body], [unknown.status, unknown.body]);

  const resends = [];
  for (const email of [ann.email, "nobody@example.org"]) resends.push(await server.post("/resend", { email }));
  assert.deepEqual([resends[0].status, resends[0].body], [resends[1].status, resends[1].body]);
});

test("what is told where accounts may be revealed", async () => {
  const open = await Server.start({ "auth.reveal_accounts": "true" });
  try {
    const [ann] = await open.people("Ann");
    const taken = await open.post("/signup", { email: ann.email, password: "some other password", name: "Ann" });
    assert.equal(taken.body.success, 0);
    assert.equal(taken.body.message, "User Already Exists");
  } finally {
    await open.close();
  }
});

test("fields that are missing, wrong or of the wrong type are refused", async () => {
  const good = newcomer();
  const wrong = [
    {},
    { ...good, email: undefined },
    { ...good, email: "no address" },
    { ...good, email: 5 },
    { ...good, password: "short" },
    { ...good, password: "p".repeat(129) },
    { ...good, password: undefined },
    { ...good, name: "" },
    { ...good, name: "n".repeat(65) },
    { ...good, name: ["x"] },
  ];
  for (const body of wrong) fails(await server.post("/signup", body), 400, -1);
  for (const body of [{}, { email: good.email }, { email: 5, password: 5 }, [], null]) fails(await server.post("/login", body), 400, -1);
  for (const body of [{}, { email: 5 }]) assert.equal((await server.post("/resend", body)).status, 400);
});

test("whatever is asked, the answer is JSON with success and message", async () => {
  const json = { "content-type": "application/json" };
  const asks = [
    ["/signup", { method: "POST", headers: json, body: "{not json" }, [400]],
    ["/login", { method: "POST", headers: json, body: "" }, [400]],
    ["/login", { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" }, [400, 415]],
    ["/login", { method: "POST", headers: json, body: `{"x":${"[".repeat(5_000)}` }, [400]],
    ["/login", { method: "POST", headers: json, body: JSON.stringify({ email: "x".repeat(1_000_000) }) }, [400, 413]],
    ["/login", { method: "GET" }, [405]],
    ["/me", { method: "GET" }, [401]],
    ["/no/such/path", { method: "GET" }, [404]],
    ["/no-such-path", { method: "POST", headers: json, body: "{}" }, [404]],
  ];
  for (const [path, options, statuses] of asks) {
    const answer = await fetch(server.url + path, options);
    assert.ok(statuses.includes(answer.status), `${path}: ${answer.status}`);
    assert.match(answer.headers.get("content-type"), /^application\/json/);
    const body = await answer.json();
    assert.equal(typeof body.success, "number", path);
    assert.equal(typeof body.message, "string", path);
  }
});

test("paths may be written in any case and with a slash at the end", async () => {
  const [ann] = await server.people("Ann");
  const { email, password } = ann;
  for (const path of ["/Login", "/LOGIN/", "/login/"]) succeeds(await server.post(path, { email, password }));
  const { status } = await server.get(`/Verify?email=${email}&token=wrong`);
  assert.equal(status, 400);
});

test("an access token is set as a cookie only for its own session", async () => {
  const [ann, eve] = await server.people("Ann", "Eve");
  const refresh = (person) => ({ cookie: `refresh_token=${person.tokens.refreshToken}` });
  const mine = await server.post("/update-access-token", { acessToken: ann.tokens.accessToken }, refresh(ann));
  succeeds(mine);
  assert.equal(mine.cookies.access_token.value, ann.tokens.accessToken);
  fails(await server.post("/update-access-token", { acessToken: eve.tokens.accessToken }, refresh(ann)), 401, 0);
  fails(await server.post("/update-access-token", { acessToken: "a.b.c" }, refresh(ann)), 401, 0);
  fails(await server.post("/update-access-token", { acessToken: ann.tokens.accessToken }), 401, 0);
});

test("logging out ends the session and is kind to those who have none", async () => {
  const [ann] = await server.people("Ann");
  const authorization = `Bearer ${ann.tokens.accessToken}`;
  assert.equal((await server.get("/me", { authorization })).status, 200);
  succeeds(await server.post("/logout", {}, { cookie: `access_token=${ann.tokens.accessToken}` }));
  assert.equal((await server.get("/me", { authorization })).status, 401);
  succeeds(await server.post("/logout", {}));
});

test("who am I, without anything secret", async () => {
  const [ann] = await server.people("Ann");
  const { text } = await server.get("/me", { authorization: `Bearer ${ann.tokens.accessToken}` });
  const { Id, Name, Email, ...rest } = JSON.parse(text);
  assert.deepEqual({ Id, Name, Email }, { Id: ann.id, Name: ann.name, Email: ann.email });
  for (const key of Object.keys(rest)) assert.ok(["success", "message"].includes(key), key);
});

test("too many wrong passwords are slowed down, with the time to wait", async () => {
  const strict = await Server.start({ "limits.enabled": "true" });
  try {
    const answers = [];
    for (let n = 0; n < 8; n += 1) {
      answers.push(await strict.post("/login", { email: "ann@example.org", password: `wrong password ${n}` }));
    }
    const slowed = answers.filter((answer) => answer.status === 429);
    assert.ok(slowed.length > 0 && answers[0].status === 401);
    for (const answer of slowed) assert.equal(answer.body.success, -3);
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ email: "ann@example.org", password: "wrong password" });
    const last = await fetch(`${strict.url}/login`, { method: "POST", headers, body });
    assert.match(last.headers.get("retry-after"), /^[1-9]\d*$/);
  } finally {
    await strict.close();
  }
});

test("no password, token or message is in the log", async () => {
  const loud = await Server.start({}, "debug");
  try {
    const account = { email: "log@example.org", password: "planted-password-9731", name: "Log" };
    await loud.post("/signup", { ...account, source: "app" });
    const [ann] = await loud.people("Ann");
    const device = await ann.connect();
    await device.must("send-self-message", { Content: "planted-message-9731" });
    await loud.post("/login", { email: ann.email, password: "planted-wrong-9731" });
    device.close();
    await loud.close();
    const log = loud.log.join("\n");
    for (const secret of ["9731", ann.password, ann.tokens.accessToken, ann.tokens.refreshToken]) {
      assert.ok(!log.includes(secret));
    }
  } finally {
    await loud.close();
  }
});
