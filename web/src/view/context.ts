/** What every page can reach: where one is, what is known, the words, and the one way to want something. */
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { About, Refusal, Want } from "../model/intent.ts";
import type { Id, Model } from "../model/model.ts";
import type { Taste } from "../model/taste.ts";
import type { Place } from "../place/place.ts";
import type { Speech } from "../words/choose.ts";
import type { Words } from "../words/en.ts";

export interface App {
  readonly place: ReadonlySignal<Place>;
  readonly speech: ReadonlySignal<Speech>;
  readonly model: ReadonlySignal<Model>;
  readonly taste: ReadonlySignal<Taste>;
  readonly about: ReadonlySignal<About | undefined>;
  /** Set anew at midnight and when one comes back, so that days are right. */
  readonly today: ReadonlySignal<number>;
  /** The words of why one was logged out, if one was. */
  readonly reason: ReadonlySignal<string | undefined>;
  readonly alert: ReadonlySignal<string | undefined>;
  readonly isMemoryOnly: ReadonlySignal<boolean>;
  /** Takes a newer version of the client over, once one waits. */
  readonly update: ReadonlySignal<(() => void) | undefined>;
  readonly want: Want;
  push(place: Place): void;
  replace(place: Place): void;
  close(): void;
  tell(text: string | undefined): void;
  prefer(taste: Partial<Taste>): void;
  /** The address that waits for its code, for this tab. */
  waiting(email?: string): string | undefined;
  loggedIn(): void;
  logOut(): Promise<void>;
  /** Where one was in a chat. */
  keptPlace(chat: Id): Promise<{ readonly seq: number; readonly offset: number } | undefined>;
  keepPlace(chat: Id, seq: number, offset: number): void;
  /** A picture of a message has been shown: it is kept for times without a network. */
  sawPicture(chat: Id, seq: number, path: string): void;
  /** The bytes of one that could not be shown, if it may be seen. */
  keptPicture(path: string): Promise<Blob | undefined>;
  isFocused(): boolean;
  onAwake(changed: () => void): () => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("a page outside of the application");
  return app;
}

export function useWords(): Words {
  return useApp().speech.value.words;
}

/** A refusal in words. */
export function reasonOf(words: Words, refusal: Refusal): string {
  const known = words.refusals[refusal.code];
  return known ?? (refusal.message === "" ? (words.refusals["bad_request"] ?? "") : refusal.message);
}

/** The name of a chat as it is shown: one's notes have a name in every language. */
export function chatName(words: Words, chat: { readonly kind: string; readonly name: string }): string {
  return chat.kind === "Self" ? words.notes : chat.name;
}
