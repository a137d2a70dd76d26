/** Asks for messages: the newest question alone counts, and one that came too soon is asked again. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Found, Outcome, Refusal } from "../../model/intent.ts";
import { asksTooMuch } from "../../model/search.ts";
import type { Words } from "../../words/en.ts";
import { type App, reasonOf, useApp } from "../context.ts";

/** So often it is asked again where the server says that it is too often. */
const TRIES = 5;
const SECOND = 1_000;

interface Answer {
  readonly text: string;
  readonly found: readonly Found[];
  readonly cursor: string | undefined;
}

export interface Asking {
  readonly answer: Answer | undefined;
  /** In words. */
  readonly refusal: string | undefined;
  readonly isAsking: boolean;
  more(): void;
}

export function useSearch(text: string): Asking {
  const app = useApp();
  const { words } = app.speech.value;
  const [answer, setAnswer] = useState<Answer>();
  const [refusal, setRefusal] = useState<{ readonly text: string; readonly reason: string }>();
  const [isAsking, setAsking] = useState(false);
  const turn = useRef(0);
  const { current, connection } = app.model.value;
  const isOffline = connection === "offline";
  const refuse = useCallback((reason: string) => setRefusal({ text, reason }), [text]);
  const ask = useCallback(
    async (before: Answer | undefined) => {
      turn.current += 1;
      const mine = turn.current;
      setAsking(true);
      const outcome = await patiently(app, { text, cursor: before?.cursor }, () => mine !== turn.current);
      if (mine !== turn.current) return;
      setAsking(false);
      if (outcome.ok) {
        const { found = [], cursor } = outcome.gift;
        return setAnswer({ text, found: [...(before?.found ?? []), ...found], cursor });
      }
      // With nothing but signs there is nothing to be found.
      if (outcome.refusal.code === "bad_request" && !asksTooMuch(text))
        return setAnswer({ text, found: [], cursor: undefined });
      refuse(reason(words, outcome.refusal));
    },
    [app, text, words, refuse],
  );
  useEffect(() => {
    setAnswer(undefined);
    setRefusal(undefined);
    setAsking(false);
    if (text.trim() === "") return;
    if (asksTooMuch(text)) refuse(words.tooManyWords);
    else if (current) void ask(undefined);
    else if (isOffline) refuse(words.youAreOffline);
    return () => {
      turn.current += 1;
    };
  }, [ask, text, current, isOffline]);
  const now = {
    answer: answer?.text === text ? answer : undefined,
    refusal: refusal?.text === text ? refusal.reason : undefined,
  };
  const isOpen = text.trim() !== "" && now.answer === undefined && now.refusal === undefined;
  return { ...now, isAsking: isAsking || isOpen, more: () => void (isAsking || ask(now.answer)) };
}

/** Asks again where the server says that it was too often. */
async function patiently(
  app: App,
  { text, cursor }: { readonly text: string; readonly cursor: string | undefined },
  isOld: () => boolean,
): Promise<Outcome> {
  for (let round = 1; ; round += 1) {
    const outcome = await app.want({ want: "search", text, ...(cursor === undefined ? {} : { cursor }) });
    if (outcome.ok || outcome.refusal.code !== "rate_limited" || round === TRIES || isOld()) return outcome;
    const { retryAfter = 1 } = outcome.refusal;
    await new Promise((resolve) => setTimeout(resolve, retryAfter * SECOND));
  }
}

function reason(words: Words, refusal: Refusal): string {
  if (refusal.code === "forbidden") return words.searchIsOff;
  return refusal.code === "bad_request" ? words.tooManyWords : reasonOf(words, refusal);
}
