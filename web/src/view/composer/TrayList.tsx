/** The files that wait beside the text. */
import { IconButton } from "../../look/Button.tsx";
import { Icon } from "../../look/Icon.tsx";
import type { Upload } from "../../model/attachment.ts";
import { useApp } from "../context.ts";
import { fileRefusal } from "../file-refusal.ts";
import { Progress } from "../log/Uploading.tsx";
import type { Tray } from "./files.ts";

export interface TrayListProps {
  readonly tray: Tray;
  /** Where the focus goes when its button went. */
  readonly onRemoved: () => void;
}

export function TrayList({ tray, onRemoved }: TrayListProps) {
  const app = useApp();
  const { words, say } = app.speech.value;
  if (tray.uploads.length === 0) return null;
  return (
    <ul class="tray" aria-label={words.attachments}>
      {tray.uploads.map((upload) => (
        <li key={upload.key} class="tray-item" aria-label={upload.name}>
          <Sight upload={upload} />
          <span class="tray-what">
            <span class="file-name" dir="auto">
              {upload.name}
            </span>
            <Progress upload={upload} />
            {upload.refused === undefined ? (
              <span class="quiet">{say.size(upload.size)}</span>
            ) : (
              <span class="tray-refused" role="alert">
                {fileRefusal(words, upload.refused, tray.bytes)}
              </span>
            )}
          </span>
          {upload.refused !== undefined && !FINAL.includes(upload.refused) && (
            <IconButton icon="again" label={words.tryFileAgain(upload.name)} onClick={() => tray.again(upload.key)} />
          )}
          <IconButton
            icon="close"
            label={words.removeFile(upload.name)}
            onClick={() => {
              tray.remove(upload.key);
              onRemoved();
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function Sight({ upload: { preview, file } }: { readonly upload: Upload }) {
  const source = preview ?? file?.thumbnail;
  return source === undefined ? (
    <span class="tray-sight">
      <Icon name="file" />
    </span>
  ) : (
    <img class="tray-sight" src={source} alt="" width={40} height={40} draggable={false} />
  );
}

/** Another try would end alike. */
const FINAL = ["file_too_large", "file_empty", "file_400", "file_413", "file_415"];
