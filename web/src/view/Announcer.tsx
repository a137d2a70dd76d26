/** Tells screen readers what others say in the open chat while one is here. Never history, never one's own words. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { lineOf } from "../model/attachment.ts";
import { messageAt } from "../model/window.ts";
import { useApp, useWords } from "./context.ts";

const TOGETHER = 2_000;
const MOST = 3;

export function Announcer() {
  const app = useApp();
  const words = useWords();
  const [text, setText] = useState("");
  const seen = useRef<{ readonly chat: string; readonly seq: number } | undefined>(undefined);
  const times = useRef<number[]>([]);
  useSignalEffect(() => {
    const place = app.place.value;
    const { chats, me, current, blocked } = app.model.value;
    const chat = place.at === "chat" ? chats[place.chat] : undefined;
    if (chat === undefined || !current) {
      seen.current = undefined;
      return;
    }
    const before = seen.current;
    seen.current = { chat: chat.id, seq: chat.lastSeq };
    if (before?.chat !== chat.id || !app.isFocused()) return;
    for (let seq = Math.max(before.seq + 1, chat.lastSeq - MOST); seq <= chat.lastSeq; seq += 1) {
      const message = messageAt(chat, seq);
      if (message === undefined || message.sender === me?.id || blocked[message.sender] === true) continue;
      const now = Date.now();
      times.current = [...times.current.filter((time) => now - time < TOGETHER), now];
      const many = times.current.length > MOST;
      setText(many ? words.nNewMessages(times.current.length) : words.said(message.senderName, lineOf(message)));
    }
  });
  useEffect(() => setText(""), [app.place.value]);
  return (
    <div class="unseen" role="status" aria-label={words.announcements}>
      {text}
    </div>
  );
}
