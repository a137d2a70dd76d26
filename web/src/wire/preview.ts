/** Shows a picture of this device before the server does: its address inside of the page, and its size. */

export interface Preview {
  readonly preview: string;
  readonly width: number;
  readonly height: number;
}

import { PICTURES } from "../model/attachment.ts";

/** Nothing, if it is no picture, or one that the browser cannot read. */
export async function preview(bytes: Blob): Promise<Preview | undefined> {
  if (!PICTURES.includes(bytes.type)) return undefined;
  const address = URL.createObjectURL(bytes);
  const picture = new Image();
  const isRead = await new Promise<boolean>((resolve) => {
    picture.addEventListener("load", () => resolve(true));
    picture.addEventListener("error", () => resolve(false));
    picture.src = address;
  });
  if (isRead) return { preview: address, width: picture.naturalWidth, height: picture.naturalHeight };
  URL.revokeObjectURL(address);
  return undefined;
}

export function forget(address: string | undefined): void {
  if (address !== undefined) URL.revokeObjectURL(address);
}
