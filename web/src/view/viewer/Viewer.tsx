/** One picture as large as the window allows. Arrows lead to the others of the conversation. */
import { useEffect, useLayoutEffect } from "preact/hooks";
import { Button, IconButton } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import type { Attachment } from "../../model/attachment.ts";
import { useWords } from "../context.ts";
import { useSource } from "../picture/source.ts";

export interface ViewerProps {
  readonly pictures: readonly Attachment[];
  /** The id of the one that is shown. */
  readonly file: string;
  readonly onView: (file: string | undefined) => void;
  /** One has been shown. */
  readonly onSaw: (picture: Attachment) => void;
}

export function Viewer({ pictures, file, onView, onSaw }: ViewerProps) {
  const words = useWords();
  const at = pictures.findIndex(({ id }) => id === file);
  const picture = pictures[at];
  const close = () => onView(undefined);
  // It was deleted while one looked at it.
  useEffect(() => {
    if (picture === undefined) close();
  }, [picture === undefined]);
  const go = (step: number) => {
    const next = pictures[at + step];
    if (next !== undefined) onView(next.id);
  };
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isForward = document.documentElement.dir !== "rtl";
      if (event.key === "ArrowRight") go(isForward ? 1 : -1);
      else if (event.key === "ArrowLeft") go(isForward ? -1 : 1);
      else if (event.key === "Home") go(-at);
      else if (event.key === "End") go(pictures.length - 1 - at);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed, true);
    return () => document.removeEventListener("keydown", pressed, true);
  });
  if (picture === undefined) return null;
  return (
    <Dialog title={picture.name} onClose={close} isWide>
      <Shown key={picture.id} picture={picture} onSaw={() => onSaw(picture)} />
      <div class="viewer-buttons">
        {pictures.length > 1 && (
          <>
            <IconButton
              icon="back"
              turns
              label={words.previousPicture}
              aria-disabled={at === 0}
              onClick={() => go(-1)}
            />
            <IconButton
              icon="turned"
              turns
              label={words.nextPicture}
              aria-disabled={at === pictures.length - 1}
              onClick={() => go(1)}
            />
          </>
        )}
        <span class="viewer-gap" />
        <a class="button button-plain" href={`${picture.url}?download=1`} download={picture.name}>
          {words.download}
        </a>
        <Button onClick={close} autofocus>
          {words.close}
        </Button>
      </div>
    </Dialog>
  );
}

/** The small picture stands until the large one is there. */
function Shown({ picture, onSaw }: { readonly picture: Attachment; readonly onSaw: () => void }) {
  const words = useWords();
  const { width = 480, height = 480, thumbnail } = picture;
  const { turn, src, state, onLoad, onError } = useSource(picture.url, onSaw, thumbnail);
  return (
    <div class="viewer-frame" aria-busy={state === "loading"}>
      <img
        key={turn}
        class="viewer-picture"
        src={src}
        alt={picture.name}
        width={width}
        height={height}
        onLoad={onLoad}
        onError={onError}
        style={
          state === "loading" && thumbnail !== undefined
            ? { backgroundImage: `url("${encodeURI(thumbnail)}")` }
            : { backgroundImage: "none" }
        }
      />
      {state === "failed" && <p role="status">{words.pictureIsGone}</p>}
    </div>
  );
}
