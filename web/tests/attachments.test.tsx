// @vitest-environment happy-dom
/** Files in lines, beside the text and alone, by role and name. */
import { signal } from "@preact/signals";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import type { Attachment, Upload } from "../src/model/attachment.ts";
import { type Chat, newChat } from "../src/model/model.ts";
import { Composer } from "../src/view/composer/Composer.tsx";
import type { Mode } from "../src/view/composer/mode.ts";
import { Attachments } from "../src/view/log/Attachments.tsx";
import { Viewer } from "../src/view/viewer/Viewer.tsx";
import { stage } from "./stage.tsx";

afterEach(cleanup);

const file = (id: string, name: string, type: string): Attachment => ({
  id,
  name,
  type,
  size: 2_400_000,
  url: `/files/${id}`,
});
const picture = (id: string, name: string): Attachment => ({
  ...file(id, name, "image/png"),
  width: 800,
  height: 600,
  thumbnail: `/files/${id}/thumbnail`,
});

test("a line has its pictures with their size, players with names, and downloads with theirs", async () => {
  const { app, show } = await stage();
  const viewed: string[] = [];
  const act = { view: (id: string) => viewed.push(id) } as never;
  const files = [
    picture("f1", "stage.png"),
    file("f2", "plan.pdf", "application/pdf"),
    file("f3", "song.ogg", "audio/ogg"),
  ];
  const { words, say } = app.speech.value;
  const { container } = show(<Attachments seq={1} files={files} isActive words={words} say={say} act={act} />);
  const link = screen.getByRole("link", { name: "Image stage.png" });
  const image = link.querySelector("img");
  expect([image?.getAttribute("src"), image?.width, image?.height]).toEqual(["/files/f1/thumbnail", 320, 240]);
  fireEvent.click(link);
  expect(viewed).toEqual(["f1"]);
  const download = screen.getByRole<HTMLAnchorElement>("link", { name: "Download plan.pdf, 2.4 MB" });
  expect(download.getAttribute("href")).toBe("/files/f2?download=1");
  expect(container.querySelector("audio")?.getAttribute("aria-label")).toBe("song.ogg");
  screen.getByRole("link", { name: "Download song.ogg, 2.4 MB" });
});

test("a picture that is not there yet looks as its blurhash says, and is alone once it is there", async () => {
  const { app, show } = await stage();
  const { words, say } = app.speech.value;
  const files = [{ ...picture("f1", "stage.png"), blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj" }];
  const { container } = show(
    <Attachments seq={1} files={files} isActive words={words} say={say} act={{ saw: () => undefined } as never} />,
  );
  const link = screen.getByRole("link", { name: "Image stage.png" });
  expect(container.querySelector("canvas")).not.toBeNull();
  expect(link.style.backgroundColor).not.toBe("");
  fireEvent.load(link.querySelector("img") as HTMLImageElement);
  await vi.waitFor(() => expect(container.querySelector("canvas")).toBeNull());
  expect(link.style.backgroundColor).toBe("");
});

test("arrows lead through the pictures, and a picture that goes closes them", async () => {
  const { show } = await stage();
  const at = vi.fn();
  const pictures = [picture("f1", "a.png"), picture("f2", "b.png")];
  show(<Viewer pictures={pictures} file="f1" onView={at} onSaw={() => undefined} />);
  screen.getByRole("heading", { name: "a.png" });
  fireEvent.keyDown(document, { key: "ArrowRight" });
  expect(at).toHaveBeenLastCalledWith("f2");
  fireEvent.keyDown(document, { key: "ArrowLeft" });
  expect(at).toHaveBeenCalledTimes(1);
  cleanup();
  show(<Viewer pictures={pictures.slice(1)} file="f1" onView={at} onSaw={() => undefined} />);
  await vi.waitFor(() => expect(at).toHaveBeenLastCalledWith(undefined));
});

const band: Chat = { ...newChat("c", "Group", "Band"), rev: 0 };
const waiting: Upload = { key: "k", name: "plan.pdf", type: "application/pdf", size: 3000, share: 0.4 };

async function composing(tray: readonly Upload[]) {
  const all = await stage({ me: { id: "me", name: "Me" }, chats: { c: band }, trays: { c: tray } });
  all.show(<Composer chat={band} mode={signal<Mode | undefined>(undefined)} />);
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message Band" });
  return { ...all, field, sent: () => all.wanted.filter(({ want }) => want === "send") };
}

test("files stand beside the text, can be removed, and are sent without one", async () => {
  const { wanted, field, sent } = await composing([waiting]);
  const item = screen.getByRole("listitem", { name: "plan.pdf" });
  expect(item.closest("ul")?.getAttribute("aria-label")).toBe("Attachments");
  expect(screen.getByRole<HTMLProgressElement>("progressbar", { name: "plan.pdf" }).value).toBe(0.4);
  fireEvent.keyDown(field, { key: "Enter" });
  expect(sent()).toEqual([{ want: "send", chat: "c", text: "" }]);
  fireEvent.click(screen.getByRole("button", { name: "Remove plan.pdf" }));
  expect(wanted).toContainEqual({ want: "detach", chat: "c", key: "k" });
});

test("what was refused says why, and holds up the message until it is removed or tried again", async () => {
  const { field, wanted, sent } = await composing([
    { ...waiting, refused: "file_415" },
    { ...waiting, key: "l", refused: "file_lost" },
  ]);
  screen.getByText("Files of this type are not accepted here.");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(sent()).toEqual([]);
  const again = screen.getAllByRole("button", { name: "Try plan.pdf again" });
  expect(again).toHaveLength(1);
  fireEvent.click(again[0] as HTMLElement);
  expect(wanted).toContainEqual({ want: "attachAgain", chat: "c", key: "l" });
});

test("a pasted file is attached, and a pasted text is not one", async () => {
  const { field, wanted } = await composing([]);
  const png = new File(["png"], "image.png", { type: "image/png" });
  const attached = () => wanted.filter(({ want }) => want === "attach");
  fireEvent.paste(field, { clipboardData: { files: [png], getData: () => "a table" } });
  expect(attached()).toEqual([]);
  fireEvent.paste(field, { clipboardData: { files: [png], getData: () => "" } });
  expect(attached()).toMatchObject([{ chat: "c", files: [png] }]);
});

test("no more are taken than a message holds", async () => {
  const { field, wanted } = await composing(Array.from({ length: 9 }, (_, at) => ({ ...waiting, key: `k${at}` })));
  const files = [new File(["a"], "a"), new File(["b"], "b")];
  fireEvent.paste(field, { clipboardData: { files, getData: () => "" } });
  expect(wanted.filter(({ want }) => want === "attach")).toMatchObject([{ files: [files[0]] }]);
});
