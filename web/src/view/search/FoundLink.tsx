/** A message that was found: who said it, where and when. It leads there. */
import { lineOf } from "../../model/attachment.ts";
import { nameIn } from "../../model/look-up.ts";
import type { Id, Message } from "../../model/model.ts";
import { excerpt, type Range } from "../../model/search.ts";
import { chatName, useApp, useWords } from "../context.ts";
import { PlaceLink } from "../links.tsx";

export interface FoundLinkProps {
  readonly chat: Id;
  readonly message: Message;
  /** What matched in its text. */
  readonly ranges?: readonly Range[] | undefined;
}

export function FoundLink({ chat: id, message, ranges }: FoundLinkProps) {
  const app = useApp();
  const words = useWords();
  const model = app.model.value;
  const chat = model.chats[id];
  const where = chat === undefined ? "" : chatName(words, chat);
  const who =
    message.sender === model.me?.id
      ? words.you
      : message.senderName || (chat === undefined ? "" : nameIn(model, chat, message.sender));
  const text = lineOf(message);
  return (
    <div class="found-line">
      <p class="quiet" aria-hidden="true">
        <bdi>{who}</bdi> · <bdi>{where}</bdi> · {app.speech.value.say.when(message.at, app.today.value)}
      </p>
      <PlaceLink
        to={{ at: "chat", chat: id, seq: message.seq }}
        class="found-link"
        dir="auto"
        aria-label={words.saidIn(who, where, text)}
      >
        {ranges === undefined || message.text === ""
          ? text
          : excerpt(message.text, ranges).map((cut, index) =>
              cut.isFound ? <mark key={index}>{cut.text}</mark> : cut.text,
            )}
      </PlaceLink>
    </div>
  );
}
