/** Finding somebody to talk to. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { SearchBox } from "../../look/Field.tsx";
import { Portrait } from "../../look/Mark.tsx";
import { useApp, useWords } from "../context.ts";
import { DialogAlert } from "../DialogAlert.tsx";
import { Found } from "./Chats.tsx";
import { usePeople, useTalk } from "./people.ts";

export function NewChat() {
  const app = useApp();
  const words = useWords();
  const [text, setText] = useState("");
  const { people, isReady } = usePeople(text, true);
  const talk = useTalk();
  return (
    <Dialog title={words.newChat} onClose={() => app.close()}>
      <DialogAlert />
      <SearchBox label={words.name} value={text} onText={setText} autofocus />
      <ul class="pick-list" aria-label={words.people}>
        {people.map((person) => (
          <li key={person.id}>
            <button type="button" class="pick" aria-label={person.name} onClick={() => void talk(person.id)}>
              <Portrait name={person.name} id={person.id} picture={person.picture} />
              <bdi>{person.name}</bdi>
            </button>
          </li>
        ))}
      </ul>
      <Found isSearching={text.trim() !== "" && isReady} count={people.length} />
      <div class="dialog-buttons">
        <Button onClick={() => app.close()}>{words.close}</Button>
      </div>
    </Dialog>
  );
}
