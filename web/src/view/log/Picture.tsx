/** A picture in a line. Its place has its size before it is loaded, and shows what the server says that it looks like. */
import { type Attachment, boxOf, colourOf } from "../../model/attachment.ts";
import type { Words } from "../../words/en.ts";
import { useSource } from "../picture/source.ts";
import type { LineActs } from "./acts.ts";
import { Blur } from "./Blur.tsx";

export interface PictureProps {
  /** Of the message that holds it. */
  readonly seq: number;
  readonly file: Attachment;
  readonly stop: number;
  readonly words: Words;
  readonly act: LineActs;
}

export function Picture({ seq, file, stop, words, act }: PictureProps) {
  const { thumbnail = file.url } = file;
  const source = useSource(thumbnail, () => act.saw(seq, thumbnail));
  const isWaiting = source.state === "loading";
  const { width, height } = boxOf(file.width, file.height);
  const colour = isWaiting ? colourOf(file.blurhash) : undefined;
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
        key={source.turn}
        src={source.src}
        alt={file.name}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        draggable={false}
        onLoad={source.onLoad}
        onError={source.onError}
      />
    </a>
  );
}
