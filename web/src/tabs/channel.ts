/** What one tab tells the others of the same user: drafts, and that they are logged out. */

export type Told =
  | { readonly is: "draft"; readonly user: string; readonly chat: string; readonly text: string }
  | { readonly is: "out"; readonly user: string }
  | { readonly is: "in" };

export class Channel {
  readonly #channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("greenroom");

  constructor(heard: (told: Told) => void) {
    this.#channel?.addEventListener("message", (event: MessageEvent<Told>) => heard(event.data));
  }

  tell(told: Told): void {
    this.#channel?.postMessage(told);
  }
}
