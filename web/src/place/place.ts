/** Where one is, as a value: what an address means, and which address means it. */

export type Place =
  | { readonly at: "chats" }
  | { readonly at: "signup" }
  | { readonly at: "verify" }
  | { readonly at: "login" }
  | { readonly at: "forgot" }
  | { readonly at: "chat"; readonly chat: string; readonly seq?: number; readonly details?: boolean }
  | { readonly at: "new" }
  | { readonly at: "new-group" }
  | { readonly at: "settings" }
  | { readonly at: "starred" }
  /** Messages that were looked for. */
  | { readonly at: "search"; readonly text: string }
  | { readonly at: "join"; readonly token: string }
  | { readonly at: "nowhere" };

const SIMPLE = ["signup", "verify", "login", "forgot", "new", "new-group", "settings", "starred"] as const;
type Simple = (typeof SIMPLE)[number];

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const TOKEN = /^[A-Za-z0-9_.~-]{1,512}$/;
const SEQ = /^[1-9][0-9]{0,14}$/;

/** What a path means, and for some what stands behind the #, which no server sees. */
export function placeOf(address: string): Place {
  const [path = "", ...fragment] = address.split("#");
  const [first, second, third, ...rest] = path.split("/").filter((part) => part !== "");
  if (first === undefined) return { at: "chats" };
  if (first === "join" && second !== undefined && third === undefined && TOKEN.test(second))
    return { at: "join", token: second };
  if (first !== "app" || rest.length > 1) return { at: "nowhere" };
  if (second === undefined) return { at: "chats" };
  if (second === "search" && third === undefined) return { at: "search", text: readable(fragment.join("#")) };
  if (second === "chat") return chatOf(third, rest[0]);
  const simple = SIMPLE.find((name) => name === second);
  return simple !== undefined && third === undefined ? { at: simple } : { at: "nowhere" };
}

/** What somebody typed there by hand may be no code. */
function readable(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

function chatOf(chat: string | undefined, part: string | undefined): Place {
  if (chat === undefined || !ID.test(chat)) return { at: "nowhere" };
  if (part === undefined) return { at: "chat", chat };
  if (part === "details") return { at: "chat", chat, details: true };
  return SEQ.test(part) ? { at: "chat", chat, seq: Number(part) } : { at: "nowhere" };
}

/** The path that means a place. */
export function pathOf(place: Place): string {
  switch (place.at) {
    case "chats":
    case "nowhere":
      return "/app/";
    case "chat": {
      const base = `/app/chat/${place.chat}`;
      if (place.details === true) return `${base}/details`;
      return place.seq === undefined ? base : `${base}/${place.seq}`;
    }
    case "search":
      return place.text === "" ? "/app/search" : `/app/search#${encodeURIComponent(place.text)}`;
    case "join":
      return `/join/${place.token}`;
    default:
      return `/app/${place.at satisfies Simple}`;
  }
}

/** Places for those who are not logged in. */
export function isOutside(place: Place): boolean {
  return place.at === "signup" || place.at === "verify" || place.at === "login" || place.at === "forgot";
}

/** Where a dialog or a page leads when it is closed and nothing lies below it. */
export function parentOf(place: Place): Place {
  return place.at === "chat" && (place.details === true || place.seq !== undefined)
    ? { at: "chat", chat: place.chat }
    : { at: "chats" };
}

export function samePlace(one: Place, other: Place): boolean {
  return one.at === other.at && pathOf(one) === pathOf(other);
}
