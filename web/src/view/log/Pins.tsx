/** What is pinned in a chat: how much, and on a click what. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { Icon } from "../../look/Icon.tsx";
import { lineOf } from "../../model/attachment.ts";
import { nameIn } from "../../model/look-up.ts";
import type { Chat, Message } from "../../model/model.ts";
import { useApp, useWords } from "../context.ts";
import { PlaceLink } from "../links.tsx";

export function Pins({ chat }: { readonly chat: Chat }) {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  const pins = (chat.pins ?? []).filter((message) => message.mine?.hidden !== true);
  if (pins.length === 0) return null;
  const label = words.nPinned(pins.length);
  return (
    <>
      <button
        type="button"
        class="icon-button pins"
        aria-label={label}
        aria-haspopup="dialog"
        title={label}
        onClick={() => setOpen(true)}
      >
        <Icon name="pin" />
        <span>{pins.length}</span>
      </button>
      {isOpen && (
        <Dialog title={words.pinnedMessages} onClose={() => setOpen(false)}>
          <ul class="found-list" aria-label={words.pinnedMessages}>
            {pins.map((message) => (
              <li key={message.seq}>
                <Pin chat={chat} message={message} onChosen={() => setOpen(false)} />
              </li>
            ))}
          </ul>
          <div class="dialog-buttons">
            <Button onClick={() => setOpen(false)}>{words.close}</Button>
          </div>
        </Dialog>
      )}
    </>
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
