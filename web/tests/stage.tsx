/** An application for pages on their own: what they are shown, and what they want. */
import { signal } from "@preact/signals";
import { render } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { done, type Intent, type Outcome } from "../src/model/intent.ts";
import { mended } from "../src/model/mending.ts";
import { EMPTY, type Model } from "../src/model/model.ts";
import { PLAIN } from "../src/model/taste.ts";
import type { Place } from "../src/place/place.ts";
import { type App, AppContext } from "../src/view/context.ts";
import { speech } from "../src/words/choose.ts";

/** `answer`: what comes of a wish, where not all is well. */
export async function stage(
  known: Partial<Model> = {},
  answer: (intent: Intent) => Outcome | undefined = () => undefined,
) {
  const model = signal<Model>({ ...EMPTY, ...known });
  const place = signal<Place>({ at: "chats" });
  const wanted: Intent[] = [];
  const nothing = () => undefined;
  const app: App = {
    place,
    model,
    speech: signal(await speech("en", ["en-US"])),
    taste: signal(PLAIN),
    about: signal(undefined),
    today: signal(Date.parse("2026-01-01T12:00:00.000Z")),
    reason: signal(undefined),
    alert: signal(undefined),
    isMemoryOnly: signal(false),
    update: signal(undefined),
    want: async (intent) => {
      wanted.push(intent);
      if (intent.want === "draft") model.value = { ...model.value, drafts: { [intent.chat]: intent.text } };
      if (intent.want === "mend") model.value = mended(model.value, intent.chat, intent.mending);
      return answer(intent) ?? done();
    },
    push: (to) => {
      place.value = to;
    },
    replace: (to) => {
      place.value = to;
    },
    close: nothing,
    tell: nothing,
    prefer: nothing,
    waiting: nothing,
    loggedIn: nothing,
    logOut: async () => undefined,
    keptPlace: async () => undefined,
    keepPlace: nothing,
    sawPicture: nothing,
    keptPicture: async () => undefined,
    isFocused: () => true,
    onAwake: () => nothing,
  };
  const show = (children: ComponentChildren) =>
    render(<AppContext.Provider value={app}>{children}</AppContext.Provider>);
  return { app, model, place, wanted, show };
}
