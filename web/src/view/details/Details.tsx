/** What there is to know of a chat: who is in it, and what one may do about that. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../look/Button.tsx";
import { Ask } from "../../look/Dialog.tsx";
import { Portrait } from "../../look/Mark.tsx";
import { isOwner } from "../../model/look-up.ts";
import type { Chat } from "../../model/model.ts";
import { chatName, reasonOf, useApp, useWords } from "../context.ts";
import { mayAdd, mayEditGroup, roleIn } from "../../model/rules.ts";
import { About } from "./About.tsx";
import { AddMembers } from "./AddMembers.tsx";
import { Banned } from "./Banned.tsx";
import { EditGroup } from "./EditGroup.tsx";
import { Invites } from "./Invites.tsx";
import { Members } from "./Members.tsx";

export function Details({ chat, isAlone }: { readonly chat: Chat; readonly isAlone: boolean }) {
  const app = useApp();
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const [dialog, setDialog] = useState<"add" | "edit" | "leave" | "delete">();
  const name = chatName(words, chat);
  const model = app.model.value;
  const owns = isOwner(model, chat);
  const governs = chat.info !== undefined && roleIn(model, chat) !== "Member";
  useLayoutEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const close = () => setDialog(undefined);
  const end = async (want: "leave" | "deleteGroup") => {
    close();
    const outcome = await app.want({ want, chat: chat.id });
    if (outcome.ok) app.replace({ at: "chats" });
    else app.tell(reasonOf(words, outcome.refusal));
  };
  return (
    <aside class={isAlone ? "details details-over" : "details"} aria-label={words.details}>
      <header class="details-head">
        <IconButton icon="close" label={words.close} onClick={() => app.close()} />
      </header>
      <div class="details-body">
        <div class="details-who">
          <Portrait name={name} id={chat.id} picture={chat.picture} />
          <h2 ref={heading} tabIndex={-1} dir="auto">
            {name}
          </h2>
          {chat.description !== "" && <p dir="auto">{chat.description}</p>}
          {chat.kind === "Self" && <p class="quiet">{words.notesHint}</p>}
        </div>
        {chat.partner !== undefined && <About id={chat.partner} name={name} />}
        {chat.kind === "Group" && (
          <>
            <Members chat={chat} />
            {chat.info !== undefined && <Invites chat={chat} mayInvite={mayAdd(model, chat)} />}
            {governs && <Banned chat={chat} />}
            <div class="details-buttons">
              {mayAdd(model, chat) && <Button onClick={() => setDialog("add")}>{words.addMembers}</Button>}
              {(owns || mayEditGroup(model, chat)) && chat.info !== undefined && (
                <Button onClick={() => setDialog("edit")}>{words.editGroup}</Button>
              )}
              {!owns && <Button onClick={() => setDialog("leave")}>{words.leaveGroup}</Button>}
              {owns && (
                <Button kind="danger" onClick={() => setDialog("delete")}>
                  {words.deleteGroup}
                </Button>
              )}
            </div>
          </>
        )}
      </div>
      {dialog === "add" && <AddMembers chat={chat} onClose={close} />}
      {dialog === "edit" && chat.info !== undefined && <EditGroup chat={chat} info={chat.info} onClose={close} />}
      {dialog === "leave" && (
        <Ask
          title={words.leaveAsk(name)}
          verb={words.leave}
          cancel={words.cancel}
          onYes={() => void end("leave")}
          onClose={close}
        />
      )}
      {dialog === "delete" && (
        <Ask
          title={words.deleteAsk(name)}
          verb={words.delete}
          cancel={words.cancel}
          onYes={() => void end("deleteGroup")}
          onClose={close}
        />
      )}
    </aside>
  );
}
