/** A menu that opens at a button. Arrows move, Esc and Tab close, and the button gets the focus back. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { rove } from "./focus.ts";

export interface MenuItem {
  readonly label: string;
  readonly act: () => void;
  readonly isDanger?: boolean;
  /** What it does replaces the menu by something else that stands in its place. */
  readonly stays?: boolean;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** What it opened at. */
  readonly at: HTMLElement;
  readonly onClose: () => void;
}

export function Menu({ label, items, at, onClose }: MenuProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = element.current;
    if (menu === null) return;
    menu.showPopover();
    place(menu, at.getBoundingClientRect());
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const leave = (event: Event) => {
      if (event.target instanceof Node && !menu.contains(event.target)) onClose();
    };
    const follow = () => place(menu, at.getBoundingClientRect());
    document.addEventListener("pointerdown", leave, true);
    window.addEventListener("resize", follow);
    return () => {
      document.removeEventListener("pointerdown", leave, true);
      window.removeEventListener("resize", follow);
    };
  }, [at, onClose]);
  const close = () => {
    if (at.isConnected) at.focus();
    onClose();
  };
  return (
    <div
      ref={element}
      class="menu"
      popover="manual"
      role="menu"
      aria-label={label}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "Tab") {
          event.preventDefault();
          close();
        } else rove(event, event.currentTarget, "[role=menuitem]", true);
      }}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={item.isDanger === true ? "menu-item menu-danger" : "menu-item"}
          onClick={() => {
            if (at.isConnected) at.focus();
            item.act();
            if (item.stays !== true) onClose();
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}

/** Below the button if there is room, else above it; never outside the page. */
function place(menu: HTMLElement, button: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const gap = 4;
  const below = button.bottom + gap;
  const top = below + height <= window.innerHeight - gap ? below : Math.max(gap, button.top - gap - height);
  const wanted = getComputedStyle(menu).direction === "rtl" ? button.left : button.right - width;
  const left = Math.min(Math.max(gap, wanted), window.innerWidth - width - gap);
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${left}px`);
}
