/** Whether somebody looks at this tab, and whether the browser thinks that there is a network. */

export interface Awake {
  isVisible(): boolean;
  isFocused(): boolean;
  /** Calls back on every change of these, and when the network seems to be there again. */
  onChange(changed: () => void): void;
  onOnline(online: () => void): void;
}

export function awakeOf(page: Document, window: Pick<Window, "addEventListener">): Awake {
  return {
    isVisible: () => page.visibilityState === "visible",
    isFocused: () => page.visibilityState === "visible" && page.hasFocus(),
    onChange(changed) {
      page.addEventListener("visibilitychange", changed);
      window.addEventListener("focus", changed);
      window.addEventListener("blur", changed);
    },
    onOnline(online) {
      window.addEventListener("online", online);
      window.addEventListener("focus", online);
      page.addEventListener("visibilitychange", online);
    },
  };
}
