/** The frame around all pages of those who are logged in: panes, the state of the connection, alerts, keys. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { chatsInOrder, isWaiting, waitingChats } from "../model/look-up.ts";
import { isArchived } from "../model/prefs.ts";
import type { Place } from "../place/place.ts";
import { Announcer } from "./Announcer.tsx";
import { Connection } from "./Connection.tsx";
import { Chats } from "./chats/Chats.tsx";
import { chatName, useApp, useWords } from "./context.ts";
import { Conversation } from "./log/Conversation.tsx";
import { later, nothing } from "./Later.tsx";
import { Nobody } from "./Nobody.tsx";
import { usePanes } from "./panes.ts";

const NewChat = later(async () => (await import("./chats/NewChat.tsx")).NewChat, nothing);
const NewGroup = later(async () => (await import("./chats/NewGroup.tsx")).NewGroup, nothing);
const Shortcuts = later(async () => (await import("./Shortcuts.tsx")).Shortcuts, nothing);
const Join = later(async () => (await import("./join/Join.tsx")).Join);
const Starred = later(async () => (await import("./search/Starred.tsx")).Starred);
const Search = later(async () => (await import("./search/Search.tsx")).Search);
const Settings = later(async () => (await import("./settings/Settings.tsx")).Settings);

/** Dialogs lie on top of the place one came from. */
function isDialog(place: Place): boolean {
  return place.at === "new" || place.at === "new-group";
}

export function Shell() {
  const app = useApp();
  const panes = usePanes();
  const [help, setHelp] = useState(false);
  const place = app.place.value;
  const under = useRef<Place>(place);
  const from = useRef<Place | undefined>(undefined);
  if (!isDialog(place) && place !== under.current) {
    from.current = under.current;
    under.current = place;
  }
  const below: Place = isDialog(under.current) ? { at: "chats" } : under.current;
  useTitle();
  useKeys(() => setHelp(true));
  const isList = below.at === "chats" || below.at === "nowhere";
  return (
    <div class={`shell shell-${panes}`}>
      <a
        class="skip"
        href="#conversation"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>("main h1")?.focus();
        }}
      >
        {app.speech.value.words.skip}
      </a>
      <Connection />
      <Announcer />
      <div class="panes">
        {(panes > 1 || isList) &&
          (panes === 1 ? (
            <ListPage from={from.current} />
          ) : (
            <Chats open={below.at === "chat" ? below.chat : undefined} />
          ))}
        {below.at === "chat" && (
          <Conversation
            key={below.chat}
            id={below.chat}
            seq={below.seq}
            hasDetails={below.details === true}
            panes={panes}
          />
        )}
        {below.at === "search" && <Search text={below.text} panes={panes} />}
        {below.at === "starred" && <Starred panes={panes} />}
        {below.at === "join" && <Join key={below.token} token={below.token} panes={panes} />}
        {below.at === "settings" && <Settings panes={panes} />}
        {isList && panes > 1 && <Nobody isNowhere={below.at === "nowhere"} />}
      </div>
      {place.at === "new" && <NewChat />}
      {place.at === "new-group" && <NewGroup />}
      {help && <Shortcuts onClose={() => setHelp(false)} />}
    </div>
  );
}

/** In one pane the list is the page. The focus goes to the chat that one left. */
function ListPage({ from }: { readonly from: Place | undefined }) {
  const app = useApp();
  useLayoutEffect(() => {
    if (from === undefined) return;
    const left = from.at === "chat" ? document.getElementById(`chat-${from.chat}`) : null;
    (left ?? document.querySelector<HTMLElement>(".list-page h1"))?.focus();
  }, []);
  return (
    <main class="list-page" aria-label="Greenroom" aria-busy={!app.model.value.listed} id="conversation">
      <Chats open={undefined} isPage />
    </main>
  );
}

function useTitle() {
  const app = useApp();
  useSignalEffect(() => {
    const place = app.place.value;
    const waiting = waitingChats(app.model.value, Date.now());
    const chat = place.at === "chat" ? app.model.value.chats[place.chat] : undefined;
    const name = chat === undefined ? "Greenroom" : `${chatName(app.speech.value.words, chat)} – Greenroom`;
    document.title = waiting === 0 ? name : `(${waiting}) ${name}`;
    lightIcons(waiting);
  });
}

/** What waits is seen beside the title, and where the client is installed at its icon. Some browsers have no such badge. */
function lightIcons(waiting: number) {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = waiting === 0 ? "/icons/icon.svg" : "/icons/icon-lit.svg";
  if (icon !== null && icon.getAttribute("href") !== wanted) icon.href = wanted;
  const badge = navigator as Partial<Pick<Navigator, "setAppBadge">>;
  void badge.setAppBadge?.(waiting).catch(() => undefined);
}

/** Keys that work everywhere. Single letters work only inside the log. */
function useKeys(help: () => void) {
  const app = useApp();
  const words = useWords();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || document.querySelector("dialog[open]") !== null) return;
      const act = actionOf(event, app, help);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [app, help, words]);
}

function actionOf(event: KeyboardEvent, app: ReturnType<typeof useApp>, help: () => void): (() => void) | undefined {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return () => focusSearch(app);
  if (event.altKey && event.shiftKey && event.key === "ArrowDown") return () => goTo(app, 1, true);
  if (event.altKey && event.key === "ArrowDown") return () => goTo(app, 1, false);
  if (event.altKey && event.key === "ArrowUp") return () => goTo(app, -1, false);
  if (event.key === "F6") return nextPane;
  if (event.key === "?" && !isTyping) return help;
  if (event.key !== "Escape") return undefined;
  const place = app.place.value;
  if (place.at === "chat" && place.details === true) return () => app.close();
  return () => document.querySelector<HTMLElement>("[data-jump=newest]")?.click();
}

function focusSearch(app: ReturnType<typeof useApp>): void {
  const find = () => document.querySelector<HTMLElement>("nav .search-box");
  find()?.focus();
  if (find() !== null) return;
  app.push({ at: "chats" });
  requestAnimationFrame(() => find()?.focus());
}

function goTo(app: ReturnType<typeof useApp>, step: 1 | -1, isUnread: boolean): void {
  const place = app.place.value;
  const chats = chatsInOrder(app.model.value).filter((chat) => !isArchived(chat));
  const at = chats.findIndex((chat) => place.at === "chat" && chat.id === place.chat);
  const around = [...chats.slice(at + 1), ...chats.slice(0, Math.max(at, 0))];
  const next = isUnread ? around.find(isWaiting) : chats[at + step];
  if (next !== undefined) app.push({ at: "chat", chat: next.id });
}

/** List, conversation, composer, details, and from the beginning. */
function nextPane(): void {
  const panes = ["nav .search-box", '[role="log"] [tabindex="0"], main h1', ".composer textarea", "aside h2"]
    .map((selector) => document.querySelector<HTMLElement>(selector))
    .filter((pane) => pane !== null);
  const holders = panes.map((pane) => pane.closest("nav, [role=log], .composer, aside, main") ?? pane);
  const at = holders.findIndex((holder) => holder.contains(document.activeElement));
  panes[(at + 1) % panes.length]?.focus();
}
