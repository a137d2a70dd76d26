/** What one starred, the latest first, wherever it was said. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Mirror } from "../../look/Mark.tsx";
import type { Found } from "../../model/intent.ts";
import { BackLink } from "../BackLink.tsx";
import { reasonOf, useApp, useWords } from "../context.ts";
import { FoundLink } from "./FoundLink.tsx";

interface Asked {
  readonly found: readonly Found[];
  readonly cursor: string | undefined;
}

export function Starred({ panes }: { readonly panes: 1 | 2 | 3 }) {
  const app = useApp();
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<Asked>();
  const { current } = app.model.value;
  const ask = useCallback(
    async (before: Asked | undefined) => {
      const cursor = before?.cursor;
      const outcome = await app.want({ want: "starred", ...(cursor === undefined ? {} : { cursor }) });
      if (!outcome.ok) return app.tell(reasonOf(app.speech.value.words, outcome.refusal));
      const { found = [], cursor: next } = outcome.gift;
      setAsked({ found: [...(before?.found ?? []), ...found], cursor: next });
    },
    [app],
  );
  useLayoutEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (current) void ask(undefined);
  }, [ask, current]);
  return (
    <main class="settings" aria-label={words.starred} aria-busy={asked === undefined} id="conversation">
      <header class="conversation-head">
        {panes === 1 && <BackLink />}
        <h1 ref={heading} tabIndex={-1}>
          {words.starred}
        </h1>
      </header>
      <div class="settings-body">
        <ul class="found-list" aria-label={words.starred}>
          {(asked?.found ?? []).map(({ chat, message }) => (
            <li key={message.id}>
              <FoundLink chat={chat} message={message} />
            </li>
          ))}
        </ul>
        {asked?.cursor !== undefined && <Button onClick={() => void ask(asked)}>{words.showMore}</Button>}
        {asked !== undefined && asked.found.length === 0 && asked.cursor === undefined && (
          <div class="rail-empty">
            <Mirror lit={2} />
            <p>{words.nothingStarred}</p>
            <p class="quiet">{words.nothingStarredHint}</p>
          </div>
        )}
      </div>
    </main>
  );
}
