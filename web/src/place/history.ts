/** The browser's history as places. Pushes, replaces, goes back, and tells when the place changed. */
import { type Place, parentOf, pathOf, placeOf, samePlace } from "./place.ts";

/** What of the window is needed; tests bring their own. */
export interface Browser {
  readonly location: { readonly pathname: string; readonly hash: string };
  readonly history: Pick<History, "pushState" | "replaceState" | "back" | "state">;
  addEventListener(type: "popstate", listener: () => void): void;
}

export class Places {
  #now: Place;

  constructor(
    private readonly browser: Browser,
    private readonly changed: (place: Place) => void,
  ) {
    this.#now = this.#here();
    browser.addEventListener("popstate", () => this.#arrive(this.#here()));
  }

  get now(): Place {
    return this.#now;
  }

  push(place: Place): void {
    if (samePlace(place, this.#now)) return;
    this.browser.history.pushState({ depth: this.#depth() + 1 }, "", pathOf(place));
    this.#arrive(place);
  }

  replace(place: Place): void {
    this.browser.history.replaceState({ depth: this.#depth() }, "", pathOf(place));
    this.#arrive(place);
  }

  /** Closes what is on top: back, or to the parent if this address was loaded cold. */
  close(): void {
    if (this.#depth() > 0) this.browser.history.back();
    else this.replace(parentOf(this.#now));
  }

  #here(): Place {
    return placeOf(this.browser.location.pathname + this.browser.location.hash);
  }

  /** How many of our own pages lie below this one. */
  #depth(): number {
    const state: unknown = this.browser.history.state;
    const depth = typeof state === "object" && state !== null && "depth" in state ? state.depth : 0;
    return typeof depth === "number" ? depth : 0;
  }

  #arrive(place: Place): void {
    this.#now = place;
    this.changed(place);
  }
}
