/** The files of a message: pictures, films and sounds in place, all else to be fetched. */
import type { ComponentChildren } from "preact";
import { Icon } from "../../look/Icon.tsx";
import { type Attachment, kindOf, shownAs } from "../../model/attachment.ts";
import type { Words } from "../../words/en.ts";
import type { Say } from "../../words/say.ts";
import type { LineActs } from "./acts.ts";
import { Picture } from "./Picture.tsx";

export interface AttachmentsProps {
  /** Of the message that holds them. */
  readonly seq: number;
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

function One({ seq, act, ...props }: FileProps & Pick<AttachmentsProps, "seq" | "act">) {
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
      return <Picture seq={seq} file={file} stop={stop} words={props.words} act={act} />;
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
