/** A field that is as high as its text, whatever its width. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => grow(field.current), [text]);
  useEffect(() => {
    const turned = () => grow(field.current);
    window.addEventListener("resize", turned);
    return () => window.removeEventListener("resize", turned);
  }, [field]);
}

function grow(area: HTMLTextAreaElement | null): void {
  if (area === null) return;
  area.style.setProperty("height", "auto");
  area.style.setProperty("height", `${area.scrollHeight + 2}px`);
}
