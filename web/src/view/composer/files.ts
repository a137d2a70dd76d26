/** Files beside the text: chosen, pasted or dropped, each with how far it has come. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Upload } from "../../model/attachment.ts";
import type { Chat } from "../../model/model.ts";
import { trayOf } from "../../model/uploads.ts";
import { useApp } from "../context.ts";

/** The server's defaults, until it has said its own. */
const MOST = 10;
const BYTES = 25 * 1024 * 1024;

export interface Tray {
  readonly uploads: readonly Upload[];
  /** There are some, or will be in a moment. */
  readonly hasFiles: boolean;
  /** None of them is refused, and they are not too many. */
  readonly isReady: boolean;
  /** The bytes of a file at most. */
  readonly bytes: number;
  /** Something is dragged over the page. */
  readonly isDragging: boolean;
  add(files: readonly File[]): void;
  /** Something that was added does not stand there yet. */
  isAdding(): boolean;
  /** Once all stands there: whether a message can take it along. */
  settled(): Promise<boolean>;
  again(key: string): void;
  remove(key: string): void;
}

/** `isOn`: whether files can be taken at this moment. */
export function useTray(chat: Chat, isOn: boolean): Tray {
  const app = useApp();
  const uploads = trayOf(app.model.value, chat.id);
  const [adding, setAdding] = useState(0);
  const added = useRef<readonly Promise<unknown>[]>([]);
  const most = app.about.value?.attachments ?? MOST;
  const bytes = app.about.value?.fileBytes ?? BYTES;
  const add = (files: readonly File[]) => {
    const room = Math.max(0, most - uploads.length);
    if (files.length > room) app.tell(app.speech.value.words.atMostFiles(most));
    if (room === 0 || files.length === 0) return;
    setAdding((count) => count + 1);
    const all = app.want({ want: "attach", chat: chat.id, files: files.slice(0, room), most: bytes });
    added.current = [...added.current, all];
    void all.finally(() => {
      added.current = added.current.filter((one) => one !== all);
      setAdding((count) => count - 1);
    });
  };
  const mayGo = (all: readonly Upload[]) => all.length <= most && all.every(({ refused }) => refused === undefined);
  return {
    uploads,
    hasFiles: uploads.length > 0 || adding > 0,
    isReady: mayGo(uploads),
    bytes,
    isDragging: useDrop(isOn, add),
    add,
    isAdding: () => added.current.length > 0,
    settled: async () => {
      await Promise.all(added.current);
      return mayGo(trayOf(app.model.value, chat.id));
    },
    again: (key) => void app.want({ want: "attachAgain", chat: chat.id, key }),
    remove: (key) => void app.want({ want: "detach", chat: chat.id, key }),
  };
}

/** Whatever is dropped on the page is attached, or nothing comes of it: the browser would open it in the page's place. */
function useDrop(isOn: boolean, add: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = isOn ? "copy" : "none";
      setOver(isOn);
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const dropped = (event: DragEvent) => {
      setOver(false);
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      if (isOn) add([...event.dataTransfer.files]);
    };
    document.addEventListener("dragenter", over);
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", left);
    document.addEventListener("drop", dropped);
    return () => {
      document.removeEventListener("dragenter", over);
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", left);
      document.removeEventListener("drop", dropped);
    };
  });
  return isOver && isOn;
}

/** What was copied as a file. Where there is a text too, it is meant: some programs copy a picture of it besides. */
export function pastedFiles(event: ClipboardEvent): readonly File[] {
  const { clipboardData } = event;
  if (clipboardData === null || clipboardData.getData("text/plain") !== "") return [];
  return [...clipboardData.files];
}
