// Who gets a file: whoever may read a message with it at that moment, and the uploader as long as there is one, by every route alike.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { GLASS, png } from "./png.mjs";
import { NOBODY, Stage } from "./room.mjs";
import { attached, bearer, cookie, http, isRefused, upload, uploadText } from "./uploads.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

const picture = () => upload(stage.server, stage.ann, png(30, 30, { right: GLASS }), { name: "picture.png" });

/// Every way to a file's bytes, as method, path and further headers; and what each answers to those who may.
const WAYS = (File, etag) => [
  ["GET", File.Url, {}, 200],
  ["HEAD", File.Url, {}, 200],
  ["GET", `${File.Url}?download=1`, {}, 200],
  ["GET", File.Url, { range: "bytes=0-0" }, 206],
  ["GET", File.Url, { range: "bytes=999999-" }, 416],
  ["GET", File.Url, { "if-none-match": etag ?? "*" }, 304],
  ["HEAD", File.Url, { "if-none-match": "*" }, 304],
  ["GET", File.ThumbnailUrl, {}, 200],
  ["HEAD", File.ThumbnailUrl, {}, 200],
  ["GET", File.ThumbnailUrl, { "if-none-match": "*" }, 304],
];

/// What differs from answer to answer.
const steady = ({ status, headers, bytes }) => {
  const { date, "x-request-id": id, ...rest } = headers;
  return { status, headers: rest, body: bytes.toString() };
};

/// This person gets the file, or is answered as if there were none, by every route and login.
async function gets(person, File, allowed, why, etag) {
  const { server } = stage;
  const nothing = { Url: `/files/${NOBODY}`, ThumbnailUrl: `/files/${NOBODY}/thumbnail` };
  const unknown = WAYS(nothing, etag);
  for (const [n, [method, path, more, status]] of WAYS(File, etag).entries()) {
    for (const login of [bearer(person), cookie(person)]) {
      const answer = await http(server, method, path, { headers: { ...login, ...more } });
      const what = `${why}: ${method} ${path} ${JSON.stringify(more)} by ${person.name}`;
      assert.equal(answer.status, allowed ? status : 404, what);
      if (allowed) continue;
      const [, other] = unknown[n];
      assert.deepEqual(steady(answer), steady(await http(server, method, other, { headers: { ...login, ...more } })), what);
    }
  }
}

/// Who of the people gets the file, and who does not.
async function isFor(File, allowed, why) {
  const etag = (await http(stage.server, "GET", File.Url, { headers: bearer(stage.ann) })).headers.etag;
  for (const [name, may] of Object.entries(allowed)) await gets(stage[name], File, may, why, etag);
}

/// What becomes of a file that Ann brought and said to a group with Bob and Cat. Each step says who gets the file after it.
const STORIES = {
  "nothing holds it": [[async () => {}, { ann: true, bob: false, cat: false, eve: false }]],
  "a message holds it": ["said", [async () => {}, { ann: true, bob: true, cat: true, eve: false }]],
  "somebody is removed": [
    "said",
    [({ phone, room }) => phone.must("kickout", { ...room.name, Member: stage.cat.id }), { ann: true, bob: true, cat: false }],
    [({ phone, room }) => phone.must("add-member", { ...room.name, Member: stage.cat.id }), { ann: true, bob: true, cat: false }],
  ],
  "somebody is banned": [
    "said",
    [({ phone, room }) => phone.must("ban-member", { ChatId: room.ChatId, Member: stage.bob.id }), { ann: true, bob: false, cat: true }],
  ],
  "somebody leaves": ["said", [({ bobs, room }) => bobs.must("leave-grp", room.name), { ann: true, bob: false, cat: true }]],
  "the uploader leaves": [
    "said",
    [({ phone, room }) => phone.must("change-admin", { ...room.name, Member: stage.bob.id }), { ann: true, bob: true, cat: true }],
    [({ phone, room }) => phone.must("leave-grp", room.name), { ann: true, bob: true, cat: true, eve: false }],
    [({ bobs, room }) => bobs.must("delete-message", { ChatId: room.ChatId, Seq: 1 }), { ann: false, bob: false, cat: false }],
  ],
  "the uploader is removed": [
    "said",
    [({ phone, room }) => phone.must("change-admin", { ...room.name, Member: stage.bob.id }), { ann: true }],
    [({ bobs, room }) => bobs.must("kickout", { ...room.name, Member: stage.ann.id }), { ann: true, bob: true, cat: true }],
  ],
  "somebody comes later": [
    "said",
    [({ phone, room }) => phone.must("add-member", { ...room.name, Member: stage.eve.id }), { ann: true, bob: true, eve: false }],
    [({ phone, room, File }) => phone.must(room.send, { ...room.name, Content: "again", ...attached(File) }), { ann: true, bob: true, eve: true }],
  ],
  "somebody comes later and the history is open": [
    "said",
    [
      async ({ phone, room }) => {
        await phone.must("edit-group", { ChatId: room.ChatId, Settings: { OpenHistory: true } });
        await phone.must("add-member", { ...room.name, Member: stage.eve.id });
      },
      { ann: true, bob: true, eve: true },
    ],
  ],
  "somebody hides the message": ["said", [({ bobs, room }) => bobs.must("hide-message", { ChatId: room.ChatId, Seq: 1 }), { ann: true, bob: true, cat: true }]],
  "somebody clears the chat": [
    "said",
    [({ bobs, room }) => bobs.must("clear-chat", { ChatId: room.ChatId }), { ann: true, bob: false, cat: true }],
    [({ phone, room }) => phone.must("clear-chat", { ChatId: room.ChatId }), { ann: true, bob: false, cat: true }],
  ],
  "the message is deleted": ["said", [({ phone, room }) => phone.must("delete-message", { ChatId: room.ChatId, Seq: 1 }), { ann: false, bob: false, cat: false, eve: false }]],
  "the group is deleted": ["said", [({ phone, room }) => phone.must("delete-grp", room.name), { ann: false, bob: false, cat: false }]],
  "it was forwarded, and the first message is deleted": [
    "said",
    [({ bobs, room }) => bobs.must("forward-message", { ChatId: room.ChatId, Seq: 1, To: stage.bob.id }), { ann: true, bob: true, cat: true }],
    [({ phone, room }) => phone.must("delete-message", { ChatId: room.ChatId, Seq: 1 }), { ann: true, bob: true, cat: false }],
    [({ bobs, Notes }) => bobs.must("delete-message", Notes()), { ann: false, bob: false, cat: false }],
  ],
};

for (const [why, steps] of Object.entries(STORIES)) {
  test(`who gets a file: ${why}`, async () => {
    const { bob } = stage;
    const room = await stage.room("Group");
    const [[phone], [bobs]] = room.devices;
    const File = await picture();
    const newest = (await bobs.must("fetch-chat", { ChatId: bob.id })).LastSeq;
    const Notes = () => ({ ChatId: bob.id, Seq: newest + 1 });
    const said = async () => {
      const { Seq } = await room.say(phone, "", attached(File));
      assert.equal(Seq, 1);
    };
    for (const [n, step] of steps.entries()) {
      const [does, allowed] = step === "said" ? [said, {}] : step;
      await does({ room, phone, bobs, File, Notes });
      await isFor(File, allowed, `${why}, step ${n}`);
    }
    room.leave();
  });
}

test("whoever blocks or is blocked keeps what was said", async () => {
  const { server } = stage;
  const people = await server.people("Dan", "Eli");
  const room = await stage.room("Personal", people);
  const [[phone], [elis]] = room.devices;
  const [dan, eli] = people;
  const File = await upload(server, dan, png(30, 30));
  await room.say(phone, "", attached(File));
  for (const [device, other] of [[phone, eli], [elis, dan]]) await device.must("block-user", { User: other.id, On: true });
  for (const person of people) await gets(person, File, true, "blocked");
  await gets(stage.eve, File, false, "a stranger");
  room.leave();
});

test("only the uploader is told that a file is held", async () => {
  const { server, ann, bob, eve } = stage;
  const room = await stage.room("Group");
  const { File } = await uploadText(server, ann);
  const removal = (person) => http(server, "DELETE", `/files/${File.Id}`, { headers: bearer(person) });
  for (const person of [bob, eve]) isRefused(await removal(person), 404, "before");
  await room.say(room.devices[0][0], "", attached(File));
  for (const person of [bob, eve]) isRefused(await removal(person), 404, "held");
  isRefused(await removal(ann), 409);
  await gets(bob, { ...File, ThumbnailUrl: File.Url }, true, "nothing was removed");
  room.leave();
});

test("a login that has ended gets nothing any more", async () => {
  const { server } = stage;
  const [dan] = await server.people("Dan");
  const { File } = await uploadText(server, dan);
  const login = { authorization: `Bearer ${dan.tokens.accessToken}` };
  assert.equal((await http(server, "GET", File.Url, { headers: login })).status, 200);
  await server.post("/logout", {}, { cookie: `access_token=${dan.tokens.accessToken}; refresh_token=${dan.tokens.refreshToken}`, origin: server.url });
  for (const headers of [login, cookie(dan)]) isRefused(await http(server, "GET", File.Url, { headers }), 401);
});

test("files of those who ended their account stay with the messages that hold them, and no others", async () => {
  const { server, ann } = stage;
  const [dan] = await server.people("Dan");
  const room = await stage.room("Group", [ann, dan]);
  const [[phone], [dans]] = room.devices;
  const held = await upload(server, dan, png(20, 20));
  const noted = await upload(server, dan, png(20, 20));
  await room.say(dans, "", attached(held));
  await dans.must("send-self-message", { Content: "", ...attached(noted) });
  await dans.must("edit-profile", { Avatar: (await upload(server, dan, png(21, 21))).Id });
  const headers = { ...bearer(dan), "content-type": "application/json" };
  const ended = await http(server, "DELETE", "/me", { headers, body: JSON.stringify({ currentPassword: dan.password }) });
  assert.equal(ended.status, 200, ended.bytes.toString());
  await gets(ann, held, true, "its message is there");
  await gets(ann, noted, false, "notes end with their owner");
  isRefused(await http(server, "GET", held.Url, { headers: bearer(dan) }), 401);
  await phone.must("delete-message", { ChatId: room.ChatId, Seq: 1 });
  await gets(ann, held, false, "the message is gone");
  room.leave();
});
