/** What one lets others know and do, and with whom one wants to have nothing to do. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Select, Switch } from "../../look/Field.tsx";
import { Portrait } from "../../look/Mark.tsx";
import type { Person, Privacy as Allowed, Reach } from "../../model/model.ts";
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
      <Rules />
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

const REACHES: readonly Reach[] = ["Everyone", "Contacts", "Nobody"];

function Rules() {
  const app = useApp();
  const words = useWords();
  const { current, privacy } = app.model.value;
  useEffect(() => {
    if (current) void app.want({ want: "privacy" });
  }, [app, current]);
  if (privacy === undefined) return null;
  const set = async (change: Partial<Allowed>) => {
    const outcome = await app.want({ want: "setPrivacy", change });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
  };
  const reaches = REACHES.map((reach) => [reach, words.reaches[reach]] as const);
  return (
    <div class="form">
      <Select
        label={words.whoSeesOnline}
        value={privacy.presence}
        options={reaches}
        onChoose={(presence) => void set({ presence })}
      />
      <Select
        label={words.whoAddsMe}
        value={privacy.addToGroups}
        options={reaches}
        onChoose={(addToGroups) => void set({ addToGroups })}
      />
      <Switch
        label={words.readReceipts}
        on={privacy.readReceipts}
        onChange={(readReceipts) => void set({ readReceipts })}
      />
      <Switch label={words.typing} on={privacy.typing} onChange={(typing) => void set({ typing })} />
    </div>
  );
}
