/** Where unread began, when the chat was opened or the window lost the focus, until one writes or leaves. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../../model/model.ts";
import { useApp } from "../context.ts";

export interface Divider {
  readonly seq: number | undefined;
}

export function useDivider(chat: Chat): Divider {
  const app = useApp();
  const [seq, setSeq] = useState<number | undefined>(() => (chat.unread > 0 ? chat.readSeq + 1 : undefined));
  const wasFocused = useRef(app.isFocused());
  const pending = app.model.value.pending.filter((one) => one.chat === chat.id).length;
  const before = useRef(pending);
  useEffect(
    () =>
      app.onAwake(() => {
        const isFocused = app.isFocused();
        const now = app.model.value.chats[chat.id];
        if (wasFocused.current && !isFocused && now !== undefined && now.unread === 0) setSeq(now.lastSeq + 1);
        wasFocused.current = isFocused;
      }),
    [app, chat.id],
  );
  useEffect(() => {
    if (pending > before.current) setSeq(undefined);
    before.current = pending;
  }, [pending]);
  return { seq };
}
