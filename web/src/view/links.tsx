/** Links inside the application: they have an address, and open in place. */
import type { JSX } from "preact";
import { type Place, pathOf } from "../place/place.ts";
import { useApp } from "./context.ts";

export interface PlaceLinkProps extends Omit<JSX.IntrinsicElements["a"], "href" | "onClick" | "icon"> {
  readonly to: Place;
  readonly replaces?: boolean;
  /** Comes before the place is opened. */
  readonly onChosen?: () => void;
}

export function PlaceLink({ to, replaces = false, onChosen, ...rest }: PlaceLinkProps) {
  const app = useApp();
  return (
    <a
      {...(rest as object)}
      href={pathOf(to)}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onChosen?.();
        if (replaces) app.replace(to);
        else app.push(to);
      }}
    >
      {rest.children}
    </a>
  );
}
