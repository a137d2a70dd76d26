/** Brings one file to the server, as raw bytes, and tells how far it has come. Fetch cannot tell that. */
import type { Attachment } from "../model/attachment.ts";
import type { Refusal } from "../model/intent.ts";
import { attachment } from "./files.ts";
import { type Fields, fields, textIf } from "./shapes.ts";

export type Sent = { readonly ok: true; readonly file: Attachment } | { readonly ok: false; readonly refusal: Refusal };

/** What is sent, and what is said of it. */
export interface Sending {
  readonly bytes: Blob;
  readonly name: string;
  /** Seconds. */
  readonly duration?: number;
}

export type Upload = (file: Sending, progress: (share: number) => void, signal: AbortSignal) => Promise<Sent>;

/** So long nothing may come of it. A file may take longer, as long as it goes on. */
const SILENCE = 60_000;

export const upload: Upload = ({ bytes, name, duration }, progress, signal) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENCE);
    };
    const end = (sent: Sent) => {
      clearTimeout(timer);
      resolve(sent);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      alive();
      progress(total === 0 ? 0 : loaded / total);
    });
    request.addEventListener("load", () => end(sentOf(request)));
    for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, () => end(refused("offline")));
    signal.addEventListener("abort", () => request.abort());
    const length = duration === undefined ? "" : `&duration=${duration}`;
    request.open("POST", `/files?name=${encodeURIComponent(name)}${length}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "text";
    alive();
    request.send(bytes);
  });

function sentOf(request: XMLHttpRequest): Sent {
  const body = bodyOf(request.responseText);
  try {
    if (request.status === 200) return { ok: true, file: attachment(fields(body["File"])) };
  } catch {
    return refused("unavailable");
  }
  const wait = Number(request.getResponseHeader("retry-after"));
  return refused(`file_${request.status}`, textIf(body, "message"), wait > 0 ? wait : undefined);
}

function bodyOf(text: string): Fields {
  try {
    return fields(JSON.parse(text));
  } catch {
    return {};
  }
}

function refused(code: string, message = "", retryAfter?: number): Sent {
  return { ok: false, refusal: { code, message, ...(retryAfter === undefined ? {} : { retryAfter }) } };
}
