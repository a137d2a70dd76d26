/** What belongs to a message beside its text: what it answers, who reacted, whether it is pinned or starred. */
import { Icon } from "../../look/Icon.tsx";
import type { Message } from "../../model/model.ts";
import { quoteOf } from "../../model/quote.ts";
import type { Words } from "../../words/en.ts";
import type { LineActs } from "./acts.ts";

export interface MarksProps {
  readonly at: "above" | "below";
  readonly message: Message;
  /** What it answers, as far as it is known here. */
  readonly quoted: Message | undefined;
  readonly isActive: boolean;
  readonly me: string;
  readonly words: Words;
  readonly act: LineActs;
}

export function Marks(props: MarksProps) {
  return props.at === "above" ? <Above {...props} /> : <Below {...props} />;
}

function Above({ message, quoted, isActive, me, words, act }: MarksProps) {
  const { forwarded, pinned, mine } = message;
  const replyTo = quoteOf(message.replyTo, quoted);
  return (
    <>
      {(forwarded === true || pinned === true || mine?.starred === true) && (
        <p class="line-notes quiet">
          {forwarded === true && <span>{words.forwarded}</span>}
          {pinned === true && (
            <span>
              <Icon name="pin" />
              {words.pinnedMark}
            </span>
          )}
          {mine?.starred === true && (
            <span>
              <Icon name="star" />
              {words.starred}
            </span>
          )}
        </p>
      )}
      {replyTo?.deleted === true && <p class="quote quiet">{words.inReplyToDeleted}</p>}
      {replyTo?.unavailable === true && <p class="quote quiet">{words.inReplyToUnseen}</p>}
      {replyTo?.text !== undefined && (replyTo.text !== "" || replyTo.hasFile === true) && (
        <a
          class="quote"
          href={`#m-${replyTo.seq}`}
          tabIndex={isActive ? 0 : -1}
          onClick={(event) => {
            event.preventDefault();
            act.jump(replyTo.seq);
          }}
        >
          {words.inReplyTo(replyTo.sender === me ? words.you : (replyTo.senderName ?? ""), replyTo.text || words.aFile)}
        </a>
      )}
    </>
  );
}

function Below({ message, isActive, words: _, act }: MarksProps) {
  if (message.reactions === undefined || message.reactions.length === 0) return null;
  const own = message.mine?.reactions ?? [];
  return (
    <div class="reactions">
      {message.reactions.map(({ emoji, count }) => (
        <button
          key={emoji}
          type="button"
          class="reaction"
          aria-pressed={own.includes(emoji)}
          tabIndex={isActive ? 0 : -1}
          onClick={() => act.react(message.seq, emoji, !own.includes(emoji))}
        >
          {`${emoji} ${count}`}
        </button>
      ))}
    </div>
  );
}
