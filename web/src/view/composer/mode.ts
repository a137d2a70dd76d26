/** What the composer is at: a new message, an answer, or a text that is mended. */
import type { Signal } from "@preact/signals";

export type Mode =
  | { readonly is: "reply"; readonly seq: number; readonly who: string; readonly text: string }
  | {
      readonly is: "edit";
      readonly seq: number;
      readonly edits: number;
      readonly text: string;
      readonly hasFiles: boolean;
    };

export type ModeSignal = Signal<Mode | undefined>;
