/** Finding people by name, and opening the chat with one. */
import { useEffect, useState } from "preact/hooks";
import type { Person } from "../../model/model.ts";
import { reasonOf, useApp } from "../context.ts";

const PAUSE = 200;

/** Who has this in their name. Empty while nothing is asked. */
export function usePeople(
  text: string,
  isOn: boolean,
): { readonly people: readonly Person[]; readonly isReady: boolean } {
  const app = useApp();
  const [found, setFound] = useState<{ readonly text: string; readonly people: readonly Person[] }>({
    text: "",
    people: [],
  });
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === "" || !isOn) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const outcome = await app.want({ want: "people", text: wanted });
      if (!outcome.ok) app.tell(reasonOf(app.speech.value.words, outcome.refusal));
      if (isCurrent) setFound({ text: wanted, people: outcome.ok ? (outcome.gift.people ?? []) : [] });
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [app, wanted, isOn]);
  return { people: wanted === "" ? [] : found.people, isReady: found.text === wanted };
}

/** Opens the chat with somebody, or makes it. */
export function useTalk(): (person: string) => Promise<boolean> {
  const app = useApp();
  return async (person) => {
    const outcome = await app.want({ want: "talk", person });
    if (!outcome.ok) app.tell(reasonOf(app.speech.value.words, outcome.refusal));
    else if (outcome.gift.chat !== undefined) {
      const place = { at: "chat", chat: outcome.gift.chat } as const;
      if (app.place.value.at === "new") app.replace(place);
      else app.push(place);
    }
    return outcome.ok;
  };
}
