/** Above the composer: whom one answers, or that one mends. */
import { IconButton } from "../../look/Button.tsx";
import { useWords } from "../context.ts";
import type { Mode } from "./mode.ts";

export function About({ mode, onEnd }: { readonly mode: Mode; readonly onEnd: () => void }) {
  const words = useWords();
  const title = mode.is === "reply" ? words.replyingTo(mode.who) : words.editing;
  return (
    <div class="composer-about" role="group" aria-label={title}>
      <p>
        <strong>{title}</strong> <span dir="auto">{mode.text}</span>
      </p>
      <IconButton icon="close" label={mode.is === "reply" ? words.cancelReply : words.cancelEditing} onClick={onEnd} />
    </div>
  );
}
