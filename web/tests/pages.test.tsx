// @vitest-environment happy-dom
/** Pages on their own, by role and name: the list's rows, the composer, what is pinned. */
import { signal } from "@preact/signals";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { type Intent, type Outcome, refusedWith } from "../src/model/intent.ts";
import { type Chat, type Message, newChat } from "../src/model/model.ts";
import { ChatRow } from "../src/view/chats/ChatRow.tsx";
import { Composer } from "../src/view/composer/Composer.tsx";
import type { Mode } from "../src/view/composer/mode.ts";
import { Pins } from "../src/view/log/Pins.tsx";
import { stage } from "./stage.tsx";

afterEach(cleanup);

const ME = { id: "me", name: "Me" };
const said = (seq: number, text: string): Message => ({
  id: `m${seq}`,
  seq,
  sender: "ann",
  senderName: "Ann",
  text,
  at: "2026-01-01T11:00:00.000Z",
  rev: 0,
});
const band: Chat = { ...newChat("c", "Group", "Band"), rev: 0, lastSeq: 1, last: said(1, "half past six") };

test("a row is named by its chat and what waits, and described by what was said last", async () => {
  const { show, model } = await stage({ me: ME });
  show(<ChatRow chat={band} isOpen={false} onActions={() => undefined} />);
  screen.getByRole("link", { name: "Band", description: "Ann: half past six" });
  cleanup();
  show(<ChatRow chat={{ ...band, unread: 3, mentioned: 1 }} isOpen={false} onActions={() => undefined} />);
  screen.getByRole("link", { name: "Band, 3 unread, mentioned" });
  cleanup();
  model.value = { ...model.value, drafts: { c: "I will" } };
  show(<ChatRow chat={{ ...band, unread: 1000 }} isOpen={false} onActions={() => undefined} />);
  screen.getByRole("link", { name: "Band, 1000+ unread", description: "Draft: I will" });
});

async function composing(mode: Mode | undefined = undefined, answer?: (intent: Intent) => Outcome | undefined) {
  const all = await stage({ me: ME, chats: { c: band } }, answer);
  const at = signal<Mode | undefined>(mode);
  all.show(<Composer chat={band} mode={at} />);
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message Band" });
  const sent = () => all.wanted.filter((intent) => intent.want === "send" || intent.want === "edit");
  return { ...all, at, field, sent };
}

test("Enter sends, Shift Enter and an input method's Enter do not", async () => {
  const { field, sent } = await composing();
  fireEvent.input(field, { target: { value: "hello" } });
  fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
  fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
  expect(sent()).toEqual([]);
  fireEvent.keyDown(field, { key: "Enter" });
  expect(sent()).toEqual([{ want: "send", chat: "c", text: "hello" }]);
});

test("after an @ Enter chooses whom one means, and sends once the name stands", async () => {
  const { field, sent } = await composing();
  fireEvent.input(field, { target: { value: "hello @al" } });
  await screen.findByRole("option", { name: "all" });
  fireEvent.keyDown(field, { key: "Enter" });
  expect([field.value, sent()]).toEqual(["hello @all ", []]);
  fireEvent.input(field, { target: { value: "hello @all" } });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(sent()).toEqual([{ want: "send", chat: "c", text: "hello @all", mentions: ["all"] }]);
});

test("a text over the limit says by how much, and is not sent", async () => {
  const { field, sent } = await composing();
  fireEvent.input(field, { target: { value: `${"ä".repeat(8_192)}x` } });
  await screen.findByText("Too long by 1 byte");
  expect(screen.getByRole("button", { name: "Send" }).getAttribute("aria-disabled")).toBe("true");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(sent()).toEqual([]);
});

const mending = { seq: 1, edits: 0, was: "half past six", text: "half past six", hasFiles: false };

test("what is typed at once while a text is mended stays", async () => {
  const { app, field, sent, model } = await composing();
  await app.want({ want: "mend", chat: "c", mending });
  await screen.findByRole("group", { name: "Editing" });
  expect(field.value).toBe("half past six");
  fireEvent.input(field, { target: { value: "half past seven" } });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(sent()).toEqual([{ want: "edit", chat: "c", seq: 1, text: "half past seven", edits: 0, mentions: [] }]);
  await vi.waitFor(() => expect(model.value.mendings).toEqual({}));
});

test("a mended text that is refused stays in the field, with the reason, and the draft beside it", async () => {
  const { app, field, model } = await composing(undefined, (intent) =>
    intent.want === "edit" ? refusedWith("expired") : undefined,
  );
  fireEvent.input(field, { target: { value: "a new thought" } });
  await app.want({ want: "mend", chat: "c", mending });
  await screen.findByRole("group", { name: "Editing" });
  fireEvent.input(field, { target: { value: "half past seven" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe("Not saved: It is too late for this.");
  expect(field.value).toBe("half past seven");
  expect(model.value.mendings["c"]).toMatchObject({ text: "half past seven", refused: "expired" });
  fireEvent.click(screen.getByRole("button", { name: "Cancel editing" }));
  await vi.waitFor(() => expect(field.value).toBe("a new thought"));
});

test("what is pinned is counted, and nothing stands where nothing is", async () => {
  const { show, place } = await stage({ me: ME });
  show(<Pins chat={{ ...band, pins: [] }} />);
  expect(screen.queryByRole("button")).toBeNull();
  cleanup();
  const hidden = { ...said(2, "hidden"), mine: { own: 1, reactions: [], starred: false, hidden: true } };
  show(<Pins chat={{ ...band, pins: [said(3, "bring oil"), hidden] }} />);
  fireEvent.click(screen.getByRole("button", { name: "1 pinned" }));
  await screen.findByRole("dialog", { name: "Pinned messages" });
  fireEvent.click(screen.getByRole("link", { name: "bring oil" }));
  expect(place.value).toEqual({ at: "chat", chat: "c", seq: 3 });
});
