/** What a group is called and allows. Its settings are for the owner. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { Field, Select, Switch } from "../../look/Field.tsx";
import { isOwner } from "../../model/look-up.ts";
import type { Chat, GroupInfo, GroupSettings, Role } from "../../model/model.ts";
import type { Words } from "../../words/en.ts";
import { groupNameErrors } from "../chats/group-name.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { Choice } from "../picture/Choice.tsx";

const ROLES: readonly Role[] = ["Member", "Moderator", "Owner"];
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const PAUSES: readonly number[] = [0, 10, MINUTE, 10 * MINUTE, HOUR];

export interface EditGroupProps {
  readonly chat: Chat;
  readonly info: GroupInfo;
  readonly onClose: () => void;
}

export function EditGroup({ chat, info, onClose }: EditGroupProps) {
  const app = useApp();
  const words = useWords();
  const [name, setName] = useState(info.name);
  const [description, setDescription] = useState(info.description);
  const [picture, setPicture] = useState<string | null>(info.picture ?? null);
  const [settings, setSettings] = useState<Partial<GroupSettings>>({});
  const [errors, setErrors] = useState<{ readonly name?: string; readonly description?: string }>({});
  const [refusal, setRefusal] = useState<string>();
  const owns = isOwner(app.model.value, chat);
  const now = { ...info.settings, ...settings };
  const change = (one: Partial<GroupSettings>) => setSettings({ ...settings, ...one });
  const submit = async (event: Event) => {
    event.preventDefault();
    setRefusal(undefined);
    const wrong = groupNameErrors(words, name, description);
    setErrors(wrong);
    if (wrong.name !== undefined || wrong.description !== undefined) return;
    const edit = {
      ...(name.trim() === info.name ? {} : { name: name.trim() }),
      ...(description.trim() === info.description ? {} : { description: description.trim() }),
      ...(picture === (info.picture ?? null) ? {} : { picture }),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
    };
    if (Object.keys(edit).length === 0) return onClose();
    const outcome = await app.want({ want: "editGroup", chat: chat.id, ...edit });
    if (outcome.ok) onClose();
    else setRefusal(reasonOf(words, outcome.refusal));
  };
  const roles = ROLES.map((role) => [role, words.roles[role]] as const);
  const pauses = PAUSES.includes(info.settings.slowMode) ? PAUSES : [...PAUSES, info.settings.slowMode];
  return (
    <Dialog title={words.editGroup} onClose={onClose}>
      {refusal !== undefined && (
        <p class="alert" role="alert">
          {refusal}
        </p>
      )}
      <form class="form" noValidate onSubmit={submit}>
        <Choice id={chat.id} name={name} picture={picture ?? undefined} onChosen={setPicture} />
        <Field label={words.groupName} value={name} error={errors.name} onText={setName} autofocus />
        <Field label={words.description} value={description} error={errors.description} onText={setDescription} />
        {owns && (
          <>
            <Select
              label={words.whoPosts}
              value={now.whoPosts}
              options={roles}
              onChoose={(whoPosts) => change({ whoPosts })}
            />
            <Select
              label={words.whoAdds}
              value={now.whoAdds}
              options={roles}
              onChoose={(whoAdds) => change({ whoAdds })}
            />
            <Select
              label={words.whoPins}
              value={now.whoPins}
              options={roles}
              onChoose={(whoPins) => change({ whoPins })}
            />
            <Select
              label={words.whoEdits}
              value={now.whoEdits}
              options={roles}
              onChoose={(whoEdits) => change({ whoEdits })}
            />
            <Select
              label={words.whoCallsAll}
              value={now.whoMentionsAll}
              options={roles}
              onChoose={(whoMentionsAll) => change({ whoMentionsAll })}
            />
            <Select
              label={words.slowMode}
              value={now.slowMode}
              options={pauses.map((pause) => [pause, pauseText(words, pause)])}
              onChoose={(slowMode) => change({ slowMode })}
            />
            <Switch
              label={words.openHistory}
              on={now.openHistory}
              onChange={(openHistory) => change({ openHistory })}
            />
          </>
        )}
        <div class="dialog-buttons sticky">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="main" submits>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function pauseText(words: Words, pause: number): string {
  if (pause === 0) return words.off;
  if (pause % HOUR === 0) return words.hours(pause / HOUR);
  return pause % MINUTE === 0 ? words.minutes(pause / MINUTE) : words.seconds(pause);
}
