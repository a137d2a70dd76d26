/** Choosing the chat that a message is forwarded to. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { SearchBox } from "../../look/Field.tsx";
import { Portrait } from "../../look/Mark.tsx";
import { chatsInOrder } from "../../model/look-up.ts";
import type { Chat, Message } from "../../model/model.ts";
import { chatName, reasonOf, useApp, useWords } from "../context.ts";

export function Forward({
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
  const [text, setText] = useState("");
  const wanted = text.trim().toLocaleLowerCase();
  const chats = chatsInOrder(app.model.value).filter((one) =>
    chatName(words, one).toLocaleLowerCase().includes(wanted),
  );
  const forward = async (to: string) => {
    onClose();
    const outcome = await app.want({ want: "forward", chat: chat.id, seq: message.seq, to });
    if (outcome.ok) app.push({ at: "chat", chat: to });
    else app.tell(reasonOf(words, outcome.refusal));
  };
  return (
    <Dialog title={words.forwardTo} onClose={onClose}>
      <SearchBox label={words.search} value={text} onText={setText} autofocus />
      <ul class="pick-list" aria-label={words.chats}>
        {chats.map((one) => (
          <li key={one.id}>
            <button type="button" class="pick" aria-label={chatName(words, one)} onClick={() => void forward(one.id)}>
              <Portrait name={chatName(words, one)} id={one.id} picture={one.picture} />
              <bdi>{chatName(words, one)}</bdi>
            </button>
          </li>
        ))}
      </ul>
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}
