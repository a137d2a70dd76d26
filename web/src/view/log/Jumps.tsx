/** The buttons that lead to the newest message and to where unread begins. */
import { Icon } from "../../look/Icon.tsx";
import type { Chat } from "../../model/model.ts";
import { useApp, useWords } from "../context.ts";
import type { AnchorRef } from "./anchor.ts";

export interface JumpsProps {
  readonly chat: Chat;
  readonly isFar: boolean;
  readonly isDividerAbove: boolean;
  readonly divider: number | undefined;
  readonly anchor: AnchorRef;
}

export function Jumps({ chat, isFar, isDividerAbove, divider, anchor }: JumpsProps) {
  const app = useApp();
  const words = useWords();
  const newest = async () => {
    await app.want({ want: "newest", chat: chat.id });
    requestAnimationFrame(() => {
      anchor.current?.showEnd();
      focusLog();
    });
  };
  const unread = async () => {
    if (divider === undefined) return;
    await app.want({ want: "around", chat: chat.id, seq: divider });
    requestAnimationFrame(() => {
      const line = document.querySelector<HTMLElement>(".log .divider") ?? document.getElementById(`m-${divider}`);
      if (line !== null) anchor.current?.show(line, 1 / 3);
      focusLog();
    });
  };
  return (
    <div class="jumps">
      {isDividerAbove && (
        <button
          type="button"
          class="button jump"
          aria-label={words.jumpToFirstUnread}
          title={words.jumpToFirstUnread}
          onClick={unread}
        >
          <Icon name="up" />
        </button>
      )}
      {isFar && (
        <button
          type="button"
          class="button jump"
          data-jump="newest"
          aria-label={chat.unread > 0 ? words.jumpToNewestN(chat.unread) : words.jumpToNewest}
          title={words.jumpToNewest}
          onClick={newest}
        >
          {chat.unread > 0 && <span class="bulb">{chat.unread >= 1000 ? "1000+" : chat.unread}</span>}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function focusLog(): void {
  document.querySelector<HTMLElement>('[role="log"] [tabindex="0"]')?.focus({ preventScroll: true });
}
