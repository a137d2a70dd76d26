/** Asks before somebody is blocked. */
import { Ask } from "../../look/Dialog.tsx";
import type { Id } from "../../model/model.ts";
import { reasonOf, useApp, useWords } from "../context.ts";

export interface AskBlockProps {
  readonly id: Id;
  readonly name: string;
  readonly onClose: () => void;
}

export function AskBlock({ id, name, onClose }: AskBlockProps) {
  const app = useApp();
  const words = useWords();
  const block = async () => {
    onClose();
    const outcome = await app.want({ want: "block", user: id, on: true });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
  };
  return (
    <Ask
      title={words.blockAsk(name)}
      hint={words.blockHint}
      verb={words.block}
      cancel={words.cancel}
      onYes={() => void block()}
      onClose={onClose}
    />
  );
}
