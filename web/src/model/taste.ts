/** What one likes on this device: theme, language, keys, notifications. */

export interface Taste {
  readonly theme: "system" | "light" | "dark";
  /** A language's tag, or the browser's. */
  readonly language: string;
  readonly enterSends: boolean;
  readonly notify: boolean;
  readonly showText: boolean;
  readonly sound: boolean;
  readonly keep: boolean;
}

export const PLAIN: Taste = {
  theme: "system",
  language: "system",
  enterSends: true,
  notify: false,
  showText: true,
  sound: false,
  keep: true,
};
