/** What one looks at stays, and the end is followed only where it is the chat's. */
import { expect, test } from "vitest";
import { Anchor } from "../src/view/log/anchor.ts";

const HEIGHT = 600;

/** A scroller of lines, 30 pixels each, as far as it is asked here. */
function scroller(count: number) {
  let top = 0;
  const lines: HTMLElement[] = [];
  const all = {
    clientHeight: HEIGHT,
    get scrollHeight() {
      return lines.length * 30;
    },
    get scrollTop() {
      return top;
    },
    set scrollTop(wanted: number) {
      top = Math.max(0, Math.min(wanted, lines.length * 30 - HEIGHT));
    },
    getBoundingClientRect: () => ({ top: 0, bottom: HEIGHT }),
    querySelectorAll: () => lines,
  };
  const add = (more: number) => {
    for (let at = lines.length; more > 0; at += 1, more -= 1) {
      const box = () => ({ top: at * 30 - top, bottom: (at + 1) * 30 - top, height: 30 });
      lines.push({
        isConnected: true,
        dataset: { seq: String(at + 1) },
        getBoundingClientRect: box,
      } as unknown as HTMLElement);
    }
  };
  add(count);
  const anchor = new Anchor(all as unknown as HTMLElement);
  return { all, lines, anchor, add };
}

test("who is led to a line close to the end of what is here stays there while more comes below", () => {
  const { all, lines, anchor, add } = scroller(51);
  anchor.reachesEnd = false;
  anchor.show(lines[41] as HTMLElement, 1 / 3);
  const top = all.scrollTop;
  add(50);
  anchor.restore();
  expect(all.scrollTop).toBe(top);
});

test("who is at the end of the chat follows it, also through what must be fetched first", () => {
  const { all, anchor, add } = scroller(40);
  anchor.showEnd();
  anchor.reachesEnd = false;
  anchor.remember();
  add(50);
  anchor.restore();
  expect(all.scrollTop).toBe(90 * 30 - HEIGHT);
});
