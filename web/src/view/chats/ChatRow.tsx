/** One chat in the list: who, what was said last, and what waits. */
import { IconButton } from "../../look/Button.tsx";
import { Icon, type IconName } from "../../look/Icon.tsx";
import { At, Bulb, Lamp, Portrait } from "../../look/Mark.tsx";
import { lineOf } from "../../model/attachment.ts";
import { isWaiting } from "../../model/look-up.ts";
import type { Chat, Model } from "../../model/model.ts";
import { isMuted } from "../../model/prefs.ts";
import type { Words } from "../../words/en.ts";
import { chatName, useApp, useWords } from "../context.ts";
import { PlaceLink } from "../links.tsx";

export interface ChatRowProps {
  readonly chat: Chat;
  readonly isOpen: boolean;
  readonly onActions: (chat: Chat, button: HTMLElement) => void;
}

export function ChatRow({ chat, isOpen, onActions }: ChatRowProps) {
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
  const silent = isMuted(chat, Date.now());
  return (
    <li class={isWaiting(chat) && !silent ? "chat-row chat-lit" : "chat-row"}>
      {chat.kind === "Self" ? (
        <span class="portrait portrait-notes" aria-hidden="true">
          <Icon name="note" />
        </span>
      ) : (
        <Portrait name={name} id={chat.id} picture={chat.picture} />
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
        {silent && <Sign icon="bellOff" label={words.muted} />}
        {chat.prefs?.pinned === true && <Sign icon="pin" label={words.pinned} />}
        {chat.mentioned > 0 && <At />}
        {isWaiting(chat) && <Bulb count={chat.unread} isSilent={silent} />}
      </span>
      <IconButton
        icon="more"
        label={words.actionsFor(name)}
        class="chat-row-actions"
        id={`actions-${chat.id}`}
        aria-haspopup="menu"
        onClick={(event) => onActions(chat, event.currentTarget)}
      />
    </li>
  );
}

/** How one set this chat, as a drawing. */
function Sign({ icon, label }: { readonly icon: IconName; readonly label: string }) {
  return (
    <span class="chat-row-sign" role="img" aria-label={label} title={label}>
      <Icon name={icon} />
    </span>
  );
}

function labelOf(words: Words, chat: Chat, name: string): string {
  if (chat.unread === 0) return isWaiting(chat) ? words.chatMarked(name) : name;
  const unread = words.chatUnread(name, chat.unread);
  return chat.mentioned > 0 ? words.chatMentioned(unread) : unread;
}

function lastLine(words: Words, model: Model, chat: Chat, isOpen: boolean): string {
  const typist = model.typists.find((one) => one.chat === chat.id);
  if (typist !== undefined) return words.isTyping(typist.name);
  const draft = model.drafts[chat.id];
  if (draft !== undefined && draft.trim() !== "" && !isOpen) return words.draft(draft);
  const pending = model.pending.findLast((one) => one.chat === chat.id);
  if (pending !== undefined) {
    const waiting = pending.text || (pending.uploads ?? []).map(({ name }) => name).join(", ");
    return chat.kind === "Self" ? waiting : words.said(words.you, waiting);
  }
  const { last } = chat;
  if (last === undefined || last.mine?.hidden === true) return "";
  if (last.deletedAt !== undefined) return words.wasDeleted;
  const text = lineOf(last);
  if (chat.kind === "Self") return text;
  if (chat.kind === "Group" && model.blocked[last.sender] === true) return words.blockedMessage;
  return words.said(last.sender === model.me?.id ? words.you : last.senderName || chat.name, text);
}
