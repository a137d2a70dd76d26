/** The files of a message that waits to be sent, as far as they have come. */
import { Icon } from "../../look/Icon.tsx";
import { boxOf, type Upload } from "../../model/attachment.ts";
import type { Say } from "../../words/say.ts";

export function Uploading({ uploads, say }: { readonly uploads: readonly Upload[]; readonly say: Say }) {
  return (
    <div class="files">
      {uploads.map((upload) => (
        <div key={upload.key} class={upload.preview === undefined ? "file-card" : "file-picture"}>
          {upload.preview === undefined ? <Named upload={upload} say={say} /> : <Seen upload={upload} />}
          <Progress upload={upload} />
        </div>
      ))}
    </div>
  );
}

function Seen({ upload }: { readonly upload: Upload }) {
  const { width, height } = boxOf(upload.width, upload.height);
  return <img src={upload.preview} alt={upload.name} width={width} height={height} draggable={false} />;
}

function Named({ upload, say }: { readonly upload: Upload; readonly say: Say }) {
  return (
    <>
      <Icon name="file" />
      <span class="file-name" dir="auto">
        {upload.name}
      </span>
      <span class="quiet">{say.size(upload.size)}</span>
    </>
  );
}

/** Nothing, once it is there or cannot come there. */
export function Progress({ upload }: { readonly upload: Upload }) {
  if (upload.file !== undefined || upload.refused !== undefined) return null;
  return <progress class="file-progress" aria-label={upload.name} max={1} value={upload.share} />;
}
