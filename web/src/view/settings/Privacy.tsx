/** With whom one wants to have nothing to do. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Portrait } from "../../look/Mark.tsx";
import type { Person } from "../../model/model.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { Region } from "./Region.tsx";

export function Privacy() {
  const app = useApp();
  const words = useWords();
  const list = useRef<HTMLUListElement>(null);
  const [people, setPeople] = useState<readonly Person[]>();
  const { current, blocked } = app.model.value;
  useEffect(() => {
    if (!current) return;
    void app.want({ want: "blocks" }).then((outcome) => outcome.ok && setPeople(outcome.gift.people ?? []));
  }, [app, current]);
  const unblock = async (user: string) => {
    const outcome = await app.want({ want: "block", user, on: false });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
    list.current?.focus();
  };
  const shown = (people ?? []).filter((person) => blocked[person.id] === true);
  return (
    <Region title={words.privacy}>
      <h3 class="rail-label">{words.blocked}</h3>
      <ul class="devices" aria-label={words.blocked} ref={list} tabIndex={-1}>
        {shown.map((person) => (
          <li key={person.id} class="device">
            <Portrait name={person.name} id={person.id} picture={person.picture} />
            <span class="member-name">
              <bdi>{person.name}</bdi>
            </span>
            <Button aria-label={words.unblockName(person.name)} onClick={() => void unblock(person.id)}>
              {words.unblock}
            </Button>
          </li>
        ))}
      </ul>
      {people !== undefined && shown.length === 0 && <p class="quiet">{words.nobodyBlocked}</p>}
    </Region>
  );
}
