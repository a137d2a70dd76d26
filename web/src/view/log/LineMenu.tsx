/** What can be done with a message. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { Menu, type MenuItem } from "../../look/Menu.tsx";
import { nameIn, readersOf } from "../../model/look-up.ts";
import type { Chat, Message } from "../../model/model.ts";
import { pathOf } from "../../place/place.ts";
import { useApp, useWords } from "../context.ts";

/** At which line, by its id in the page, and at which button. */
export interface MenuAt {
  readonly id: string;
  readonly button: HTMLElement;
}

export function LineMenu({
  chat,
  at,
  onClose,
}: {
  readonly chat: Chat;
  readonly at: MenuAt;
  readonly onClose: () => void;
}) {
  const app = useApp();
  const words = useWords();
  const [dialog, setDialog] = useState<"readBy">();
  const message = chat.window?.messages.find((one) => `m-${one.seq}` === at.id);
  if (message === undefined) return null;
  if (dialog === "readBy") return <ReadBy chat={chat} message={message} onClose={onClose} />;
  const link = `${location.origin}${pathOf({ at: "chat", chat: chat.id, seq: message.seq })}`;
  const isOwn = message.sender === app.model.value.me?.id;
  const items: MenuItem[] = [
    ...(message.deletedAt === undefined
      ? [{ label: words.copyText, act: () => void navigator.clipboard.writeText(message.text) }]
      : []),
    { label: words.copyLink, act: () => void navigator.clipboard.writeText(link) },
    ...(isOwn && chat.kind === "Group"
      ? [{ label: words.readByMenu, act: () => setDialog("readBy"), stays: true }]
      : []),
  ];
  return <Menu label={words.messageActions} items={items} at={at.button} onClose={onClose} />;
}

function ReadBy({
  chat,
  message,
  onClose,
}: {
  readonly chat: Chat;
  readonly message: Message;
  readonly onClose: () => void;
}) {
  const app = useApp();
  const words = useWords();
  const readers = readersOf(app.model.value, chat, message);
  return (
    <Dialog title={words.readBy} onClose={onClose}>
      <ul aria-label={words.readBy}>
        {readers.map((reader) => (
          <li key={reader} dir="auto">
            {nameIn(app.model.value, chat, reader)}
          </li>
        ))}
      </ul>
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}
