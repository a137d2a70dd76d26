/** Where one writes. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";
import type { Chat } from "../../model/model.ts";
import { bytesOf } from "../../model/text.ts";
import { EmojiDialog } from "../emoji/EmojiDialog.tsx";
import { chatName, reasonOf, useApp, useWords } from "../context.ts";

/** The server's default, until it has said its own. */
const BYTES = 16_384;

/** Keys of an input method are its own: some browsers say so by this code alone. */
const COMPOSING = 229;

export function Composer({ chat }: { readonly chat: Chat }) {
  const app = useApp();
  const words = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const [hasEmoji, setEmoji] = useState(false);
  const text = app.model.value.drafts[chat.id] ?? "";
  const content = text.replace(/^\s*\n/, "").trimEnd();
  const over = bytesOf(content) - (app.about.value?.contentBytes ?? BYTES);
  const isReady = content.trim() !== "" && over <= 0;
  const name = chatName(words, chat);
  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${area.scrollHeight + 2}px`);
  }, [text]);
  useEffect(() => app.tell(undefined), [chat.id]);
  const write = (next: string) => void app.want({ want: "draft", chat: chat.id, text: next });
  const send = async () => {
    if (!isReady) return;
    field.current?.focus();
    const outcome = await app.want({ want: "send", chat: chat.id, text: content });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
    document.querySelector<HTMLElement>("[data-jump=newest]")?.click();
    field.current?.focus();
  };
  const insert = (emoji: string) => {
    const area = field.current;
    const from = area?.selectionStart ?? text.length;
    const to = area?.selectionEnd ?? text.length;
    write(text.slice(0, from) + emoji + text.slice(to));
    requestAnimationFrame(() => area?.setSelectionRange(from + emoji.length, from + emoji.length));
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === COMPOSING) return;
    const isAlways = event.ctrlKey || event.metaKey;
    if (!isAlways && (event.shiftKey || !app.taste.value.enterSends)) return;
    event.preventDefault();
    void send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {over > 0 && (
        <p class="composer-over" role="status">
          {words.tooLongBy(over)}
        </p>
      )}
      <div class="composer-box">
        <IconButton icon="smile" label={words.emoji} aria-haspopup="dialog" onClick={() => setEmoji(true)} />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={words.messageTo(name)}
          placeholder={words.messageTo(name)}
          enterkeyhint={app.taste.value.enterSends ? "send" : "enter"}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={keyed}
        />
        <button
          type="submit"
          class="icon-button icon-turns composer-send"
          aria-label={words.send}
          title={words.send}
          aria-disabled={!isReady}
        >
          <SendIcon />
        </button>
      </div>
      {hasEmoji && (
        <EmojiDialog
          onClose={() => setEmoji(false)}
          onChoose={(emoji) => {
            setEmoji(false);
            insert(emoji);
          }}
        />
      )}
    </form>
  );
}

function SendIcon() {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M4 12l16-8-6 16-3-6z M11 14l9-10" />
    </svg>
  );
}
