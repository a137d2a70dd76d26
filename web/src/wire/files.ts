/** What the server says of a file, read into the model's own. */
import type { Attachment } from "../model/attachment.ts";
import { count, countIf, type Fields, Malformed, some, text, textIf } from "./shapes.ts";

export function attachment(from: Fields): Attachment {
  return some({
    id: text(from, "Id"),
    name: text(from, "Name"),
    type: text(from, "Type"),
    size: count(from, "Size"),
    width: countIf(from, "Width"),
    height: countIf(from, "Height"),
    duration: countIf(from, "Duration"),
    blurhash: textIf(from, "Blurhash"),
    url: path(text(from, "Url")),
    thumbnail: pathIf(textIf(from, "ThumbnailUrl")),
  });
}

function pathIf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : path(url);
}

/** A path on this server, and nothing that leads elsewhere or runs. */
function path(url: string): string {
  if (!/^\/(?![/\\])/.test(url)) throw new Malformed("not a path on this server");
  return url;
}
