/** Who reacted to a message, by what they reacted with. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import type { Chat, Message, Person } from "../../model/model.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { DialogAlert } from "../DialogAlert.tsx";

export interface ReactorsProps {
  readonly chat: Chat;
  readonly message: Message;
  readonly onClose: () => void;
}

export function Reactors({ chat, message, onClose }: ReactorsProps) {
  const words = useWords();
  return (
    <Dialog title={words.reactions} onClose={onClose}>
      <DialogAlert />
      {(message.reactions ?? []).map(({ emoji, count }) => (
        <By key={emoji} chat={chat.id} seq={message.seq} emoji={emoji} count={count} />
      ))}
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}

interface ByProps {
  readonly chat: string;
  readonly seq: number;
  readonly emoji: string;
  /** Asked again when it changes. */
  readonly count: number;
}

function By({ chat, seq, emoji, count }: ByProps) {
  const app = useApp();
  const words = useWords();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const label = `${emoji} ${count}`;
  const me = app.model.value.me?.id;
  useEffect(() => {
    let isCurrent = true;
    void app.want({ want: "reactors", chat, seq, emoji }).then((outcome) => {
      if (!isCurrent) return;
      if (outcome.ok) setPeople(outcome.gift.people ?? []);
      else app.tell(reasonOf(app.speech.value.words, outcome.refusal));
    });
    return () => {
      isCurrent = false;
    };
  }, [app, chat, seq, emoji, count]);
  return (
    <section class="reactors">
      <h3 class="reactors-emoji">{label}</h3>
      <ul aria-label={label}>
        {people.map((person) => (
          <li key={person.id}>
            <bdi>{person.id === me ? words.you : person.name}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
