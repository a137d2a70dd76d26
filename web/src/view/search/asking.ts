/** Asks for messages: the newest question alone counts, and one that came too soon is asked again. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Found, Refusal } from "../../model/intent.ts";
import { asksTooMuch } from "../../model/search.ts";
import type { Words } from "../../words/en.ts";
import { reasonOf, useApp } from "../context.ts";

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
  const [refusal, setRefusal] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const turn = useRef(0);
  const { current, connection } = app.model.value;
  const ask = useCallback(
    async (before: Answer | undefined) => {
      turn.current += 1;
      const mine = turn.current;
      const isOld = () => mine !== turn.current;
      setAsking(true);
      for (let round = 1; !isOld(); round += 1) {
        const cursor = before?.cursor;
        const outcome = await app.want({ want: "search", text, ...(cursor === undefined ? {} : { cursor }) });
        if (isOld()) return;
        if (outcome.ok) {
          const { found = [], cursor: next } = outcome.gift;
          setAnswer({ text, found: [...(before?.found ?? []), ...found], cursor: next });
          setRefusal(undefined);
          return setAsking(false);
        }
        const { code, retryAfter = 1 } = outcome.refusal;
        if (code === "rate_limited" && round < TRIES) {
          await new Promise((resolve) => setTimeout(resolve, retryAfter * SECOND));
          continue;
        }
        // With nothing but signs there is nothing to be found.
        if (code === "bad_request" && !asksTooMuch(text)) setAnswer({ text, found: [], cursor: undefined });
        else setRefusal(reason(words, outcome.refusal));
        return setAsking(false);
      }
    },
    [app, text, words],
  );
  useEffect(() => {
    setAnswer(undefined);
    setRefusal(undefined);
    turn.current += 1;
    setAsking(false);
    if (text.trim() === "") return;
    if (asksTooMuch(text)) setRefusal(words.tooManyWords);
    else if (current) void ask(undefined);
    else if (connection === "offline") setRefusal(words.youAreOffline);
    else setAsking(true);
    return () => {
      turn.current += 1;
    };
  }, [ask, text, current, connection === "offline"]);
  return { answer, refusal, isAsking, more: () => void (isAsking || ask(answer)) };
}

function reason(words: Words, refusal: Refusal): string {
  if (refusal.code === "forbidden") return words.searchIsOff;
  return refusal.code === "bad_request" ? words.tooManyWords : reasonOf(words, refusal);
}
