/** A part of the settings, with its heading. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export function Region({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="region" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
