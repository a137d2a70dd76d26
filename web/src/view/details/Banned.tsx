/** Who is kept out of a group. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { handOver } from "../../look/focus.ts";
import { Portrait } from "../../look/Mark.tsx";
import type { Chat, Person } from "../../model/model.ts";
import { reasonOf, useApp, useWords } from "../context.ts";

export function Banned({ chat }: { readonly chat: Chat }) {
  const app = useApp();
  const words = useWords();
  const [people, setPeople] = useState<readonly Person[]>([]);
  // A ban is told to all; that one ended is told to nobody.
  const bans = (chat.happened ?? []).filter(({ what }) => what === "Banned").length;
  const { current } = app.model.value;
  const load = useCallback(async () => {
    const outcome = await app.want({ want: "bans", chat: chat.id });
    if (outcome.ok) setPeople(outcome.gift.people ?? []);
  }, [app, chat.id]);
  useEffect(() => {
    if (current) void load();
  }, [load, bans, current]);
  const unban = async (person: Person, button: HTMLElement) => {
    const outcome = await app.want({ want: "unban", chat: chat.id, member: person.id });
    if (!outcome.ok) return app.tell(reasonOf(words, outcome.refusal));
    handOver(button, "li button", ".details h2");
    setPeople((before) => before.filter((one) => one.id !== person.id));
  };
  if (people.length === 0) return null;
  return (
    <section class="members">
      <h3 class="rail-label">{words.banned}</h3>
      <ul aria-label={words.banned}>
        {people.map((person) => (
          <li key={person.id} class="member">
            <Portrait name={person.name} id={person.id} picture={person.picture} />
            <span class="member-name">
              <bdi>{person.name}</bdi>
            </span>
            <Button aria-label={words.unban(person.name)} onClick={(event) => void unban(person, event.currentTarget)}>
              {words.unbanShort}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
