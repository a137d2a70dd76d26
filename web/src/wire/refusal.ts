/** What to do about a refusal: try again, or give up and tell. */
import type { Refusal } from "../model/intent.ts";
import { countIf, type Fields, textIf } from "./shapes.ts";

const PASSING = ["busy", "unavailable", "rate_limited", "slow_mode", "offline", "timeout", "file_429", "file_503"];

/** Whether the same may succeed a little later. */
export function passes(refusal: Refusal): boolean {
  return PASSING.includes(refusal.code);
}

/** The refusal in an acknowledgement that is not Ok. */
export function refusalOf(from: Fields): Refusal {
  const retryAfter = countIf(from, "RetryAfter");
  return {
    code: textIf(from, "Code") ?? "unavailable",
    message: textIf(from, "Message") ?? "",
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
