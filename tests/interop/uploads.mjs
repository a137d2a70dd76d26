// Files by HTTP, byte by byte as they travel: how a test brings them to the server and gets them back.
import assert from "node:assert/strict";
import { request } from "node:http";

import { hasKeys, isId } from "./shapes.mjs";

/// How each status is told in a body.
const TOLD = {
  400: ["bad_request", -1],
  401: ["unauthorized", 0],
  403: ["forbidden", 0],
  404: ["not_found", 0],
  409: ["conflict", 0],
  413: ["too_large", -1],
  415: ["unsupported", -1],
  429: ["rate_limited", -3],
  503: [undefined, -4],
};

export const bearer = (person) => ({ authorization: `Bearer ${person.tokens.accessToken}` });
export const cookie = (person) => ({ cookie: `access_token=${person.tokens.accessToken}; refresh_token=${person.tokens.refreshToken}` });

/// One request on a connection of its own. Headers go as they are given, and nothing is unfolded or followed.
export function http(server, method, path, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const told = body === undefined || "content-length" in headers || "transfer-encoding" in headers;
    const all = told ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
    const asked = request(server.url + path, { method, headers: all, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

export const json = ({ bytes }) => JSON.parse(bytes.toString());

const query = (fields) => {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
};

/// Brings bytes to the server, whatever comes of it.
export function bring(server, person, bytes, { name, duration, headers = {} } = {}) {
  const length = { "content-length": bytes.length };
  return http(server, "POST", `/files${query({ name, duration })}`, { headers: { ...bearer(person), ...length, ...headers }, body: bytes });
}

/// Brings bytes that must be taken, and returns the file.
export async function upload(server, person, bytes, more) {
  const answer = await bring(server, person, bytes, more);
  assert.equal(answer.status, 200, `an upload of ${bytes.length} bytes: ${answer.bytes.toString().slice(0, 300)}`);
  const body = json(answer);
  hasKeys(body, "success", "message", "File");
  assert.equal(body.success, 1);
  isId(body.File.Id);
  return body.File;
}

/// A request for a file, or for what stands at `path`.
export const get = (server, person, path, headers = {}) => http(server, "GET", path, { headers: { ...(person && bearer(person)), ...headers } });

export const remove = (server, person, { Id }) => http(server, "DELETE", `/files/${Id}`, { headers: bearer(person) });

/// A refusal: its status, and a body that says the same.
export function isRefused(answer, status, why = "") {
  const what = `${why} ${answer.status} ${answer.bytes.toString().slice(0, 200)}`;
  assert.equal(answer.status, status, what);
  const { success, message, Code, ...more } = json(answer);
  const [code, number] = TOLD[status];
  if (code) assert.equal(Code, code, what);
  assert.deepEqual([success, typeof message, more], [number, "string", {}], what);
  assert.match(answer.headers["content-type"], /^application\/json/);
}

/// What somebody gets at this path: the bytes, or undefined where there is nothing for them.
export async function bytesFor(server, person, path) {
  const answer = await get(server, person, path);
  if (answer.status === 200) return answer.bytes;
  isRefused(answer, 404, path);
  return undefined;
}

let texts = 0;

/// A text file of its own, so that no two have the same bytes.
export async function uploadText(server, person, name = "notes.txt") {
  const bytes = Buffer.from(`text ${(texts += 1)} of ${process.pid}`);
  return { bytes, File: await upload(server, person, bytes, { name }) };
}

/// How `Attachments` names files.
export const attached = (...files) => ({ Attachments: files.map(({ Id }) => ({ Id })) });
