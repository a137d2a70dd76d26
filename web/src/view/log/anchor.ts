/** Keeps what one looks at where it is, whatever comes, goes or grows around it. */

const CLOSE = 4;

/** A line of the log, never a boundary or a loader. */
const LINE = "[data-line]";

export class Anchor {
  /** Whether what is shown ends where the chat does. Else its end is a place like others, and more comes below it. */
  reachesEnd = true;
  #isEnd = true;
  #line: HTMLElement | undefined;
  #top = 0;

  constructor(private readonly scroller: HTMLElement) {}

  get isEnd(): boolean {
    return this.#isEnd;
  }

  /** Before a change: the end, if one is there, else the second line that is fully in view. */
  remember(): void {
    const { scroller } = this;
    const isBelow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= CLOSE;
    // Who followed the end goes on: what was said since is fetched first.
    this.#isEnd = isBelow && (this.reachesEnd || this.#isEnd);
    const frame = scroller.getBoundingClientRect();
    let found: HTMLElement | undefined;
    for (const line of this.#lines()) {
      const { top, bottom } = line.getBoundingClientRect();
      if (top < frame.top) continue;
      if (bottom > frame.bottom && found !== undefined) break;
      const isSecond = found !== undefined;
      found = line;
      if (isSecond) break;
    }
    this.#line = found;
    this.#top = found === undefined ? 0 : found.getBoundingClientRect().top - frame.top;
  }

  /** After it, before anything is painted. */
  restore(): void {
    const { scroller } = this;
    if (this.#isEnd) {
      scroller.scrollTop = scroller.scrollHeight;
      return;
    }
    const line = this.#line;
    if (line === undefined || !line.isConnected) return;
    const moved = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top - this.#top;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }

  /** Puts a line so far below the top, as a share of the height. */
  show(line: HTMLElement, share: number): void {
    const { scroller } = this;
    const offset = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += offset - scroller.clientHeight * share;
    this.#isEnd = false;
    this.remember();
  }

  showAt(line: HTMLElement, offset: number): void {
    const { scroller } = this;
    scroller.scrollTop += line.getBoundingClientRect().top - scroller.getBoundingClientRect().top - offset;
    this.#isEnd = false;
    this.remember();
  }

  showEnd(): void {
    this.#isEnd = true;
    this.restore();
    this.remember();
  }

  /** The first line in view, and how far it is below the top. */
  first(): { readonly seq: number; readonly offset: number } | undefined {
    const frame = this.scroller.getBoundingClientRect();
    for (const line of this.#lines()) {
      const { top } = line.getBoundingClientRect();
      const seq = Number(line.dataset["seq"]);
      if (top >= frame.top && seq > 0) return { seq, offset: Math.round(top - frame.top) };
    }
    return undefined;
  }

  /** The newest message of which half is in view. */
  seen(): number {
    const { bottom, top } = this.scroller.getBoundingClientRect();
    const lines = this.#lines();
    for (let at = lines.length - 1; at >= 0; at -= 1) {
      const line = lines[at];
      const seq = Number(line?.dataset["seq"]);
      if (line === undefined || !(seq > 0)) continue;
      const box = line.getBoundingClientRect();
      const middle = box.top + Math.min(box.height, bottom - top) / 2;
      if (middle <= bottom && box.bottom >= top) return seq;
    }
    return 0;
  }

  #lines(): HTMLElement[] {
    return [...this.scroller.querySelectorAll<HTMLElement>(LINE)];
  }
}

/** Where the log keeps its anchor, once it stands in the page. */
export interface AnchorRef {
  current: Anchor | undefined;
}
