/** What one may do with a chat for oneself: a menu at its row, and what it asks. */
import { useState } from "preact/hooks";
import { Ask } from "../../look/Dialog.tsx";
import { Menu, type MenuItem } from "../../look/Menu.tsx";
import type { Intent, Preference } from "../../model/intent.ts";
import { isWaiting } from "../../model/look-up.ts";
import type { Chat } from "../../model/model.ts";
import { isArchived, isMuted } from "../../model/prefs.ts";
import { chatName, reasonOf, useApp, useWords } from "../context.ts";
import { MuteMenu } from "../MuteMenu.tsx";
import { neighbourOf, returnTo } from "./focus.ts";

export interface ChatMenuProps {
  readonly chat: Chat;
  readonly at: HTMLElement;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ChatMenu({ chat, at, isOpen, onClose }: ChatMenuProps) {
  const app = useApp();
  const words = useWords();
  const [step, setStep] = useState<"mute" | "clear" | "hide">();
  const name = chatName(words, chat);
  const carryOut = async (intent: Intent) => {
    const neighbour = neighbourOf(at);
    onClose();
    const outcome = await app.want(intent);
    if (!outcome.ok) return app.tell(reasonOf(words, outcome.refusal));
    if (isOpen && intent.want === "prefer" && intent.change.hidden === true) app.replace({ at: "chats" });
    returnTo(at.id, neighbour);
  };
  const prefer = (change: Preference) => () => void carryOut({ want: "prefer", chat: chat.id, change });
  if (step === "clear")
    return (
      <Ask
        title={words.clearAsk(name)}
        hint={words.clearHint}
        verb={words.clear}
        cancel={words.cancel}
        onYes={() => void carryOut({ want: "clear", chat: chat.id })}
        onClose={onClose}
      />
    );
  if (step === "hide")
    return (
      <Ask
        title={words.hideAsk(name)}
        hint={words.hideHint}
        verb={words.hide}
        cancel={words.cancel}
        onYes={prefer({ hidden: true })}
        onClose={onClose}
      />
    );
  if (step === "mute") return <MuteMenu at={at} onChoose={(mute) => prefer({ mute })()} onClose={onClose} />;
  const isPinned = chat.prefs?.pinned === true;
  const opens = (next: "mute" | "clear" | "hide") => ({ act: () => setStep(next), stays: true });
  const read = () => {
    if (chat.prefs?.markedUnread === true) prefer({ markedUnread: false })();
    void app.want({ want: "seen", chat: chat.id, seq: chat.lastSeq });
  };
  const items: MenuItem[] = [
    isMuted(chat, Date.now())
      ? { label: words.unmute, act: prefer({ mute: 0 }) }
      : { label: words.mute, ...opens("mute") },
    { label: isPinned ? words.unpin : words.pin, act: prefer({ pinned: !isPinned }) },
    isWaiting(chat)
      ? { label: words.markAsRead, act: read }
      : { label: words.markAsUnread, act: prefer({ markedUnread: true }) },
    {
      label: isArchived(chat) ? words.unarchive : words.archive,
      act: prefer({ archived: !isArchived(chat) }),
    },
    { label: words.clear, ...opens("clear"), isDanger: true },
    ...(chat.kind === "Personal" ? [{ label: words.hide, ...opens("hide"), isDanger: true }] : []),
  ];
  return <Menu label={words.actionsFor(name)} items={items} at={at} onClose={onClose} />;
}
