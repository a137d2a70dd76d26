/** Where one writes. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";
import { Files } from "../../look/Files.tsx";
import { Icon } from "../../look/Icon.tsx";
import type { Chat } from "../../model/model.ts";
import { hasChanges, lastEditable, mentionsIn } from "../../model/rules.ts";
import { bytesOf } from "../../model/text.ts";
import { chatName, reasonOf, useApp, useWords } from "../context.ts";
import { EmojiDialog } from "../emoji/Later.ts";
import { About } from "./About.tsx";
import { pastedFiles, useTray } from "./files.ts";
import { usePeople } from "./mentions.ts";
import { contentOf } from "./content.ts";
import { useGrowing } from "./growing.ts";
import { hindranceText, useHindrance } from "./hindrance.ts";
import { Hindered } from "./Hindered.tsx";
import { mend, useMending } from "./mending.ts";
import type { ModeSignal } from "./mode.ts";
import { PeopleList } from "./PeopleList.tsx";
import { TrayList } from "./TrayList.tsx";

/** The server's default, until it has said its own. */
const BYTES = 16_384;

/** Keys of an input method are its own: some browsers say so by this code alone. */
const COMPOSING = 229;

export function Composer({ chat, mode }: { readonly chat: Chat; readonly mode: ModeSignal }) {
  const app = useApp();
  const words = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const [hasEmoji, setEmoji] = useState(false);
  const isWaiting = useRef(false);
  const now = mode.value;
  const mending = useMending(chat);
  const isEditing = mending.now !== undefined;
  const text = mending.now?.text ?? app.model.value.drafts[chat.id] ?? "";
  const content = contentOf(text);
  const over = bytesOf(content) - (app.about.value?.contentBytes ?? BYTES);
  const hindrance = useHindrance(chat);
  const waits = hindrance?.is === "slow" && !isEditing;
  const mayFiles = hasChanges(chat) && !isEditing && (hindrance === undefined || hindrance.is === "slow");
  const tray = useTray(chat, mayFiles);
  const hasFiles = mending.now?.hasFiles ?? tray.hasFiles;
  const isReady = (content.trim() !== "" || hasFiles) && over <= 0 && !waits && (isEditing || tray.isReady);
  const name = chatName(words, chat);
  const write = (next: string) => {
    if (isEditing) return mending.write(next);
    void app.want({ want: "draft", chat: chat.id, text: next });
    void app.want({ want: "typing", chat: chat.id, on: next !== "" });
  };
  const people = usePeople(chat, text, field, write);
  useGrowing(field, text);
  useEffect(() => app.tell(undefined), [chat.id]);
  const began = useRef([mending.now?.seq, now]);
  useLayoutEffect(() => {
    const [seq, answer] = began.current;
    began.current = [mending.now?.seq, now];
    if ((isEditing && seq !== mending.now?.seq) || (now !== undefined && answer !== now)) field.current?.focus();
  }, [mending.now?.seq, now]);
  const end = () => {
    mode.value = undefined;
    mending.end();
    field.current?.focus();
  };
  const send = async () => {
    if (!isReady || isWaiting.current) return;
    isWaiting.current = true;
    const isWhole = isEditing || !tray.isAdding() || (await tray.settled());
    if (isEditing) await mending.save();
    isWaiting.current = false;
    if (isEditing || !isWhole) return;
    field.current?.focus();
    mode.value = undefined;
    const mentions = mentionsIn(app.model.value, content, chat);
    const replyTo = now === undefined ? {} : { replyTo: now.seq };
    void app.want({ want: "typing", chat: chat.id, on: false });
    const outcome = await app.want({
      want: "send",
      chat: chat.id,
      text: content,
      ...replyTo,
      ...(mentions.length === 0 ? {} : { mentions }),
    });
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
  const editLast = () => {
    const { me } = app.model.value;
    const last = me === undefined ? undefined : lastEditable(app.model.value, chat, app.about.value, Date.now());
    if (last === undefined) return false;
    mend(app, chat, mode, last);
    return true;
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === COMPOSING || people.keyed(event)) return;
    if (event.key === "Escape" && (now !== undefined || isEditing)) {
      event.preventDefault();
      event.stopPropagation();
      return end();
    }
    if (event.key === "ArrowUp" && text === "" && now === undefined && !isEditing && editLast())
      return event.preventDefault();
    if (event.key !== "Enter") return;
    const isAlways = event.ctrlKey || event.metaKey;
    if (!isAlways && (event.shiftKey || !app.taste.value.enterSends)) return;
    event.preventDefault();
    void send();
  };
  if (hindrance !== undefined && hindrance.is !== "slow" && !isEditing) return <Hindered hindrance={hindrance} />;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {over > 0 && <p class="composer-over">{words.tooLongBy(over)}</p>}
      {waits && <p class="composer-wait quiet">{hindranceText(app.speech.value, app.today.value, hindrance)}</p>}
      {(isEditing || now !== undefined) && <About mending={mending.now} answer={now} onEnd={end} />}
      <PeopleList people={people} />
      {!isEditing && <TrayList tray={tray} onRemoved={() => field.current?.focus()} />}
      {tray.isDragging && <p class="composer-drop">{words.dropFiles}</p>}
      <div class="composer-box">
        {mayFiles && (
          <Files multiple onFiles={tray.add}>
            {(open) => <IconButton icon="clip" label={words.attachFiles} onClick={open} />}
          </Files>
        )}
        <IconButton icon="smile" label={words.emoji} aria-haspopup="dialog" onClick={() => setEmoji(true)} />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={words.messageTo(name)}
          aria-controls={people.isOpen ? "people-list" : undefined}
          aria-activedescendant={people.isOpen ? `person-${people.active}` : undefined}
          placeholder={words.messageTo(name)}
          enterkeyhint={app.taste.value.enterSends ? "send" : "enter"}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={keyed}
          onPaste={(event) => {
            const files = mayFiles ? pastedFiles(event) : [];
            if (files.length === 0) return;
            event.preventDefault();
            tray.add(files);
          }}
          onBlur={() => void app.want({ want: "typing", chat: chat.id, on: false })}
        />
        <button
          type="submit"
          class="icon-button icon-turns composer-send"
          aria-label={isEditing ? words.save : words.send}
          title={isEditing ? words.save : words.send}
          aria-disabled={!isReady}
        >
          <Icon name={isEditing ? "tick" : "send"} />
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
