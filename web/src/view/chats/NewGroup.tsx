/** Founding a group. */
import { useState } from "preact/hooks";
import { Button, IconButton } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { Field, SearchBox } from "../../look/Field.tsx";
import { handOver } from "../../look/focus.ts";
import { Portrait } from "../../look/Mark.tsx";
import type { Person } from "../../model/model.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { DialogAlert } from "../DialogAlert.tsx";
import { Found } from "./Chats.tsx";
import { groupNameErrors } from "./group-name.ts";
import { usePeople } from "./people.ts";

export function NewGroup() {
  const app = useApp();
  const words = useWords();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [text, setText] = useState("");
  const [members, setMembers] = useState<readonly Person[]>([]);
  const [error, setError] = useState<{ readonly name?: string; readonly description?: string }>({});
  const [refusal, setRefusal] = useState<string>();
  const { people, isReady } = usePeople(text, true);
  const me = app.model.value.me?.id;
  const others = people.filter((person) => person.id !== me && !members.some((one) => one.id === person.id));
  const submit = async (event: Event) => {
    event.preventDefault();
    setRefusal(undefined);
    const wrong = groupNameErrors(words, name, description);
    setError(wrong);
    if (wrong.name !== undefined || wrong.description !== undefined) return;
    const outcome = await app.want({
      want: "group",
      name: name.trim(),
      description: description.trim(),
      members: members.map((one) => one.id),
    });
    if (!outcome.ok) setRefusal(reasonOf(words, outcome.refusal));
    else if (outcome.gift.chat !== undefined) app.replace({ at: "chat", chat: outcome.gift.chat });
  };
  return (
    <Dialog title={words.newGroup} onClose={() => app.close()}>
      <DialogAlert />
      {refusal !== undefined && (
        <p class="alert" role="alert">
          {refusal}
        </p>
      )}
      <form class="form" noValidate onSubmit={submit}>
        <Field label={words.groupName} value={name} error={error.name} onText={setName} autofocus />
        <Field label={words.description} value={description} error={error.description} onText={setDescription} />
        <SearchBox
          label={words.addPeople}
          value={text}
          onText={setText}
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
        <ul class="pick-list" aria-label={words.people}>
          {others.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                class="pick"
                aria-label={words.add(person.name)}
                onClick={(event) => {
                  handOver(event.currentTarget, "li button", "dialog .search-box");
                  setMembers([...members, person]);
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
        {members.length > 0 && <h3 class="rail-label">{words.members}</h3>}
        <ul class="chips" aria-label={words.members}>
          {members.map((person) => (
            <li key={person.id} class="chip">
              <bdi>{person.name}</bdi>
              <IconButton
                icon="close"
                label={words.remove(person.name)}
                onClick={(event) => {
                  handOver(event.currentTarget, "li button", "dialog .search-box");
                  setMembers(members.filter((one) => one.id !== person.id));
                }}
              />
            </li>
          ))}
        </ul>
        <div class="dialog-buttons sticky">
          <Button onClick={() => app.close()}>{words.cancel}</Button>
          <Button kind="main" submits>
            {words.createGroup}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
