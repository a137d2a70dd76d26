/** The list of chats, and the search above it. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";
import { SearchBox } from "../../look/Field.tsx";
import { Icon, Logo } from "../../look/Icon.tsx";
import { Mirror, Portrait } from "../../look/Mark.tsx";
import { chatsInOrder } from "../../model/look-up.ts";
import type { Chat } from "../../model/model.ts";
import { isArchived } from "../../model/prefs.ts";
import { chatName, useApp, useWords } from "../context.ts";
import { later, nothing } from "../Later.tsx";
import { PlaceLink } from "../links.tsx";
import { Archive } from "./Archive.tsx";
import { ChatRow } from "./ChatRow.tsx";
import { usePeople, useTalk } from "./people.ts";

const ChatMenu = later(async () => (await import("./ChatMenu.tsx")).ChatMenu, nothing);

export interface ChatsProps {
  readonly open: string | undefined;
  /** The list is the whole page. */
  readonly isPage?: boolean;
}

export function Chats({ open, isPage = false }: ChatsProps) {
  const app = useApp();
  const words = useWords();
  const [text, setText] = useState("");
  const talk = useTalk();
  const { people, isReady } = usePeople(text, true);
  const rail = useRef<HTMLElement>(null);
  const wanted = text.trim().toLocaleLowerCase();
  const all = chatsInOrder(app.model.value);
  const [isUnfolded, setUnfolded] = useState(false);
  const [menu, setMenu] = useState<{ readonly chat: string; readonly button: HTMLElement }>();
  const closeMenu = useCallback(() => setMenu(undefined), []);
  const openMenu = (chat: Chat, button: HTMLElement) => setMenu({ chat: chat.id, button });
  const menuChat = menu === undefined ? undefined : app.model.value.chats[menu.chat];
  const chats =
    wanted === ""
      ? all.filter((chat) => !isArchived(chat))
      : all.filter((chat) => chatName(words, chat).toLocaleLowerCase().includes(wanted));
  const strangers = people.filter((person) => !all.some((chat) => chat.partner === person.id || chat.id === person.id));
  const count = chats.length + strangers.length;
  const isAlone = all.length <= 1 && wanted === "" && app.model.value.listed;
  return (
    <nav class="rail" aria-label={words.chats} aria-busy={!app.model.value.listed} ref={rail}>
      <header class="rail-head">
        <Logo />
        {isPage ? (
          <h1 class="rail-name" tabIndex={-1}>
            Greenroom
          </h1>
        ) : (
          <span class="rail-name">Greenroom</span>
        )}
        <IconButton icon="plus" label={words.newChat} onClick={() => app.push({ at: "new" })} />
        <IconButton icon="group" label={words.newGroup} onClick={() => app.push({ at: "new-group" })} />
        <PlaceLink to={{ at: "settings" }} class="icon-button" aria-label={words.settings} title={words.settings}>
          <Icon name="settings" />
        </PlaceLink>
      </header>
      <div class="rail-search">
        <SearchBox label={words.search} value={text} onText={setText} />
        <PlaceLink to={{ at: "starred" }} class="icon-button" aria-label={words.starred} title={words.starred}>
          <Icon name="star" />
        </PlaceLink>
      </div>
      <h2 class="unseen">{words.chats}</h2>
      <div class="rail-lists">
        <ul class="chat-list" aria-label={words.chats}>
          {chats.map((chat) => (
            <ChatRow key={chat.id} chat={chat} isOpen={chat.id === open} onActions={openMenu} />
          ))}
        </ul>
        {wanted === "" && (
          <Archive
            chats={all.filter(isArchived)}
            open={open}
            isUnfolded={isUnfolded}
            onFold={() => setUnfolded(!isUnfolded)}
            onActions={openMenu}
          />
        )}
        {wanted !== "" && (
          <>
            <PlaceLink to={{ at: "search", text }} class="search-messages">
              <Icon name="search" />
              {words.searchMessages}
            </PlaceLink>
            {strangers.length > 0 && <h3 class="rail-label">{words.people}</h3>}
            <ul class="chat-list" aria-label={words.people}>
              {strangers.map((person) => (
                <li key={person.id}>
                  <button
                    type="button"
                    class="pick"
                    onClick={() => void talk(person.id).then((ok) => ok && setText(""))}
                  >
                    <Portrait name={person.name} id={person.id} picture={person.picture} />
                    <bdi>{person.name}</bdi>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        {isAlone && (
          <div class="rail-empty">
            <Mirror lit={3} />
            <p>{words.nobodyHere}</p>
            <p class="quiet">{words.nobodyHereHint}</p>
          </div>
        )}
      </div>
      {menu !== undefined && menuChat !== undefined && (
        <ChatMenu key={menu.chat} chat={menuChat} at={menu.button} isOpen={menu.chat === open} onClose={closeMenu} />
      )}
      <Found isSearching={wanted !== "" && isReady} count={count} />
    </nav>
  );
}

/** Says how many were found, once it is known. */
export function Found({ isSearching, count }: { readonly isSearching: boolean; readonly count: number }) {
  const words = useWords();
  const [text, setText] = useState("");
  useEffect(() => {
    setText(!isSearching ? "" : count === 0 ? words.nothingFound : words.nFound(count));
  }, [isSearching, count, words]);
  return (
    <p class="found quiet" role="status" aria-label={words.found}>
      {text}
    </p>
  );
}
