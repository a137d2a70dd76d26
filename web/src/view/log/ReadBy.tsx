/** Who has read a message of one's own in a group. */
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { nameIn, readersOf } from "../../model/look-up.ts";
import type { Chat, Message } from "../../model/model.ts";
import { useApp, useWords } from "../context.ts";

export function ReadBy({
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
  return (
    <Dialog title={words.readBy} onClose={onClose}>
      <ul aria-label={words.readBy}>
        {readersOf(app.model.value, chat, message).map((reader) => (
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
