/** What a picture looks like from afar, until it is there. */
import { useEffect, useRef } from "preact/hooks";

/** Pixels. What is drawn of them is stretched. */
const SIDE = 32;

export function Blur({ hash }: { readonly hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isWanted = true;
    import("./blurhash.ts").then(
      ({ paint }) => {
        if (isWanted && canvas.current !== null) paint(canvas.current, hash);
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [hash]);
  return <canvas ref={canvas} class="file-blur" width={SIDE} height={SIDE} aria-hidden="true" />;
}
