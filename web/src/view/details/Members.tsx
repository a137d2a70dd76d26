/** Who is in a group, in joining order, and what one's role allows to do with them. */
import { useCallback, useState } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";
import { Ask } from "../../look/Dialog.tsx";
import { Menu, type MenuItem } from "../../look/Menu.tsx";
import { Portrait } from "../../look/Mark.tsx";
import type { Intent } from "../../model/intent.ts";
import { isOwner } from "../../model/look-up.ts";
import type { Chat, Member } from "../../model/model.ts";
import { mayGovern } from "../../model/rules.ts";
import type { Words } from "../../words/en.ts";
import { useTalk } from "../chats/people.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { AskBlock } from "./AskBlock.tsx";
import { MuteMenu } from "../MuteMenu.tsx";

type Asked = "makeOwner" | "removeMember" | "ban";

type Open =
  | { readonly is: "menu" | "mute"; readonly member: Member; readonly button: HTMLElement }
  | { readonly is: "ask"; readonly member: Member; readonly want: Asked }
  | { readonly is: "block"; readonly member: Member };

export function Members({ chat }: { readonly chat: Chat }) {
  const app = useApp();
  const words = useWords();
  const [open, setOpen] = useState<Open>();
  const close = useCallback(() => setOpen(undefined), []);
  const carryOut = async (intent: Intent) => {
    close();
    const outcome = await app.want(intent);
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
    if (document.activeElement === document.body) document.querySelector<HTMLElement>(".details h2")?.focus();
  };
  const itemsOf = useItems(chat, setOpen, (intent) => void carryOut(intent));
  const me = app.model.value.me?.id;
  return (
    <section class="members">
      <h3 class="rail-label">{words.nMembers(chat.members.length)}</h3>
      <ul aria-label={words.members}>
        {chat.members.map((member) => (
          <li key={member.id} class="member" aria-label={member.name}>
            <Portrait name={member.name} id={member.id} picture={member.picture} />
            <span class="member-name">
              <bdi>{member.name}</bdi>
              <Standing member={member} />
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
          items={itemsOf(open.member, open.button)}
          at={open.button}
          onClose={close}
        />
      )}
      {open?.is === "mute" && (
        <MuteMenu
          at={open.button}
          onChoose={(seconds) => void carryOut({ want: "muteMember", chat: chat.id, member: open.member.id, seconds })}
          onClose={close}
        />
      )}
      {open?.is === "block" && <AskBlock id={open.member.id} name={open.member.name} onClose={close} />}
      {open?.is === "ask" && (
        <Ask
          {...askedOf(words, open.want, open.member.name)}
          cancel={words.cancel}
          onYes={() => void carryOut({ want: open.want, chat: chat.id, member: open.member.id })}
          onClose={close}
        />
      )}
    </section>
  );
}

/** What sets somebody apart from other members. */
function Standing({ member }: { readonly member: Member }) {
  const app = useApp();
  const { words, say } = app.speech.value;
  return (
    <>
      {member.role === "Owner" && <span class="quiet">{words.owner}</span>}
      {member.role === "Moderator" && <span class="quiet">{words.moderator}</span>}
      {isMutedNow(member) && (
        <span class="quiet">{words.mutedUntil(say.when(member.mutedUntil ?? "", app.today.value))}</span>
      )}
    </>
  );
}

function isMutedNow({ mutedUntil }: Member): boolean {
  return mutedUntil !== undefined && Date.parse(mutedUntil) > Date.now();
}

function useItems(
  chat: Chat,
  setOpen: (open: Open) => void,
  carryOut: (intent: Intent) => void,
): (member: Member, button: HTMLElement) => MenuItem[] {
  const app = useApp();
  const words = useWords();
  const talk = useTalk();
  const model = app.model.value;
  return (member, button) => {
    const at = { chat: chat.id, member: member.id };
    const asks = (label: string, want: Asked) => ({
      label,
      act: () => setOpen({ is: "ask", member, want }),
      stays: true,
    });
    const owns = isOwner(model, chat);
    const governs = mayGovern(model, chat, member);
    const role: MenuItem =
      member.role === "Moderator"
        ? { label: words.makeMember, act: () => carryOut({ want: "setRole", ...at, role: "Member" }) }
        : { label: words.makeModerator, act: () => carryOut({ want: "setRole", ...at, role: "Moderator" }) };
    const mute: MenuItem = isMutedNow(member)
      ? { label: words.unmute, act: () => carryOut({ want: "muteMember", ...at, seconds: 0 }) }
      : { label: words.mute, act: () => setOpen({ is: "mute", member, button }), stays: true };
    const block: MenuItem =
      model.blocked[member.id] === true
        ? { label: words.unblock, act: () => carryOut({ want: "block", user: member.id, on: false }) }
        : { label: words.block, act: () => setOpen({ is: "block", member }), stays: true, isDanger: true };
    return [
      { label: words.message, act: () => void talk(member.id) },
      ...(owns && chat.rosterRev !== undefined ? [role] : []),
      ...(owns ? [asks(words.makeOwner, "makeOwner")] : []),
      ...(governs && chat.rosterRev !== undefined ? [mute] : []),
      ...(governs ? [{ ...asks(words.removeFromGroup, "removeMember"), isDanger: true }] : []),
      ...(governs && chat.rosterRev !== undefined ? [{ ...asks(words.ban, "ban"), isDanger: true }] : []),
      ...(chat.rosterRev === undefined ? [] : [block]),
    ];
  };
}

function askedOf(words: Words, want: Asked, name: string): { title: string; verb: string; hint?: string } {
  switch (want) {
    case "makeOwner":
      return { title: words.makeOwnerAsk(name), verb: words.makeOwner };
    case "removeMember":
      return { title: words.removeAsk(name), verb: words.removeVerb };
    case "ban":
      return { title: words.banAsk(name), verb: words.ban, hint: words.banHint };
  }
}
