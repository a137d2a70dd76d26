/** In the composer's place, where one may not write: why. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Hindrance } from "../../model/rules.ts";
import { useApp } from "../context.ts";
import { hindranceText } from "./hindrance.ts";

export function Hindered({ hindrance }: { readonly hindrance: Hindrance }) {
  const app = useApp();
  const text = useRef<HTMLParagraphElement>(null);
  // Whoever was writing finds the reason where the field was.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) text.current?.focus();
  }, []);
  return (
    <div class="composer">
      <p class="composer-hindered quiet" ref={text} tabIndex={-1}>
        {hindranceText(app.speech.value, app.today.value, hindrance)}
      </p>
    </div>
  );
}
