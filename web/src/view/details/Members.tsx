/** Who is in a group, in joining order, and what its owner may do with them. */
import { useState } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";
import { Ask } from "../../look/Dialog.tsx";
import { Menu, type MenuItem } from "../../look/Menu.tsx";
import { Portrait } from "../../look/Mark.tsx";
import type { Chat, Member } from "../../model/model.ts";
import { useTalk } from "../chats/people.ts";
import { reasonOf, useApp, useWords } from "../context.ts";

type Open =
  | { readonly is: "menu"; readonly member: Member; readonly button: HTMLElement }
  | { readonly is: "ask"; readonly member: Member; readonly want: "makeOwner" | "removeMember" };

export function Members({ chat, owns }: { readonly chat: Chat; readonly owns: boolean }) {
  const app = useApp();
  const words = useWords();
  const talk = useTalk();
  const [open, setOpen] = useState<Open>();
  const me = app.model.value.me?.id;
  const close = () => setOpen(undefined);
  const itemsOf = (member: Member): MenuItem[] => [
    { label: words.message, act: () => void talk(member.id) },
    ...(owns
      ? [
          { label: words.makeOwner, act: () => setOpen({ is: "ask", member, want: "makeOwner" }), stays: true },
          {
            label: words.removeFromGroup,
            act: () => setOpen({ is: "ask", member, want: "removeMember" }),
            stays: true,
            isDanger: true,
          },
        ]
      : []),
  ];
  const carryOut = async (want: "makeOwner" | "removeMember", member: Member) => {
    close();
    const outcome = await app.want({ want, chat: chat.id, member: member.id });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
    document.querySelector<HTMLElement>(".details h2")?.focus();
  };
  return (
    <section class="members">
      <h3 class="rail-label">{words.nMembers(chat.members.length)}</h3>
      <ul aria-label={words.members}>
        {chat.members.map((member) => (
          <li key={member.id} class="member" aria-label={member.name}>
            <Portrait name={member.name} id={member.id} />
            <span class="member-name">
              <bdi>{member.name}</bdi>
              {member.role === "Owner" && <span class="quiet">{words.owner}</span>}
            </span>
            {member.id !== me && (
              <IconButton
                icon="more"
                label={words.actionsFor(member.name)}
                aria-haspopup="menu"
                onClick={(event) => setOpen({ is: "menu", member, button: event.currentTarget })}
              />
            )}
          </li>
        ))}
      </ul>
      {open?.is === "menu" && (
        <Menu
          label={words.actionsFor(open.member.name)}
          items={itemsOf(open.member)}
          at={open.button}
          onClose={close}
        />
      )}
      {open?.is === "ask" && (
        <Ask
          title={open.want === "makeOwner" ? words.makeOwnerAsk(open.member.name) : words.removeAsk(open.member.name)}
          verb={open.want === "makeOwner" ? words.makeOwner : words.removeVerb}
          cancel={words.cancel}
          onYes={() => void carryOut(open.want, open.member)}
          onClose={close}
        />
      )}
    </section>
  );
}
