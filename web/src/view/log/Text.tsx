/** A text with its links, marks and names, as text nodes and elements. Long ones are folded. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Finder, FOLD, mayHoldAddress, type Piece, pieces } from "../../model/text.ts";
import { placeOf } from "../../place/place.ts";
import { useApp } from "../context.ts";

export interface TextProps {
  readonly text: string;
  /** Whom it mentions, by name. */
  readonly names: string;
  readonly isActive: boolean;
  readonly showAll: string;
}

export function Text({ text, names, isActive, showAll }: TextProps) {
  const [isOpen, setOpen] = useState(false);
  const isFolded = !isOpen && text.length > FOLD;
  const shown = isFolded ? `${text.slice(0, FOLD)}…` : text;
  const find = useFinder(shown);
  const all = useMemo(() => pieces(shown, names === "" ? [] : names.split("\n"), find), [shown, names, find]);
  const stop = isActive ? 0 : -1;
  return (
    <>
      <Pieces pieces={all} stop={stop} />
      {isFolded && (
        <button type="button" class="button button-link" tabIndex={stop} onClick={() => setOpen(true)}>
          {showAll}
        </button>
      )}
    </>
  );
}

let finder: Finder | undefined;

/** Addresses are words until what finds them is there. Where it cannot be fetched they stay so. */
function useFinder(text: string): Finder | undefined {
  const [found, setFound] = useState<Finder | undefined>(() => finder);
  const isNeeded = found === undefined && mayHoldAddress(text);
  useEffect(() => {
    if (!isNeeded) return;
    import("../../model/links.ts").then(
      ({ addressesIn }) => {
        finder = addressesIn;
        setFound(() => addressesIn);
      },
      () => undefined,
    );
  }, [isNeeded]);
  return found;
}

function Pieces({
  pieces: all,
  stop,
}: {
  readonly pieces: readonly Piece[];
  readonly stop: number;
}): ComponentChildren {
  return all.map((piece, index) => <One key={index} piece={piece} stop={stop} />);
}

function One({ piece, stop }: { readonly piece: Piece; readonly stop: number }): ComponentChildren {
  switch (piece.is) {
    case "text":
      return piece.text;
    case "link":
      return <Address text={piece.text} href={piece.href} stop={stop} />;
    case "name":
      return <strong class="named">{piece.text}</strong>;
    case "code":
      return <code>{piece.text}</code>;
    case "block":
      return (
        <pre>
          <code>{piece.text}</code>
        </pre>
      );
    case "bold":
      return (
        <strong>
          <Pieces pieces={piece.pieces} stop={stop} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Pieces pieces={piece.pieces} stop={stop} />
        </em>
      );
    case "struck":
      return (
        <del>
          <Pieces pieces={piece.pieces} stop={stop} />
        </del>
      );
    case "quote":
      return (
        <blockquote>
          <Pieces pieces={piece.pieces} stop={stop} />
        </blockquote>
      );
  }
}

/** Shown as it is written. One of this very client opens in place. */
function Address({ text, href, stop }: { readonly text: string; readonly href: string; readonly stop: number }) {
  const app = useApp();
  const isOurs = href.startsWith(`${location.origin}/app/`) || href.startsWith(`${location.origin}/join/`);
  const open = (event: MouseEvent) => {
    if (!isOurs || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { pathname, hash } = new URL(href);
    app.push(placeOf(pathname + hash));
  };
  return (
    <a
      href={href}
      rel="noopener noreferrer nofollow"
      target={isOurs ? undefined : "_blank"}
      tabIndex={stop}
      onClick={open}
    >
      {text}
    </a>
  );
}
