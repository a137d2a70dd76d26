/** Keys inside the log: arrows move, Enter opens the actions, C copies, R replies, E reacts. */
import { rove } from "../../look/focus.ts";
import type { Chat } from "../../model/model.ts";
import type { ModeSignal } from "../composer/mode.ts";
import type { App } from "../context.ts";
import { copy } from "../copy.ts";
import { answer, mayAnswer, mayReact } from "./answer.ts";
import type { MenuAt } from "./LineMenu.tsx";

export interface Keyed {
  readonly app: App;
  readonly chat: Chat;
  readonly mode: ModeSignal;
  readonly menu: (menu: MenuAt) => void;
}

export function keyInLog(event: KeyboardEvent, { app, chat, mode, menu }: Keyed): void {
  const log = event.currentTarget;
  const line = document.activeElement;
  if (!(log instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  // Arrows in a player are its own.
  if (event.target instanceof HTMLMediaElement) return;
  if (rove(event, log, "[data-line]", false)) return;
  if (!(line instanceof HTMLElement) || line.dataset["line"] === undefined) return;
  const button = line.querySelector<HTMLElement>(".line-actions");
  const message = app.model.value.chats[chat.id]?.window?.messages.find((one) => `m-${one.seq}` === line.id);
  if (message === undefined || button === null) return;
  switch (event.key.toLowerCase()) {
    case "enter":
      menu({ id: line.id, button });
      break;
    case "c":
      void copy(app, message.text);
      break;
    case "r":
      if (mayAnswer(app, chat, message)) answer(app, chat, mode, message);
      break;
    case "e":
      if (mayReact(app, chat, message)) menu({ id: line.id, button, dialog: "react" });
      break;
    default:
      return;
  }
  event.preventDefault();
}
