/** The files of a message: pictures, films and sounds in place, all else to be fetched. */
import type { ComponentChildren } from "preact";
import { Icon } from "../../look/Icon.tsx";
import { type Attachment, boxOf, colourOf, kindOf, shownAs } from "../../model/attachment.ts";
import type { Words } from "../../words/en.ts";
import type { Say } from "../../words/say.ts";
import type { LineActs } from "./acts.ts";

export interface AttachmentsProps {
  readonly files: readonly Attachment[];
  readonly isActive: boolean;
  readonly words: Words;
  readonly say: Say;
  readonly act: LineActs;
}

export function Attachments({ files, isActive, ...shared }: AttachmentsProps) {
  return (
    <div class="files">
      {files.map((file) => (
        <One key={file.id} file={file} stop={isActive ? 0 : -1} {...shared} />
      ))}
    </div>
  );
}

interface FileProps {
  readonly file: Attachment;
  readonly stop: number;
  readonly words: Words;
  readonly say: Say;
}

function One({ act, ...props }: FileProps & { readonly act: LineActs }) {
  const { file, stop } = props;
  const player = {
    controls: true,
    preload: "metadata",
    src: file.url,
    "aria-label": file.name,
    tabIndex: stop,
  } as const;
  switch (shownAs(file)) {
    case "picture":
      return <Picture {...props} act={act} />;
    case "film":
      return (
        <Played {...props}>
          <video class="file-film" {...player} />
        </Played>
      );
    case "sound":
      return (
        <Played {...props}>
          <audio class="file-sound" {...player} />
        </Played>
      );
    case "file":
      return <Download {...props} />;
  }
}

/** Its place has its size before it is loaded, and its mean colour where the server says it. */
function Picture({ file, stop, words, act }: FileProps & { readonly act: LineActs }) {
  const { width, height } = boxOf(file.width, file.height);
  const colour = colourOf(file.blurhash);
  return (
    <a
      class="file-picture"
      href={file.url}
      aria-label={words.imageOf(file.name)}
      aria-haspopup="dialog"
      tabIndex={stop}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        act.view(file.id);
      }}
    >
      <img
        src={file.thumbnail}
        alt={file.name}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        draggable={false}
        style={colour === undefined ? {} : { backgroundColor: colour }}
      />
    </a>
  );
}

function Played({ children, ...file }: FileProps & { readonly children: ComponentChildren }) {
  return (
    <div class="file-played">
      {children}
      <Download {...file} />
    </div>
  );
}

function Download({ file, stop, words, say }: FileProps) {
  const label = words.downloadOf(file.name, file.size);
  // The kind is written in its own direction, whatever the language's.
  const kind = `\u2068${kindOf(file)}\u2069 · ${say.size(file.size)}`;
  return (
    <a
      class="file-card"
      href={`${file.url}?download=1`}
      download={file.name}
      aria-label={label}
      title={label}
      tabIndex={stop}
    >
      <Icon name="file" />
      <span class="file-name" dir="auto">
        {file.name}
      </span>
      <span class="file-kind quiet" data-kind={kind} />
    </a>
  );
}
