/** Accounts, over HTTP. Cookies travel by themselves; no token passes through here but one that the socket hands over. */
import type { About, Device, Gift, Outcome } from "../model/intent.ts";
import { done, refusedWith } from "../model/intent.ts";
import type { Person } from "../model/model.ts";
import { count, countIf, type Fields, fields, flag, list, some, text, textIf } from "./shapes.ts";

export interface Http {
  me(): Promise<
    { readonly state: "in"; readonly me: Person; readonly email: string } | { readonly state: "out" | "unknown" }
  >;
  post(path: string, body: object): Promise<Outcome>;
  about(): Promise<Outcome>;
  devices(): Promise<Outcome>;
  remove(path: string, body?: object): Promise<Outcome>;
}

const PATIENCE = 15_000;

export class FetchHttp implements Http {
  async me(): ReturnType<Http["me"]> {
    const { status, body } = await call("GET", "/me");
    if (status === 200)
      return { state: "in", me: { id: text(body, "Id"), name: text(body, "Name") }, email: text(body, "Email") };
    return { state: status === 401 ? "out" : "unknown" };
  }

  async post(path: string, body: object): Promise<Outcome> {
    return outcome(await call("POST", path, body), () => ({}));
  }

  async about(): Promise<Outcome> {
    return outcome(await call("GET", "/about"), (body) => ({ about: aboutOf(body) }));
  }

  async devices(): Promise<Outcome> {
    return outcome(await call("GET", "/sessions"), (body) => ({ devices: list(body, "Sessions", deviceOf) }));
  }

  async remove(path: string, body?: object): Promise<Outcome> {
    return outcome(await call("DELETE", path, body), () => ({}));
  }
}

interface Reply {
  readonly status: number;
  readonly body: Fields;
  readonly retryAfter?: number;
}

async function call(method: string, path: string, body?: object): Promise<Reply> {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(path, {
      method,
      headers,
      signal,
      credentials: "same-origin",
      cache: "no-store",
      ...sent,
    });
    const wait = Number(response.headers.get("retry-after"));
    return { status: response.status, body: fields(await response.json()), ...(wait > 0 ? { retryAfter: wait } : {}) };
  } catch {
    return { status: 0, body: {} };
  }
}

function outcome(reply: Reply, gift: (body: Fields) => Gift): Outcome {
  if (reply.status === 200 && reply.body["success"] === 1) return done(gift(reply.body));
  return refusedWith(
    reply.status === 0 ? "offline" : String(reply.status),
    textIf(reply.body, "message"),
    reply.retryAfter,
  );
}

function aboutOf(body: Fields): About {
  const limits = fields(body["Limits"]);
  const outbox = textIf(body, "Outbox");
  return {
    contentBytes: count(limits, "ContentBytes"),
    nameCharacters: count(limits, "NameCharacters"),
    groupMembers: count(limits, "GroupMembers"),
    ...some({ editWindow: countIf(limits, "EditWindow"), deleteWindow: countIf(limits, "DeleteWindow") }),
    ...some({ attachments: countIf(limits, "Attachments"), fileBytes: countIf(limits, "FileBytes") }),
    ...(outbox === undefined ? {} : { outbox }),
  };
}

function deviceOf(row: Fields): Device {
  return {
    id: text(row, "Id"),
    current: flag(row, "Current"),
    seenAt: text(row, "LastSeenAt"),
    agent: textIf(row, "UserAgent") ?? "",
  };
}
