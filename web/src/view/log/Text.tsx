/** A text with its links, as text nodes and elements. Long ones are folded. */
import { useMemo, useState } from "preact/hooks";
import { FOLD, pieces } from "../../model/text.ts";
import { placeOf } from "../../place/place.ts";
import { useApp } from "../context.ts";

export function Text({
  text,
  isActive,
  showAll,
}: {
  readonly text: string;
  readonly isActive: boolean;
  readonly showAll: string;
}) {
  const app = useApp();
  const [isOpen, setOpen] = useState(false);
  const isFolded = !isOpen && text.length > FOLD;
  const shown = isFolded ? `${text.slice(0, FOLD)}…` : text;
  const all = useMemo(() => pieces(shown), [shown]);
  const stop = isActive ? 0 : -1;
  const open = (event: MouseEvent, href: string) => {
    const url = new URL(href);
    if (
      url.origin !== location.origin ||
      !url.pathname.startsWith("/app/") ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey
    )
      return;
    event.preventDefault();
    app.push(placeOf(url.pathname));
  };
  return (
    <>
      {all.map((piece, index) =>
        piece.is === "text" ? (
          piece.text
        ) : (
          <a
            key={index}
            href={piece.href}
            rel="noopener noreferrer nofollow"
            target={piece.href.startsWith(`${location.origin}/app/`) ? undefined : "_blank"}
            tabIndex={stop}
            onClick={(event) => open(event, piece.href)}
          >
            {piece.text}
          </a>
        ),
      )}
      {isFolded && (
        <button type="button" class="button button-link" tabIndex={stop} onClick={() => setOpen(true)}>
          {showAll}
        </button>
      )}
    </>
  );
}
