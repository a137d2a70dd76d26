/** Who is logged in: signing up, in and out, and the account's own affairs. */
import { done, type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import type { Http } from "../wire/http.ts";

type OfAccounts = Extract<
  Intent,
  {
    want:
      | "signUp"
      | "verify"
      | "resend"
      | "logIn"
      | "forgot"
      | "about"
      | "account"
      | "password"
      | "devices"
      | "endDevice"
      | "deleteAccount";
  }
>;

const WANTS: readonly string[] = [
  "signUp",
  "verify",
  "resend",
  "logIn",
  "forgot",
  "about",
  "account",
  "password",
  "devices",
  "endDevice",
  "deleteAccount",
] satisfies OfAccounts["want"][];

export function isOfAccounts(intent: Intent): intent is OfAccounts {
  return WANTS.includes(intent.want);
}

/** One question each. */
export async function ask(http: Http, intent: OfAccounts): Promise<Outcome> {
  switch (intent.want) {
    case "signUp":
      return await http.post("/signup", {
        name: intent.name,
        email: intent.email,
        password: intent.password,
        source: "web",
      });
    case "verify":
      return await http.post("/verify", { email: intent.email, token: intent.code });
    case "resend":
      return await http.post("/resend", { email: intent.email, source: "web" });
    case "logIn":
      return await http.post("/login", { email: intent.email, password: intent.password });
    case "forgot":
      return await http.post("/forgot-password", { email: intent.email });
    case "about":
      return await http.about();
    case "account": {
      const who = await http.me();
      return who.state === "in" ? done({ email: who.email }) : refusedWith("offline");
    }
    case "password":
      return await http.post("/change-password", { currentPassword: intent.current, newPassword: intent.next });
    case "devices":
      return await http.devices();
    case "endDevice":
      return await http.remove(`/sessions/${encodeURIComponent(intent.device)}`);
    case "deleteAccount":
      return await http.remove("/me", { currentPassword: intent.password });
  }
}

/** Once a day the refresh token is renewed, by one tab. */
const DAY = 24 * 60 * 60 * 1000;
const KEY = "greenroom-refreshed";

export async function refreshDaily(
  http: Http,
  storage: Pick<Storage, "getItem" | "setItem">,
  now: number,
): Promise<void> {
  try {
    if (now - Number(storage.getItem(KEY) ?? 0) < DAY) return;
    const outcome = await http.post("/refresh", {});
    if (outcome.ok) storage.setItem(KEY, String(now));
  } catch {
    return;
  }
}
