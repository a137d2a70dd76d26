/** What one lets others know: read from the server, set at once, and taken back where it is refused. */
import { expect, test } from "vitest";
import type { Intent } from "../src/model/intent.ts";
import type { Privacy } from "../src/model/model.ts";
import { Store } from "../src/model/store.ts";
import { Profiles } from "../src/sync/profiles.ts";
import { decode } from "../src/wire/decode.ts";
import type { Answer } from "../src/wire/socket.ts";

const told = { Presence: "Everyone", AddToGroups: "Contacts", ReadReceipts: true, Typing: false };
const known: Privacy = { presence: "Everyone", addToGroups: "Contacts", readReceipts: true, typing: false };
const wanted: Extract<Intent, { want: "setPrivacy" }> = { want: "setPrivacy", change: { readReceipts: false } };

function setting(answer: Answer) {
  const store = new Store();
  store.tell({ is: "privacy", privacy: known });
  const seen: (boolean | undefined)[] = [];
  store.listen((model) => seen.push(model.privacy?.readReceipts));
  const asked: object[] = [];
  const ask = async (event: string, payload: object) => {
    asked.push([event, payload]);
    return answer;
  };
  const profiles = new Profiles(store, { isOpen: true, open: () => undefined, close: () => undefined, ask });
  return { profiles, seen, asked, store };
}

test("what one allows is heard, from whatever event", () => {
  for (const event of ["user-details", "privacy-changed"]) {
    expect(decode(event, { Privacy: told }, undefined, 0)).toEqual({
      is: "fact",
      fact: { is: "privacy", privacy: known },
    });
  }
  expect(() => decode("privacy-changed", { Privacy: { ...told, Presence: "Some" } }, undefined, 0)).toThrow(/Presence/);
});

test("what is set stands at once, and is what the server says then", async () => {
  const { profiles, seen, asked, store } = setting({
    ok: true,
    body: { Privacy: { ...told, ReadReceipts: false, Typing: true } },
  });
  expect((await profiles.want(wanted)).ok).toBe(true);
  expect(asked).toEqual([["set-privacy", { ReadReceipts: false }]]);
  expect(seen[0]).toBe(false);
  expect(store.model.privacy).toEqual({ ...known, readReceipts: false, typing: true });
});

test("what is refused is taken back", async () => {
  const { profiles, seen } = setting({ ok: false, refusal: { code: "busy", message: "" } });
  expect((await profiles.want(wanted)).ok).toBe(false);
  expect(seen).toEqual([false, true]);
});
