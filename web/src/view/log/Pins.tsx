/** How much is pinned in a chat; on a click what. */
import { useState } from "preact/hooks";
import { Icon } from "../../look/Icon.tsx";
import type { Chat } from "../../model/model.ts";
import { useWords } from "../context.ts";
import { later, nothing } from "../Later.tsx";

const Pinned = later(async () => (await import("./Pinned.tsx")).Pinned, nothing);

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
      {isOpen && <Pinned chat={chat} pins={pins} onClose={() => setOpen(false)} />}
    </>
  );
}
