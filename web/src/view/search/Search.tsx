/** Finds messages in all of one's chats. What is looked for stands in the address, behind the #, which no server sees. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { SearchBox } from "../../look/Field.tsx";
import { Mirror } from "../../look/Mark.tsx";
import type { Found } from "../../model/intent.ts";
import type { Model } from "../../model/model.ts";
import { messageAt } from "../../model/window.ts";
import { BackLink } from "../BackLink.tsx";
import { Found as Count } from "../chats/Chats.tsx";
import { useApp, useWords } from "../context.ts";
import { useSearch } from "./asking.ts";
import { FoundLink } from "./FoundLink.tsx";

export interface SearchProps {
  /** What the address says. */
  readonly text: string;
  readonly panes: 1 | 2 | 3;
}

/** The address follows what is typed, after a pause. */
const PAUSE = 300;

export function Search({ text: given, panes }: SearchProps) {
  const app = useApp();
  const words = useWords();
  const [text, setText] = useState(given);
  const [wanted, setWanted] = useState(given);
  /** What the address says because it was typed here. */
  const written = useRef(given);
  const page = useRef<HTMLElement>(null);
  const { answer, refusal, isAsking, more } = useSearch(wanted);
  const found = (answer?.found ?? []).filter((one) => stands(app.model.value, one));
  const isBusy = isAsking || text !== wanted;
  useLayoutEffect(() => page.current?.querySelector<HTMLElement>("input")?.focus(), []);
  // Another address, by a link or by the browser's back.
  useEffect(() => {
    if (given === written.current) return;
    written.current = given;
    setText(given);
    setWanted(given);
  }, [given]);
  useEffect(() => {
    if (text === wanted) return;
    const timer = setTimeout(() => {
      setWanted(text);
      written.current = text;
      app.replace({ at: "search", text });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [app, text, wanted]);
  return (
    <main ref={page} class="settings" aria-label={words.search} aria-busy={isBusy} id="conversation">
      <header class="conversation-head">
        {panes === 1 && <BackLink />}
        <h1 tabIndex={-1}>{words.search}</h1>
      </header>
      <div class="settings-body">
        <search>
          <SearchBox label={words.searchMessages} value={text} onText={setText} />
        </search>
        {refusal !== undefined && (
          <p class="alert" role="alert">
            {refusal}
          </p>
        )}
        <Count isSearching={answer !== undefined && !isBusy} count={found.length} />
        <ul class="found-list" aria-label={words.results}>
          {found.map(({ chat, message, ranges }) => (
            <li key={message.id}>
              <FoundLink chat={chat} message={message} ranges={ranges} />
            </li>
          ))}
        </ul>
        {answer?.cursor !== undefined && (
          <Button aria-disabled={isAsking} onClick={more}>
            {words.showMore}
          </Button>
        )}
        {wanted.trim() === "" && (
          <div class="rail-empty">
            <Mirror lit={1} />
            <p>{words.searchHint}</p>
          </div>
        )}
      </div>
    </main>
  );
}

/** It was not deleted, hidden or cleared since it was found. */
function stands({ chats }: Model, { chat: id, message }: Found): boolean {
  const chat = chats[id];
  if (chat === undefined || message.seq < (chat.firstSeq ?? 1)) return false;
  const now = messageAt(chat, message.seq);
  return now === undefined || (now.deletedAt === undefined && now.mine?.hidden !== true);
}
