/** What is pinned in a chat, the latest first. */
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { lineOf } from "../../model/attachment.ts";
import { nameIn } from "../../model/look-up.ts";
import type { Chat, Message } from "../../model/model.ts";
import { useApp, useWords } from "../context.ts";
import { PlaceLink } from "../links.tsx";

export interface PinnedProps {
  readonly chat: Chat;
  readonly pins: readonly Message[];
  readonly onClose: () => void;
}

export function Pinned({ chat, pins, onClose }: PinnedProps) {
  const words = useWords();
  return (
    <Dialog title={words.pinnedMessages} onClose={onClose}>
      <ul class="found-list" aria-label={words.pinnedMessages}>
        {pins.map((message) => (
          <li key={message.seq}>
            <Pin chat={chat} message={message} onChosen={onClose} />
          </li>
        ))}
      </ul>
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}

interface PinProps {
  readonly chat: Chat;
  readonly message: Message;
  readonly onChosen: () => void;
}

function Pin({ chat, message, onChosen }: PinProps) {
  const app = useApp();
  const words = useWords();
  const model = app.model.value;
  const who = message.sender === model.me?.id ? words.you : message.senderName || nameIn(model, chat, message.sender);
  return (
    <div class="found-line">
      <p class="quiet">
        <bdi>{who}</bdi> · {app.speech.value.say.when(message.at, app.today.value)}
      </p>
      <PlaceLink
        to={{ at: "chat", chat: chat.id, seq: message.seq }}
        class="found-link"
        dir="auto"
        replaces
        onChosen={onChosen}
      >
        {lineOf(message)}
      </PlaceLink>
    </div>
  );
}
