/** Why one cannot write now, and in which words. */
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../../model/model.ts";
import { type Hindrance, hindranceOf } from "../../model/rules.ts";
import type { Speech } from "../../words/choose.ts";
import { useApp } from "../context.ts";

const SECOND = 1_000;

/** Looks again each second while something hinders that ends by the clock. */
export function useHindrance(chat: Chat): Hindrance | undefined {
  const app = useApp();
  const [now, setNow] = useState(Date.now);
  const hindrance = hindranceOf(app.model.value, chat, Math.max(now, Date.now()));
  const endsByItself = hindrance?.is === "slow" || hindrance?.is === "muted";
  useEffect(() => {
    if (!endsByItself) return;
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [endsByItself]);
  return hindrance;
}

export function hindranceText({ words, say }: Speech, today: number, hindrance: Hindrance): string {
  switch (hindrance.is) {
    case "blocked":
      return words.refusals["blocked"] ?? "";
    case "posts":
      return hindrance.who === "Owner" ? words.onlyOwnerWrites : words.onlyModeratorsWrite;
    case "muted":
      return words.youAreMutedUntil(say.when(hindrance.until, today));
    case "slow":
      return words.slowModeSeconds(hindrance.seconds);
  }
}
