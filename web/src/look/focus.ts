/** Moves the focus inside a list, a menu or a log: one tab stop, arrows go on. */

/** Where an arrow leads in a list of so many, or nothing if the key is another one. */
export function step(key: string, at: number, length: number, wraps: boolean): number | undefined {
  const last = length - 1;
  switch (key) {
    case "ArrowDown":
      return at < last ? at + 1 : wraps ? 0 : last;
    case "ArrowUp":
      return at > 0 ? at - 1 : wraps ? last : 0;
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}

/** Handles a key in a container whose items match `selector`. */
export function rove(event: KeyboardEvent, container: HTMLElement, selector: string, wraps: boolean): boolean {
  const items = [...container.querySelectorAll<HTMLElement>(selector)];
  const at = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
  const next = step(event.key, Math.max(at, 0), items.length, wraps);
  const item = next === undefined ? undefined : items[at < 0 ? 0 : next];
  if (item === undefined) return false;
  event.preventDefault();
  item.focus();
  return true;
}

/** Before a control goes: its neighbour in the list gets the focus, or what stands for the list. */
export function handOver(control: HTMLElement, neighbours: string, otherwise: string): void {
  const list = control.closest("ul");
  const all = [...(list?.querySelectorAll<HTMLElement>(neighbours) ?? [])];
  const at = all.indexOf(control);
  const next = all[at + 1] ?? all[at - 1] ?? document.querySelector<HTMLElement>(otherwise);
  next?.focus();
}
