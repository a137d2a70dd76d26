/** Above the composer: whom one answers, or that one mends a text, and why it could not be stored. */
import { IconButton } from "../../look/Button.tsx";
import type { Mending } from "../../model/model.ts";
import { reasonOf, useWords } from "../context.ts";
import type { Mode } from "./mode.ts";

export interface AboutProps {
  readonly mending: Mending | undefined;
  readonly answer: Mode | undefined;
  readonly onEnd: () => void;
}

export function About({ mending, answer, onEnd }: AboutProps) {
  const words = useWords();
  const title = mending === undefined ? words.replyingTo(answer?.who ?? "") : words.editing;
  return (
    <div class="composer-about" role="group" aria-label={title}>
      <p>
        <strong>{title}</strong> <span dir="auto">{mending?.was ?? answer?.text}</span>
      </p>
      {mending?.refused !== undefined && (
        <p class="composer-refused" role="alert">
          {words.notSavedBecause(reasonOf(words, { code: mending.refused, message: "" }))}
        </p>
      )}
      <IconButton
        icon="close"
        label={mending === undefined ? words.cancelReply : words.cancelEditing}
        onClick={onEnd}
      />
    </div>
  );
}
