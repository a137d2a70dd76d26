// @vitest-environment happy-dom
/** The parts, by role and name: fields say what is wrong, dialogs and menus give the focus back. */
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { Ask } from "../src/look/Dialog.tsx";
import { Field, SearchBox, Switch } from "../src/look/Field.tsx";
import { Menu } from "../src/look/Menu.tsx";

afterEach(cleanup);
const nothing = () => undefined;

test("a field in error is invalid, and its description says why", () => {
  render(<Field label="Name" value="" error="Name is needed." hint="As others see it." onText={nothing} />);
  const field = screen.getByRole("textbox", { name: "Name", description: "As others see it. Name is needed." });
  expect(field.getAttribute("aria-invalid")).toBe("true");
});

test("Esc empties a search, and only the next one goes on", () => {
  const heard = vi.fn();
  const texts: string[] = [];
  const box = (text: string) => (
    <div onKeyDown={heard}>
      <SearchBox label="Search" value={text} onText={(next) => texts.push(next)} />
    </div>
  );
  const { rerender } = render(box("ann"));
  fireEvent.keyDown(screen.getByRole("searchbox", { name: "Search" }), { key: "Escape" });
  expect([texts, heard.mock.calls.length]).toEqual([[""], 0]);
  rerender(box(""));
  fireEvent.keyDown(screen.getByRole("searchbox", { name: "Search" }), { key: "Escape" });
  expect([texts, heard.mock.calls.length]).toEqual([[""], 1]);
});

test("a switch tells what it is switched to", () => {
  const changed = vi.fn();
  render(<Switch label="Sound" on={false} onChange={changed} />);
  fireEvent.click(screen.getByRole("switch", { name: "Sound" }));
  expect(changed).toHaveBeenCalledWith(true);
});

test("what is asked has a name and both answers, and the focus comes back", () => {
  const before = document.createElement("button");
  document.body.append(before);
  before.focus();
  const yes = vi.fn();
  const { unmount } = render(<Ask title="Leave Band?" verb="Leave" cancel="Cancel" onYes={yes} onClose={nothing} />);
  expect(screen.getByRole("alertdialog", { name: "Leave Band?" }).hasAttribute("open")).toBe(true);
  screen.getByRole("button", { name: "Cancel" });
  fireEvent.click(screen.getByRole("button", { name: "Leave" }));
  expect(yes).toHaveBeenCalledOnce();
  unmount();
  expect(document.activeElement).toBe(before);
  before.remove();
});

test("arrows move in a menu and come round, Esc closes it and gives the focus back", () => {
  HTMLElement.prototype.showPopover ??= nothing;
  const button = document.createElement("button");
  document.body.append(button);
  const [first, closed] = [vi.fn(), vi.fn()];
  const items = [
    { label: "Reply", act: first },
    { label: "Star", act: nothing },
  ];
  render(<Menu label="Message actions" items={items} at={button} onClose={closed} />);
  const menu = screen.getByRole("menu", { name: "Message actions" });
  const key = (name: string) => {
    fireEvent.keyDown(menu, { key: name });
    return document.activeElement?.textContent;
  };
  expect([document.activeElement?.textContent, key("ArrowDown"), key("ArrowDown"), key("End")]).toEqual([
    "Reply",
    "Star",
    "Reply",
    "Star",
  ]);
  fireEvent.click(screen.getByRole("menuitem", { name: "Reply" }));
  expect([first.mock.calls.length, closed.mock.calls.length]).toEqual([1, 1]);
  key("Escape");
  expect(closed).toHaveBeenCalledTimes(2);
  expect(document.activeElement).toBe(button);
  button.remove();
});
