/** What can be done with a message: a menu of what the rules allow at this moment, and the dialogs that follow. */
import { useState } from "preact/hooks";
import { Ask } from "../../look/Dialog.tsx";
import { Menu, type MenuItem } from "../../look/Menu.tsx";
import type { Intent } from "../../model/intent.ts";
import type { Chat, Message } from "../../model/model.ts";
import { hasChanges, isGone, mayEdit, mayErase, mayPin } from "../../model/rules.ts";
import { pathOf } from "../../place/place.ts";
import { mend } from "../composer/mending.ts";
import type { ModeSignal } from "../composer/mode.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { copy } from "../copy.ts";
import { EmojiDialog } from "../emoji/Later.ts";
import { later, nothing } from "../Later.tsx";
import { answer, mayAnswer, mayReact } from "./answer.ts";

const Forward = later(async () => (await import("./Forward.tsx")).Forward, nothing);
const Reactors = later(async () => (await import("./Reactors.tsx")).Reactors, nothing);
const ReadBy = later(async () => (await import("./ReadBy.tsx")).ReadBy, nothing);

type Dialog = "readBy" | "react" | "reactors" | "forward" | "hide" | "erase";

/** At which line, by its id in the page, and at which button. */
export interface MenuAt {
  readonly id: string;
  readonly button: HTMLElement;
  /** A key went past the menu to this. */
  readonly dialog?: "react";
}

export interface LineMenuProps {
  readonly chat: Chat;
  readonly at: MenuAt;
  readonly mode: ModeSignal;
  readonly onClose: () => void;
}

export function LineMenu({ chat, at, mode, onClose }: LineMenuProps) {
  const app = useApp();
  const words = useWords();
  const [dialog, setDialog] = useState<Dialog | undefined>(at.dialog);
  const message = chat.window?.messages.find((one) => `m-${one.seq}` === at.id);
  if (message === undefined) return null;
  const { seq } = message;
  const carryOut = async (intent: Intent) => {
    onClose();
    const outcome = await app.want(intent);
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
  };
  switch (dialog) {
    case "readBy":
      return <ReadBy chat={chat} message={message} onClose={onClose} />;
    case "reactors":
      return <Reactors chat={chat} message={message} onClose={onClose} />;
    case "forward":
      return <Forward chat={chat} message={message} onClose={onClose} />;
    case "react":
      return (
        <EmojiDialog
          onClose={onClose}
          onChoose={(emoji) => void carryOut({ want: "react", chat: chat.id, seq, emoji, on: true })}
        />
      );
    case "hide":
    case "erase":
      return (
        <Ask
          title={words.deleteThisMessage}
          verb={words.delete}
          cancel={words.cancel}
          onYes={() => void carryOut({ want: dialog, chat: chat.id, seq })}
          onClose={onClose}
        />
      );
    case undefined:
      return (
        <Menu
          label={words.messageActions}
          items={itemsOf({ chat, message, app, words, mode, carryOut, setDialog })}
          at={at.button}
          onClose={onClose}
        />
      );
  }
}

interface Items {
  readonly chat: Chat;
  readonly message: Message;
  readonly app: ReturnType<typeof useApp>;
  readonly words: ReturnType<typeof useWords>;
  readonly mode: ModeSignal;
  readonly carryOut: (intent: Intent) => Promise<void>;
  readonly setDialog: (dialog: Dialog) => void;
}

function itemsOf({ chat, message, app, words, mode, carryOut, setDialog }: Items): MenuItem[] {
  const model = app.model.value;
  const { seq } = message;
  const now = Date.now();
  const isOwn = message.sender === model.me?.id;
  const isWhole = !isGone(message);
  const canChange = hasChanges(chat);
  const link = `${location.origin}${pathOf({ at: "chat", chat: chat.id, seq })}`;
  const isStarred = message.mine?.starred === true;
  const isPinned = message.pinned === true;
  const about = app.about.value;
  const opens = (dialog: Dialog) => ({ act: () => setDialog(dialog), stays: true });
  const all: readonly (readonly [boolean, MenuItem])[] = [
    [isWhole && message.text !== "", { label: words.copyText, act: () => void copy(app, message.text) }],
    [true, { label: words.copyLink, act: () => void copy(app, link) }],
    [isOwn && chat.kind === "Group", { label: words.readByMenu, ...opens("readBy") }],
    [
      mayAnswer(app, chat, message),
      {
        label: words.reply,
        act: () => answer(app, chat, mode, message),
      },
    ],
    [mayReact(app, chat, message), { label: words.react, ...opens("react") }],
    [(message.reactions ?? []).length > 0, { label: words.reactions, ...opens("reactors") }],
    [canChange && isWhole, { label: words.forward, ...opens("forward") }],
    [
      canChange && isWhole,
      {
        label: isStarred ? words.unstar : words.star,
        act: () => void carryOut({ want: "star", chat: chat.id, seq, on: !isStarred }),
      },
    ],
    [
      mayEdit(model, chat, message, about, now),
      {
        label: words.edit,
        act: () => mend(app, chat, mode, message),
      },
    ],
    [
      mayPin(model, chat) && isWhole,
      {
        label: isPinned ? words.unpin : words.pin,
        act: () => void carryOut({ want: "pin", chat: chat.id, seq, on: !isPinned }),
      },
    ],
    [canChange, { label: words.deleteForMe, ...opens("hide"), isDanger: true }],
    [mayErase(model, chat, message, about, now), { label: words.deleteForEveryone, ...opens("erase"), isDanger: true }],
  ];
  return all.filter(([isAllowed]) => isAllowed).map(([, item]) => item);
}
