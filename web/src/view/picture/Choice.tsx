/** The picture of a person or a group, and the choice of another one. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Files } from "../../look/Files.tsx";
import { Portrait } from "../../look/Mark.tsx";
import { PICTURES } from "../../model/attachment.ts";
import type { Id } from "../../model/model.ts";
import { useApp, useWords } from "../context.ts";
import { fileRefusal } from "../file-refusal.ts";

export interface ChoiceProps {
  readonly id: Id;
  readonly name: string;
  readonly picture: Id | undefined;
  /** A file that was uploaded, or none. */
  readonly onChosen: (picture: Id | null) => void;
}

/** The server's default, until it has said its own. */
const BYTES = 25 * 1024 * 1024;

export function Choice({ id, name, picture, onChosen }: ChoiceProps) {
  const app = useApp();
  const words = useWords();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const choose = async (file: File | undefined) => {
    if (file === undefined || isBusy) return;
    const most = app.about.value?.fileBytes ?? BYTES;
    if (!PICTURES.includes(file.type)) return setRefusal(words.noPicture);
    if (file.size > most) return setRefusal(words.fileIsTooLarge(most));
    setRefusal(undefined);
    setBusy(true);
    const outcome = await app.want({ want: "upload", file });
    setBusy(false);
    if (!outcome.ok) setRefusal(fileRefusal(words, outcome.refusal.code, most));
    else if (outcome.gift.file !== undefined) onChosen(outcome.gift.file);
  };
  return (
    <div class="picture-choice">
      <Portrait name={name} id={id} picture={picture} />
      <div class="picture-buttons">
        <Files accept={PICTURES} onFiles={([file]) => void choose(file)}>
          {(open) => (
            <Button aria-disabled={isBusy} onClick={open}>
              {words.choosePicture}
            </Button>
          )}
        </Files>
        {picture !== undefined && (
          <Button kind="link" onClick={() => onChosen(null)}>
            {words.removePicture}
          </Button>
        )}
      </div>
      {refusal !== undefined && (
        <p class="field-error" role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}
