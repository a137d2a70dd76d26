/** What the composer is at: a new message, or an answer. */
import type { Signal } from "@preact/signals";

export interface Mode {
  readonly is: "reply";
  readonly seq: number;
  readonly who: string;
  readonly text: string;
}

export type ModeSignal = Signal<Mode | undefined>;
