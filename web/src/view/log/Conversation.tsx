/** One chat: its head, its lines, where one writes, and its details beside or above them. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";
import type { Chat } from "../../model/model.ts";
import { BackLink } from "../BackLink.tsx";
import { Composer } from "../composer/Composer.tsx";
import type { Mode, ModeSignal } from "../composer/mode.ts";
import { chatName, useApp, useWords } from "../context.ts";
import { later, nothing } from "../Later.tsx";
import { PlaceLink } from "../links.tsx";
import { Log } from "./Log.tsx";
import { Pins } from "./Pins.tsx";

const Details = later(async () => (await import("../details/Details.tsx")).Details, nothing);

export interface ConversationProps {
  readonly id: string;
  readonly seq: number | undefined;
  readonly hasDetails: boolean;
  readonly panes: 1 | 2 | 3;
}

export function Conversation({ id, seq, hasDetails, panes }: ConversationProps) {
  const app = useApp();
  const words = useWords();
  const { chats, listed, current } = app.model.value;
  const chat = chats[id];
  const mode: ModeSignal = useSignal<Mode | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const composer = document.querySelector<HTMLElement>(".composer textarea");
    if (window.matchMedia("(pointer: fine)").matches && composer !== null) composer.focus();
    else heading.current?.focus();
  }, [chat === undefined]);
  if (chat === undefined) {
    const isKnown = listed && current;
    return (
      <main
        class="conversation"
        aria-label={isKnown ? words.noSuchChat : "Greenroom"}
        aria-busy={!isKnown}
        id="conversation"
      >
        <div key="none" class="no-chat">
          <h1 ref={heading} tabIndex={-1}>
            {isKnown ? words.noSuchChat : "Greenroom"}
          </h1>
          {isKnown && <p class="quiet">{words.noSuchChatHint}</p>}
          <PlaceLink to={{ at: "chats" }}>{words.backToChats}</PlaceLink>
        </div>
      </main>
    );
  }
  const name = chatName(words, chat);
  const isCovered = hasDetails && panes < 3;
  return (
    <>
      <main class="conversation" aria-label={name} aria-busy={chat.window === undefined} id="conversation">
        <header class="conversation-head">
          {panes === 1 && <BackLink />}
          <div class="conversation-title">
            <h1 ref={heading} tabIndex={-1} dir="auto">
              {name}
            </h1>
            <Beneath chat={chat} />
          </div>
          <Pins chat={chat} />
          <IconButton
            icon="details"
            label={words.details}
            aria-expanded={hasDetails}
            onClick={() => (hasDetails ? app.close() : app.push({ at: "chat", chat: id, details: true }))}
          />
        </header>
        <div key="body" class="conversation-body" inert={isCovered}>
          <Log key={id} chat={chat} seq={seq} mode={mode} />
          <Composer chat={chat} mode={mode} />
        </div>
      </main>
      {hasDetails && <Details chat={chat} isAlone={panes < 3} />}
    </>
  );
}

/** Who is here, or who writes. Never live. */
function Beneath({ chat }: { readonly chat: Chat }) {
  const app = useApp();
  const words = useWords();
  const { typists, presence } = app.model.value;
  const here = typists.filter((typist) => typist.chat === chat.id);
  const text = () => {
    const [first, second] = here;
    if (first !== undefined) return second === undefined ? words.isTypingDots(first.name) : words.severalTyping;
    if (chat.kind === "Self") return words.notesHint;
    if (chat.kind === "Group") return chat.members.length === 0 ? "" : words.nMembers(chat.members.length);
    const state = chat.partner === undefined ? undefined : presence[chat.partner];
    if (state?.online === true) return words.isOnline;
    return state?.lastSeen === undefined
      ? ""
      : words.lastSeen(app.speech.value.say.when(state.lastSeen, app.today.value));
  };
  return <p class="conversation-beneath quiet">{text()}</p>;
}
