/** Adding people to a group. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { SearchBox } from "../../look/Field.tsx";
import { handOver } from "../../look/focus.ts";
import { Portrait } from "../../look/Mark.tsx";
import type { Chat } from "../../model/model.ts";
import { Found } from "../chats/Chats.tsx";
import { usePeople } from "../chats/people.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { DialogAlert } from "../DialogAlert.tsx";

export function AddMembers({ chat, onClose }: { readonly chat: Chat; readonly onClose: () => void }) {
  const app = useApp();
  const words = useWords();
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const { people, isReady } = usePeople(text, true);
  const others = people.filter((person) => !chat.members.some((member) => member.id === person.id));
  const add = async (member: string, name: string) => {
    setRefusal(undefined);
    const outcome = await app.want({ want: "addMember", chat: chat.id, member });
    if (!outcome.ok) setRefusal(`${name}: ${reasonOf(words, outcome.refusal)}`);
  };
  return (
    <Dialog title={words.addMembers} onClose={onClose}>
      <DialogAlert />
      {refusal !== undefined && (
        <p class="alert" role="alert">
          {refusal}
        </p>
      )}
      <SearchBox label={words.addPeople} value={text} onText={setText} autofocus />
      <ul class="pick-list" aria-label={words.people}>
        {others.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              class="pick"
              aria-label={words.add(person.name)}
              onClick={(event) => {
                handOver(event.currentTarget, "li button", "dialog .search-box");
                void add(person.id, person.name);
              }}
            >
              <Portrait name={person.name} id={person.id} picture={person.picture} />
              <bdi>{person.name}</bdi>
            </button>
          </li>
        ))}
      </ul>
      <Found
        isSearching={text.trim() !== "" && isReady && (others.length > 0 || people.length === 0)}
        count={others.length}
      />
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}
