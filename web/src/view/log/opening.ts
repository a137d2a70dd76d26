/** Where a conversation opens: at a message that the address names, where unread begins, where one was, or at the end. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../../model/model.ts";
import { useApp } from "../context.ts";
import type { AnchorRef } from "./anchor.ts";

const MARKED = 2_000;

type Target =
  | { readonly to: "message"; readonly seq: number; readonly share: number }
  | { readonly to: "kept"; readonly seq: number; readonly offset: number };

/** Fetches and scrolls. Returns the message that is marked at the moment. */
export function useOpening(
  chat: Chat,
  seq: number | undefined,
  divider: number | undefined,
  anchor: AnchorRef,
): number | undefined {
  const app = useApp();
  const target = useRef<Target | undefined>(undefined);
  const [marked, setMarked] = useState<number>();
  const [, again] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const begin = async () => {
      if (seq !== undefined) target.current = { to: "message", seq, share: 1 / 3 };
      else if (divider !== undefined) target.current = { to: "message", seq: divider, share: 1 / 3 };
      else {
        const kept = await app.keptPlace(chat.id);
        if (kept !== undefined && kept.seq > 0) {
          await app.want({ want: "around", chat: chat.id, seq: kept.seq });
          target.current = { to: "kept", ...kept };
        }
      }
      if (target.current?.to !== "kept")
        await app.want({ want: "open", chat: chat.id, ...(seq === undefined ? {} : { seq }) });
      if (isCurrent) again((count) => count + 1);
    };
    void begin();
    return () => {
      isCurrent = false;
    };
  }, [app, chat.id, seq]);
  useLayoutEffect(() => {
    const wanted = target.current;
    if (wanted === undefined || anchor.current === undefined) return;
    const line = document.getElementById(`m-${wanted.seq}`);
    if (line === null) return;
    target.current = undefined;
    if (wanted.to === "kept") anchor.current.showAt(line, wanted.offset);
    else anchor.current.show(line, wanted.share);
    if (wanted.to === "message" && wanted.seq === seq) setMarked(wanted.seq);
  });
  useEffect(() => {
    if (marked === undefined) return;
    document.getElementById(`m-${marked}`)?.focus({ preventScroll: true });
    const timer = setTimeout(() => setMarked(undefined), MARKED);
    return () => clearTimeout(timer);
  }, [marked]);
  return marked;
}
