/** What is needed only by those who are logged in: the socket, the database, the pages of chats. */
import type { Fact } from "../model/fact.ts";
import type { Intent, Outcome } from "../model/intent.ts";
import { refusedWith } from "../model/intent.ts";
import { newId } from "../model/new-id.ts";
import { Store } from "../model/store.ts";
import { uploadsOf } from "../model/uploads.ts";
import { Conductor } from "../sync/conductor.ts";
import { Keeping } from "../sync/keeping.ts";
import { KeptHistory } from "../sync/kept-history.ts";
import { Notifier } from "../sync/notify.ts";
import { Pictures } from "../sync/pictures.ts";
import { CLOCK } from "../sync/ports.ts";
import { refreshDaily } from "../sync/session.ts";
import type { Uploads } from "../sync/uploads.ts";
import { awakeOf } from "../tabs/awake.ts";
import { Channel } from "../tabs/channel.ts";
import { alone, careTake, isClosed, live } from "../tabs/locks.ts";
import type { Http } from "../wire/http.ts";
import { fetchPicture } from "../wire/pictures.ts";
import { SocketWire } from "../wire/socket.ts";
import { notice, watchForClicks } from "./notice.ts";
import type { World } from "./world.ts";

export { Shell } from "../view/Shell.tsx";

/** A hidden tab that is not the caretaker closes its socket after so long. */
const HIDDEN = 5 * 60 * 1000;

export interface Inside {
  start(): void;
  stop(all: boolean): Promise<void>;
  want(intent: Intent): Promise<Outcome>;
  keptPlace: Keeping["place"];
  keepPlace: Keeping["keepPlace"];
  readonly pictures: Pictures;
}

export function inside(all: World, http: Http, ended: (reason: string | undefined) => void): Inside {
  const tab = newId();
  live(tab);
  const store = new Store();
  const keeping = new Keeping(store, CLOCK, tab, isClosed, () => all.taste.value.keep, localStorage);
  const history = new KeptHistory(store, () => keeping.cache);
  const pictures = new Pictures(store, CLOCK, fetchPicture, () => keeping.pictures);
  const awake = awakeOf(document, window);
  const channel = new Channel((told) => {
    if (told.is === "draft" && told.user === store.model.me?.id) keeping.drafted(told.chat, told.text);
    if (told.is === "out" && told.user === store.model.me?.id) {
      void keeping.leave(true);
      ended(undefined);
    }
  });
  const conductor = new Conductor(
    {
      store,
      http,
      clock: CLOCK,
      awake,
      ended,
      strange: (error) => console.error(error),
      async entered(me) {
        await keeping.enter(me.id);
        all.isMemoryOnly.value = keeping.isMemoryOnly;
        remember(me.id);
        void alone("refresh", () => refreshDaily(http, localStorage, Date.now()));
      },
    },
    (listener) => new SocketWire(listener, () => store.model.me),
  );
  const uploads = withFirst(() => import("./uploading.ts").then(({ uploading }) => uploading(store, http, keeping)));
  const openChat = () => (all.place.value.at === "chat" ? all.place.value.chat : undefined);
  const notifier = new Notifier(
    CLOCK,
    awake,
    openChat,
    (one) => void alone(`notice-${one.lock}`, () => notice(all, one)),
  );
  const show = shower(() => {
    all.model.value = store.model;
  });
  store.listen((model, fact) => {
    show(OFTEN.includes(fact.is));
    notifier.told(model, fact);
    if (uploadsOf(model).length > 0) void uploads();
  });
  all.taste.subscribe(({ keep }) => {
    if (!keep) void keeping.forget();
  });
  setInterval(() => store.tell({ is: "time", now: Date.now() }), 1_000);
  window.addEventListener("pagehide", () => keeping.flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keeping.flush();
  });
  watchForClicks(all);
  sleepWhenHidden(conductor);
  return {
    async start() {
      // What is kept is shown before the network answers.
      const known = remembered();
      if (known !== undefined) await keeping.enter(known);
      conductor.start();
    },
    async stop(everything) {
      conductor.stop();
      const user = store.model.me?.id;
      if (everything && user !== undefined) channel.tell({ is: "out", user });
      await keeping.leave(everything);
      store.tell({ is: "forgotten" });
      forget();
    },
    async want(intent) {
      switch (intent.want) {
        case "attach":
        case "detach":
        case "attachAgain":
        case "upload":
          return (await (await uploads())?.want(intent)) ?? refusedWith("offline");
        case "draft": {
          const user = store.model.me?.id;
          if (user !== undefined) channel.tell({ is: "draft", user, chat: intent.chat, text: intent.text });
          return await keeping.want(intent);
        }
        case "mend":
        case "send":
        case "again":
        case "discard":
          return await keeping.want(intent);
        case "open":
          keeping.opened(intent.chat);
          return await conductor.want(intent);
        case "older":
        case "newer":
        case "newest":
        case "around": {
          const outcome = await conductor.want(intent);
          return outcome.ok || store.model.current ? outcome : await history.want(intent, outcome);
        }
        default:
          return await conductor.want(intent).catch(() => refusedWith("bad_request"));
      }
    },
    pictures,
    keptPlace: (chat) => keeping.place(chat),
    keepPlace: (chat, seq, offset) => keeping.keepPlace(chat, seq, offset),
  };
}

/** Loads what only some need, with the first who does. What could not be loaded is tried again by the next. */
function withFirst(load: () => Promise<Uploads>): () => Promise<Uploads | undefined> {
  let loading: Promise<Uploads | undefined> | undefined;
  return () => {
    loading ??= load().catch(() => {
      loading = undefined;
      return undefined;
    });
    return loading;
  };
}

/** What can come by the hundred: it is drawn once a frame. What one does oneself is drawn at once. */
const OFTEN: readonly Fact["is"][] = [
  "said",
  "read",
  "changed",
  "marked",
  "delivered",
  "presence",
  "typing",
  "stoppedTyping",
];

/** Draws at once, or once with all that comes before the next frame. A hidden page has no frames. */
function shower(draw: () => void): (isPatient: boolean) => void {
  let isWaiting = false;
  const now = () => {
    isWaiting = false;
    draw();
  };
  return (isPatient) => {
    if (!isPatient || document.visibilityState === "hidden") return now();
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(now);
  };
}

/** Hidden tabs save sockets; one of them stays awake for notifications. */
function sleepWhenHidden(conductor: Conductor): void {
  let isCaretaker = false;
  let isAsleep = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  careTake(() => {
    isCaretaker = true;
    if (isAsleep) conductor.start();
    isAsleep = false;
  });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      if (isAsleep) conductor.start();
      isAsleep = false;
    } else if (!isCaretaker) {
      timer = setTimeout(() => {
        isAsleep = true;
        conductor.stop();
      }, HIDDEN);
    }
  });
}

const KEY = "greenroom-user";

function remembered(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(user: string): void {
  try {
    localStorage.setItem(KEY, user);
  } catch {
    return;
  }
}

function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    return;
  }
}
