/** Where a conversation opens: at a message that the address names, where unread begins, where one was, or at the end. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../../model/model.ts";
import { useApp } from "../context.ts";
import type { AnchorRef } from "./anchor.ts";

const MARKED = 2_000;
/** Where the line stands that a conversation opens at, as a share of the height. */
const UPPER_THIRD = 1 / 3;

type Target =
  | { readonly to: "message"; readonly seq: number }
  | { readonly to: "kept"; readonly seq: number; readonly offset: number };

export interface Opening {
  /** The message that is marked at the moment. */
  readonly marked: number | undefined;
  /** Until the first place is found nothing is shown, fetched or read. */
  readonly isPlaced: boolean;
}

/** Fetches and scrolls; again once there is a connection, if there was none. */
export function useOpening(
  chat: Chat,
  seq: number | undefined,
  divider: number | undefined,
  anchor: AnchorRef,
): Opening {
  const app = useApp();
  const target = useRef<Target | undefined>(undefined);
  const opened = useRef<string>("");
  const [marked, setMarked] = useState<number>();
  const [isPlaced, setPlaced] = useState(false);
  // What is aimed at is looked for after each drawing, so one is asked for when it is known.
  const [, draw] = useState(0);
  const { current, connection } = app.model.value;
  const key = `${chat.id}/${seq ?? ""}`;
  useEffect(() => {
    const isSoon = !current && connection === "connecting";
    if (opened.current === key || (isSoon && chat.window === undefined)) return;
    let isWanted = true;
    const begin = async () => {
      target.current = await targetOf();
      if (target.current?.to === "kept") await app.want({ want: "around", chat: chat.id, seq: target.current.seq });
      const outcome = await app.want({ want: "open", chat: chat.id, ...(seq === undefined ? {} : { seq }) });
      if (!isWanted) return;
      if (outcome.ok) opened.current = key;
      setPlaced(true);
      draw((count) => count + 1);
    };
    const targetOf = async (): Promise<Target | undefined> => {
      const wanted = seq ?? divider;
      if (wanted !== undefined) return { to: "message", seq: wanted };
      if (opened.current !== "") return undefined;
      const kept = await app.keptPlace(chat.id);
      return kept === undefined || kept.seq === 0 ? undefined : { to: "kept", ...kept };
    };
    void begin();
    return () => {
      isWanted = false;
    };
  }, [app, key, current, connection]);
  useLayoutEffect(() => {
    const wanted = target.current;
    if (wanted === undefined || anchor.current === undefined) return;
    const line = document.getElementById(`m-${wanted.seq}`);
    if (line === null) return;
    target.current = undefined;
    if (wanted.to === "kept") anchor.current.showAt(line, wanted.offset);
    else anchor.current.show(line, UPPER_THIRD);
    setPlaced(true);
    if (wanted.seq === seq) setMarked(seq);
  });
  useEffect(() => {
    if (marked === undefined) return;
    document.getElementById(`m-${marked}`)?.focus({ preventScroll: true });
    const timer = setTimeout(() => setMarked(undefined), MARKED);
    return () => clearTimeout(timer);
  }, [marked]);
  return { marked, isPlaced };
}
