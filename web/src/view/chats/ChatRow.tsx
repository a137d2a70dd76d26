/** One chat in the list: who, what was said last, and what waits. */
import { Icon } from "../../look/Icon.tsx";
import { At, Bulb, Lamp, Portrait } from "../../look/Mark.tsx";
import type { Chat, Model } from "../../model/model.ts";
import type { Words } from "../../words/en.ts";
import { chatName, useApp, useWords } from "../context.ts";
import { PlaceLink } from "../links.tsx";

export function ChatRow({ chat, isOpen }: { readonly chat: Chat; readonly isOpen: boolean }) {
  const app = useApp();
  const words = useWords();
  const { say } = app.speech.value;
  const model = app.model.value;
  const name = chatName(words, chat);
  const text = lastLine(words, model, chat, isOpen);
  const at =
    model.pending.findLast((one) => one.chat === chat.id)?.at ??
    (chat.lastSeq > 0 ? (chat.last?.at ?? chat.lastChat) : "");
  const isOnline = chat.partner !== undefined && model.presence[chat.partner]?.online === true;
  return (
    <li class={chat.unread > 0 ? "chat-row chat-lit" : "chat-row"}>
      {chat.kind === "Self" ? (
        <span class="portrait portrait-notes" aria-hidden="true">
          <Icon name="note" />
        </span>
      ) : (
        <Portrait name={name} id={chat.id} />
      )}
      <PlaceLink
        to={{ at: "chat", chat: chat.id }}
        id={`chat-${chat.id}`}
        class="chat-row-name"
        dir="auto"
        aria-label={labelOf(words, chat, name)}
        aria-describedby={text === "" ? undefined : `last-${chat.id}`}
        aria-current={isOpen ? "page" : undefined}
      >
        {name}
      </PlaceLink>
      <span class="chat-row-time quiet">{at === "" ? "" : say.brief(at, app.today.value)}</span>
      <span class="chat-row-last quiet" id={`last-${chat.id}`} dir="auto">
        {text}
      </span>
      <span class="chat-row-marks">
        {isOnline && <Lamp label={words.online} />}
        {chat.mentioned > 0 && <At />}
        {chat.unread > 0 && <Bulb count={chat.unread} />}
      </span>
    </li>
  );
}

function labelOf(words: Words, chat: Chat, name: string): string {
  if (chat.unread === 0) return name;
  const unread = words.chatUnread(name, chat.unread);
  return chat.mentioned > 0 ? words.chatMentioned(unread) : unread;
}

function lastLine(words: Words, model: Model, chat: Chat, isOpen: boolean): string {
  const typist = model.typists.find((one) => one.chat === chat.id);
  if (typist !== undefined) return words.isTyping(typist.name);
  const draft = model.drafts[chat.id];
  if (draft !== undefined && draft.trim() !== "" && !isOpen) return words.draft(draft);
  const pending = model.pending.findLast((one) => one.chat === chat.id);
  if (pending !== undefined) return chat.kind === "Self" ? pending.text : words.said(words.you, pending.text);
  const { last } = chat;
  if (last === undefined || last.mine?.hidden === true) return "";
  if (last.deletedAt !== undefined) return words.wasDeleted;
  if (chat.kind === "Self") return last.text;
  return words.said(last.sender === model.me?.id ? words.you : last.senderName || chat.name, last.text);
}
