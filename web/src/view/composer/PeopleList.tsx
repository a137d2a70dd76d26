/** The people that are offered after an @. The focus stays in the text. */
import { Portrait } from "../../look/Mark.tsx";
import { useWords } from "../context.ts";
import type { Offered } from "./mentions.ts";

export function PeopleList({ people }: { readonly people: Offered }) {
  const words = useWords();
  if (!people.isOpen) return null;
  return (
    <div class="people-list" id="people-list" role="listbox" aria-label={words.people}>
      {people.members.map((member, index) => (
        <div
          key={member.id}
          id={`person-${index}`}
          class="pick"
          role="option"
          aria-label={member.name}
          aria-selected={index === people.active}
          onPointerDown={(event) => {
            event.preventDefault();
            people.choose(member);
          }}
        >
          <Portrait name={member.name} id={member.id} picture={member.picture} />
          <bdi>{member.name}</bdi>
        </div>
      ))}
    </div>
  );
}
