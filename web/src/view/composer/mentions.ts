/** Naming somebody: after an @ the members whose name goes on like that are offered. */
import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { step } from "../../look/focus.ts";
import type { Chat, Person } from "../../model/model.ts";
import { EVERYBODY } from "../../model/reads.ts";
import { hasChanges, mayCallAll } from "../../model/rules.ts";
import { useApp } from "../context.ts";

const MOST = 6;
const ALL: Person = { id: EVERYBODY, name: EVERYBODY };

export interface Offered {
  readonly isOpen: boolean;
  readonly members: readonly Person[];
  readonly active: number;
  choose(member: Person): void;
  /** Whether the key was for the list. */
  keyed(event: KeyboardEvent): boolean;
}

export function usePeople(
  chat: Chat,
  text: string,
  field: RefObject<HTMLTextAreaElement | null>,
  write: (text: string) => void,
): Offered {
  const app = useApp();
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<string>();
  const caret = field.current?.selectionStart ?? text.length;
  const typed = /(?:^|\s)@([^\n@]{0,64})$/.exec(text.slice(0, Math.max(caret, 0)))?.[1];
  const isOffered = chat.kind === "Group" && hasChanges(chat) && typed !== undefined && closedAt !== text;
  const wanted = (typed ?? "").toLocaleLowerCase();
  const me = app.model.value.me?.id;
  const members: readonly Person[] = isOffered
    ? [...chat.members, ...(mayCallAll(app.model.value, chat) ? [ALL] : [])]
        .filter((member) => member.id !== me && member.name.toLocaleLowerCase().startsWith(wanted))
        .slice(0, MOST)
    : [];
  const isOpen = members.length > 0;
  const choose = (member: Person) => {
    const start = caret - (typed?.length ?? 0);
    const next = `${text.slice(0, start)}${member.name} ${text.slice(caret)}`;
    write(next);
    setClosedAt(next);
    setActive(0);
    const at = start + member.name.length + 1;
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
    });
  };
  const keyed = (event: KeyboardEvent): boolean => {
    if (!isOpen) return false;
    const next =
      event.key === "Home" || event.key === "End" ? undefined : step(event.key, active, members.length, true);
    const chosen = members[active] ?? members[0];
    // The name stands already: Enter sends.
    if (event.key === "Enter" && chosen?.name.toLocaleLowerCase() === wanted) return false;
    if (next !== undefined) setActive(next);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen !== undefined) choose(chosen);
    else if (event.key === "Escape") setClosedAt(text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { isOpen, members, active: Math.min(active, Math.max(0, members.length - 1)), choose, keyed };
}
