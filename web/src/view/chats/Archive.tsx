/** The chats that one put away, below the others and folded. */
import { Icon } from "../../look/Icon.tsx";
import type { Chat } from "../../model/model.ts";
import { useWords } from "../context.ts";
import { ChatRow, type ChatRowProps } from "./ChatRow.tsx";

export interface ArchiveProps {
  readonly chats: readonly Chat[];
  readonly open: string | undefined;
  readonly isUnfolded: boolean;
  readonly onFold: () => void;
  readonly onActions: ChatRowProps["onActions"];
}

export function Archive({ chats, open, isUnfolded, onFold, onActions }: ArchiveProps) {
  const words = useWords();
  if (chats.length === 0) return null;
  return (
    <>
      <button type="button" class="archive" aria-expanded={isUnfolded} onClick={onFold}>
        <Icon name="archive" />
        {words.archived}
        <span class="archive-turn icon-turns" aria-hidden="true">
          <Icon name="turned" />
        </span>
      </button>
      {isUnfolded && (
        <ul class="chat-list" aria-label={words.archived}>
          {chats.map((chat) => (
            <ChatRow key={chat.id} chat={chat} isOpen={chat.id === open} onActions={onActions} />
          ))}
        </ul>
      )}
    </>
  );
}
