/** A picture in a line. Its place has its size before it is loaded, and shows what the server says that it looks like. */
import { useState } from "preact/hooks";
import { type Attachment, boxOf, colourOf } from "../../model/attachment.ts";
import type { Words } from "../../words/en.ts";
import type { LineActs } from "./acts.ts";
import { Blur } from "./Blur.tsx";

export interface PictureProps {
  readonly file: Attachment;
  readonly stop: number;
  readonly words: Words;
  readonly act: LineActs;
}

export function Picture({ file, stop, words, act }: PictureProps) {
  const [isThere, setThere] = useState(false);
  const { width, height } = boxOf(file.width, file.height);
  const colour = isThere ? undefined : colourOf(file.blurhash);
  return (
    <a
      class="file-picture"
      href={file.url}
      aria-label={words.imageOf(file.name)}
      aria-haspopup="dialog"
      tabIndex={stop}
      style={colour === undefined ? {} : { backgroundColor: colour }}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        act.view(file.id);
      }}
    >
      {colour !== undefined && file.blurhash !== undefined && <Blur hash={file.blurhash} />}
      <img
        class={colour === undefined ? undefined : "file-over"}
        src={file.thumbnail}
        alt={file.name}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        draggable={false}
        onLoad={() => setThere(true)}
      />
    </a>
  );
}
