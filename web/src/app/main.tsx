/** Begins: finds out who is here, and puts the rooms together. What only those who are logged in need is loaded then. */
import { type Signal, signal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { useErrorBoundary } from "preact/hooks";
import "../look/look.css";
import "../view/view.css";
import { type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import { isOutside, type Place, pathOf, placeOf } from "../place/place.ts";
import { ask, isOfAccounts } from "../sync/session.ts";
import { type App, AppContext, useWords } from "../view/context.ts";
import { FetchHttp } from "../wire/http.ts";
import type { Inside } from "./inside.ts";
import { Outside } from "./outside.tsx";
import { watchForUpdate } from "./update.ts";
import { applyTheme, prefer, type World, world } from "./world.ts";

const http = new FetchHttp();
const WAITING = "greenroom-waiting";
const BACK = "greenroom-back";
const RELOADED = "greenroom-reloaded";

async function begin(): Promise<void> {
  const all = await world();
  const shell = signal<ComponentType | undefined>(undefined);
  let insides: Inside | undefined;

  const ended = async (reason: string | undefined): Promise<void> => {
    const from = all.place.value;
    await insides?.stop(false);
    all.reason.value = reason;
    all.session.value = "out";
    if (!isOutside(from)) {
      if (from.at !== "chats") sessionStorage.setItem(BACK, pathOf(from));
      all.places.replace({ at: "login" });
    }
  };
  const enter = async (): Promise<void> => {
    all.reason.value = undefined;
    const loaded = await import("./inside.ts").catch(() => undefined);
    if (loaded === undefined) {
      if (!reloadOnce()) all.session.value = "broken";
      return;
    }
    sessionStorage.removeItem(RELOADED);
    const { inside, Shell } = loaded;
    insides ??= inside(all, http, (reason) => void ended(reason));
    shell.value = Shell;
    all.session.value = "in";
    if (isOutside(all.place.value)) all.places.replace(wayBack());
    insides.start();
  };
  const want = async (intent: Intent): Promise<Outcome> => {
    if (isOfAccounts(intent)) return await ask(http, intent);
    return (await insides?.want(intent)) ?? refusedWith("offline");
  };
  const app = appOf(all, want, () => insides, enter, ended);

  document.documentElement.lang = all.speech.value.tag;
  all.speech.subscribe(({ tag, direction }) => {
    document.documentElement.lang = tag;
    document.documentElement.dir = direction;
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyTheme(all.taste.value.theme));
  const root = document.getElementById("app");
  if (root === null) return;
  render(
    <AppContext.Provider value={app}>
      <Whole all={all} shell={shell} />
    </AppContext.Provider>,
    root,
  );
  void http.about().then((outcome) => {
    if (outcome.ok) all.about.value = outcome.gift.about;
  });
  void watchForUpdate((takeOver) => {
    all.update.value = takeOver;
  });
  await arrive(all, enter, ended);
}

/** The server has another version, whose files have other names: the page that names them is fetched anew. False if that has not helped. */
function reloadOnce(): boolean {
  const isFirst = sessionStorage.getItem(RELOADED) === null;
  if (isFirst) {
    sessionStorage.setItem(RELOADED, "1");
    location.reload();
  } else sessionStorage.removeItem(RELOADED);
  return isFirst;
}

/** Is somebody logged in? Whoever was here last is shown what is kept, even if nobody answers. */
async function arrive(
  all: World,
  enter: () => Promise<void>,
  ended: (reason: string | undefined) => Promise<void>,
): Promise<void> {
  const wasHere = localStorage.getItem("greenroom-user") !== null;
  if (wasHere && !isOutside(all.place.value)) return await enter();
  const who = await http.me();
  if (who.state === "in" || (who.state === "unknown" && wasHere)) await enter();
  else await ended(undefined);
}

function wayBack(): Place {
  const back = sessionStorage.getItem(BACK);
  sessionStorage.removeItem(BACK);
  sessionStorage.removeItem(WAITING);
  return back === null ? { at: "chats" } : placeOf(back);
}

function appOf(
  all: World,
  want: (intent: Intent) => Promise<Outcome>,
  insides: () => Inside | undefined,
  enter: () => Promise<void>,
  ended: (reason: string | undefined) => Promise<void>,
): App {
  return {
    ...all,
    want,
    push: (place) => all.places.push(place),
    replace: (place) => all.places.replace(place),
    close: () => all.places.close(),
    tell: (text) => {
      all.alert.value = text;
    },
    prefer: (change) => void prefer(all, change),
    waiting(email) {
      if (email !== undefined) sessionStorage.setItem(WAITING, email);
      return sessionStorage.getItem(WAITING) ?? undefined;
    },
    loggedIn: () => void enter(),
    async logOut() {
      await insides()?.stop(true);
      await http.post("/logout", {});
      await ended(undefined);
    },
    keptPlace: async (chat) => await insides()?.keptPlace(chat),
    keepPlace: (chat, seq, offset) => void insides()?.keepPlace(chat, seq, offset),
    sawPicture: (chat, seq, path) =>
      void insides()
        ?.pictures.saw({ chat, seq, path })
        .catch(() => undefined),
    keptPicture: async (path) =>
      await insides()
        ?.pictures.bytes(path)
        .catch(() => undefined),
    isFocused: () => document.visibilityState === "visible" && document.hasFocus(),
    onAwake(changed) {
      const events = ["focus", "blur"] as const;
      for (const event of events) window.addEventListener(event, changed);
      document.addEventListener("visibilitychange", changed);
      return () => {
        for (const event of events) window.removeEventListener(event, changed);
        document.removeEventListener("visibilitychange", changed);
      };
    },
  };
}

function Whole({ all, shell }: { readonly all: World; readonly shell: Signal<ComponentType | undefined> }) {
  const words = useWords();
  const [error] = useErrorBoundary((broken) => console.error(broken));
  if (error !== undefined || all.session.value === "broken") {
    return (
      <main class="frame" aria-label="Greenroom">
        <div class="alert" role="alert">
          <p>{words.broke}</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            {words.reload}
          </button>
        </div>
      </main>
    );
  }
  const Shell = shell.value;
  if (all.session.value === "in" && Shell !== undefined) return <Shell />;
  if (all.session.value === "out" || isOutside(all.place.value)) return <Outside />;
  return (
    <main class="frame" aria-label="Greenroom" aria-busy="true">
      <h1 class="unseen">Greenroom</h1>
    </main>
  );
}

void begin();
