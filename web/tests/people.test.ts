/** Whom one blocked, and what people say of themselves. */
import { expect, test } from "vitest";
import { type Message, newChat } from "../src/model/model.ts";
import { statusOf } from "../src/model/people.ts";
import { hindranceOf } from "../src/model/rules.ts";
import { Store } from "../src/model/store.ts";
import { decode } from "../src/wire/decode.ts";

const NOW = Date.parse("2026-01-01T12:00:00.000Z");

function begun(): Store {
  const store = new Store();
  store.tell({ is: "me", me: { id: "me", name: "Me" } });
  const band = {
    ...newChat("band", "Group", "Band"),
    members: [{ id: "ann", name: "Ann", role: "Member" as const, rev: 1 }],
  };
  const ann = { ...newChat("c", "Personal", "Ann"), partner: "ann" };
  store.tell({ is: "loaded", chats: [ann, band], pending: [], drafts: {} });
  return store;
}

const hear = (store: Store, event: string, payload: object) => {
  const heard = decode(event, payload, store.model.me, 0);
  if (heard?.is === "fact") store.tell(heard.fact);
};

const message = (seq: number): Message => ({
  id: `m${seq}`,
  seq,
  sender: "ann",
  senderName: "Ann",
  text: "@all",
  at: "2026-01-01T11:00:00.000Z",
  rev: 0,
  mentions: ["all"],
});

test("whom one blocked one cannot write to, and they call nobody", () => {
  const store = begun();
  const hindered = () => {
    const chat = store.model.chats["c"];
    return chat === undefined ? undefined : hindranceOf(store.model, chat, NOW);
  };
  expect(hindered()).toBeUndefined();
  hear(store, "user-blocked", { User: "ann", On: true });
  expect(hindered()).toEqual({ is: "blocked" });
  store.tell({ is: "said", chat: "band", kind: "Group", message: message(1) });
  expect(store.model.chats["band"]).toMatchObject({ unread: 1, mentioned: 0 });
  hear(store, "user-blocked", { User: "ann", On: false });
  store.tell({ is: "said", chat: "band", kind: "Group", message: message(2) });
  expect(store.model.chats["band"]).toMatchObject({ unread: 2, mentioned: 1 });
  expect(hindered()).toBeUndefined();
});

test("who was refused as blocked reads so until it is sent or discarded", () => {
  const store = begun();
  store.tell({ is: "queued", pending: { clientId: "x", chat: "c", text: "hello?", at: message(1).at } });
  store.tell({ is: "refused", clientId: "x", reason: "blocked" });
  const hindered = () => {
    const chat = store.model.chats["c"];
    return chat === undefined ? undefined : hindranceOf(store.model, chat, NOW)?.is;
  };
  expect(hindered()).toBe("blocked");
  store.tell({ is: "discarded", clientId: "x" });
  expect(hindered()).toBeUndefined();
});

test("whoever has another name has it in chats and groups", () => {
  const store = begun();
  hear(store, "profile-changed", { Profile: { _id: "ann", Name: "Anna", Bio: "Lamps.", Status: "out" } });
  const { chats, profiles } = store.model;
  expect(chats["c"]?.name).toBe("Anna");
  expect(chats["band"]?.members.map(({ name }) => name)).toEqual(["Anna"]);
  expect(chats["band"]?.name).toBe("Band");
  expect(profiles["ann"]).toEqual({ id: "ann", name: "Anna", bio: "Lamps.", status: "out" });
  hear(store, "profile-changed", { Profile: { _id: "me", Name: "Myself" } });
  expect(store.model.me?.name).toBe("Myself");
});

test("a status holds until its end", () => {
  const profile = { id: "ann", name: "Ann", status: "out", statusUntil: new Date(NOW).toISOString() };
  expect(statusOf(profile, NOW - 1)).toBe("out");
  expect(statusOf(profile, NOW)).toBeUndefined();
  expect(statusOf({ id: "ann", name: "Ann", status: "out" }, NOW)).toBe("out");
});
