/** Draws what a blurhash tells of a picture. Loaded with the first picture that is waited for. */
import { decode, isBlurhashValid } from "blurhash";

/** Nothing, if it is none. */
export function blurred(hash: string, side: number): Uint8ClampedArray<ArrayBuffer> | undefined {
  return isBlurhashValid(hash).result ? new Uint8ClampedArray(decode(hash, side, side)) : undefined;
}

export function paint(canvas: HTMLCanvasElement, hash: string): void {
  const pixels = blurred(hash, canvas.width);
  if (pixels !== undefined) canvas.getContext("2d")?.putImageData(new ImageData(pixels, canvas.width), 0, 0);
}
