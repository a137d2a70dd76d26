/** What this device can say of a file before the server does: a picture and its size, or how long something plays. */
import { PICTURES } from "../model/attachment.ts";

export interface Preview {
  /** An address inside of the page. */
  readonly preview?: string;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
}

/** Longer nobody waits for the beginning of a film. */
const PATIENCE = 3_000;

/** Nothing, if it is something else, or the browser cannot read it. */
export async function preview(bytes: Blob): Promise<Preview | undefined> {
  if (PICTURES.includes(bytes.type)) return await picture(bytes);
  return /^(audio|video)\//.test(bytes.type) ? await played(bytes) : undefined;
}

export function forget(address: string | undefined): void {
  if (address !== undefined) URL.revokeObjectURL(address);
}

async function picture(bytes: Blob): Promise<Preview | undefined> {
  const address = URL.createObjectURL(bytes);
  const image = new Image();
  const isRead = heard(image, "load");
  image.src = address;
  if (await isRead) return { preview: address, width: image.naturalWidth, height: image.naturalHeight };
  URL.revokeObjectURL(address);
  return undefined;
}

async function played(bytes: Blob): Promise<Preview | undefined> {
  const address = URL.createObjectURL(bytes);
  const player = document.createElement(bytes.type.startsWith("audio/") ? "audio" : "video");
  player.preload = "metadata";
  const isRead = heard(player, "loadedmetadata");
  player.src = address;
  const { duration } = (await isRead) ? player : { duration: Number.NaN };
  player.removeAttribute("src");
  URL.revokeObjectURL(address);
  return Number.isFinite(duration) ? { duration: Math.round(duration * 10) / 10 } : undefined;
}

async function heard(element: HTMLElement, event: "load" | "loadedmetadata"): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE);
    const end = (isRead: boolean) => () => {
      clearTimeout(timer);
      resolve(isRead);
    };
    element.addEventListener(event, end(true));
    element.addEventListener("error", end(false));
  });
}
