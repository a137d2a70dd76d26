/** The conversation's lines: where one is in them, what is fetched, what is read. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { rowsOf } from "../../model/look-up.ts";
import type { Chat, Happening } from "../../model/model.ts";
import { atEnd, atStart } from "../../model/window.ts";
import { dayOf } from "../../words/say.ts";
import type { ModeSignal } from "../composer/mode.ts";
import { reasonOf, useApp } from "../context.ts";
import { later, nothing } from "../Later.tsx";
import { Anchor } from "./anchor.ts";
import { Jumps } from "./Jumps.tsx";
import type { LineActs } from "./acts.ts";
import { Line } from "./Line.tsx";
import { keyInLog } from "./keys.ts";
import type { MenuAt } from "./LineMenu.tsx";
import { Viewing } from "./Viewing.tsx";
import { happenedText } from "./happened.ts";
import { shownMessage, shownPending } from "./rows.ts";
import { useDivider } from "./divider.ts";
import { useOpening } from "./opening.ts";

const LineMenu = later(async () => (await import("./LineMenu.tsx")).LineMenu, nothing);

/** A page is fetched so far before an edge, in pixels, or a screen. */
const AHEAD = 800;

export interface LogProps {
  readonly chat: Chat;
  readonly seq: number | undefined;
  readonly mode: ModeSignal;
}

export function Log({ chat, seq, mode }: LogProps) {
  const app = useApp();
  const { words, say } = app.speech.value;
  const model = app.model.value;
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor | undefined>(undefined);
  const [active, setActive] = useState<string>();
  const [menu, setMenu] = useState<MenuAt>();
  const [viewed, setViewed] = useState<string>();
  const [isFarFromEnd, setFar] = useState(false);
  const [isDividerAbove, setDividerAbove] = useState(false);
  const divider = useDivider(chat);
  const { marked, isPlaced } = useOpening(chat, seq, divider.seq, anchor);
  const fetching = useRef(false);
  const again = useRef(() => {});
  const me = model.me?.id ?? "";

  const look = useCallback(() => {
    const frame = scroller.current;
    if (frame === null || anchor.current === undefined) return;
    const now = app.model.value.chats[chat.id];
    if (now === undefined) return;
    anchor.current.remember();
    const below = frame.scrollHeight - frame.scrollTop - frame.clientHeight;
    if (!isPlaced || frame.clientHeight === 0 || now.window === undefined) return;
    const load = (want: "older" | "newer") => {
      if (fetching.current) return;
      fetching.current = true;
      void app.want({ want, chat: chat.id }).then((outcome) => {
        fetching.current = false;
        if (outcome.ok) requestAnimationFrame(() => again.current());
      });
    };
    const ahead = Math.max(AHEAD, frame.clientHeight);
    if (below < ahead && !atEnd(now)) load("newer");
    else if (frame.scrollTop < ahead && !atStart(now)) load("older");
    setFar(!atEnd(now) || below > frame.clientHeight / 2);
    const line = frame.querySelector(".divider");
    const isAbove =
      line === null
        ? divider.seq !== undefined && (now.window?.from ?? 0) > divider.seq
        : line.getBoundingClientRect().bottom < frame.getBoundingClientRect().top;
    setDividerAbove(isAbove);
    const newest = anchor.current.seen();
    if (newest > 0 && app.isFocused()) void app.want({ want: "seen", chat: chat.id, seq: newest });
  }, [app, chat.id, divider.seq, isPlaced]);
  again.current = look;

  // What one looked at before this change stays where it was.
  useLayoutEffect(() => {
    const frame = scroller.current;
    if (frame === null) return;
    anchor.current ??= new Anchor(frame);
    anchor.current.reachesEnd = atEnd(chat);
    anchor.current.restore();
    look();
  });
  useEffect(() => {
    const frame = scroller.current;
    if (frame === null) return;
    const sizes = new ResizeObserver(() => {
      anchor.current?.restore();
      look();
    });
    sizes.observe(frame);
    if (frame.firstElementChild !== null) sizes.observe(frame.firstElementChild);
    return () => sizes.disconnect();
  }, [look]);
  useEffect(() => app.onAwake(look), [app, look]);
  useEffect(() => {
    const kept = anchor;
    return () => {
      const first = kept.current?.first();
      if (first !== undefined && kept.current?.isEnd === false) app.keepPlace(chat.id, first.seq, first.offset);
      else app.keepPlace(chat.id, 0, 0);
      void app.want({ want: "close", chat: chat.id });
    };
  }, [app, chat.id]);

  const act = useMemo<LineActs>(
    () => ({
      menu: (id, button) => setMenu({ id, button }),
      activate: setActive,
      again: (clientId) => void app.want({ want: "again", clientId }),
      discard: async (clientId) => {
        const outcome = await app.want({ want: "discard", clientId });
        const isFree = (app.model.value.drafts[chat.id] ?? "") === "";
        if (outcome.ok && outcome.gift.text !== undefined && isFree)
          void app.want({ want: "draft", chat: chat.id, text: outcome.gift.text });
        document.querySelector<HTMLElement>(".composer textarea")?.focus();
      },
      react: async (at, emoji, on) => {
        const outcome = await app.want({ want: "react", chat: chat.id, seq: at, emoji, on });
        if (!outcome.ok) app.tell(reasonOf(app.speech.value.words, outcome.refusal));
      },
      jump: (to) => app.replace({ at: "chat", chat: chat.id, seq: to }),
      view: setViewed,
      saw: (at, path) => app.sawPicture(chat.id, at, path),
    }),
    [app, chat.id],
  );
  const rows = rowsOf(model, chat, dayOf, divider.seq);
  const last = rows.findLast((row) => row.row === "message" || row.row === "pending");
  const lastId =
    last === undefined
      ? undefined
      : last.row === "pending"
        ? last.key
        : last.row === "message"
          ? `m-${last.message.seq}`
          : undefined;
  const activeId = rows.some(
    (row) =>
      (row.row === "message" && `m-${row.message.seq}` === active) || (row.row === "pending" && row.key === active),
  )
    ? active
    : lastId;
  const isEmpty = last === undefined && chat.window !== undefined;
  const shared = { words, say, act, me };
  return (
    <div class="log">
      <div class={isPlaced ? "log-scroll" : "log-scroll log-unplaced"} ref={scroller} onScroll={look}>
        <div
          class="log-lines"
          role="log"
          aria-label={words.messages}
          aria-live="off"
          tabIndex={last === undefined ? 0 : undefined}
          onKeyDown={(event) => keyInLog(event, { app, chat, mode, menu: setMenu })}
        >
          {chat.window !== undefined && !atStart(chat) && (
            <div class="log-loader" role="progressbar" aria-label={words.loadingMessages} />
          )}
          {isEmpty && <p class="log-empty">{words.nothingSaidYet}</p>}
          {rows.map((row) => {
            if (row.row === "day") return <Boundary key={row.key} text={say.day(row.day, app.today.value)} />;
            if (row.row === "happened") return <Happened key={row.key} event={row.event} />;
            if (row.row === "new") return <Boundary key={row.key} text={words.newMessages} isNew />;
            const shown =
              row.row === "message" ? shownMessage(words, model, chat, row.message) : shownPending(words, row.pending);
            return (
              <Line
                key={row.key}
                {...shown}
                {...shared}
                isFirst={row.isFirst}
                isActive={shown.id === activeId}
                isCurrent={shown.seq > 0 && shown.seq === marked}
              />
            );
          })}
        </div>
      </div>
      <Jumps chat={chat} isFar={isFarFromEnd} isDividerAbove={isDividerAbove} divider={divider.seq} anchor={anchor} />
      {menu !== undefined && <LineMenu chat={chat} at={menu} mode={mode} onClose={() => setMenu(undefined)} />}
      {viewed !== undefined && <Viewing chat={chat} file={viewed} onView={setViewed} />}
    </div>
  );
}

function Happened({ event }: { readonly event: Happening }) {
  const { words, say } = useApp().speech.value;
  return (
    <p class="happened quiet" dir="auto" title={say.full(event.at)}>
      {happenedText(words, event)}
    </p>
  );
}

function Boundary({ text, isNew = false }: { readonly text: string; readonly isNew?: boolean }) {
  return (
    <div class={isNew ? "boundary divider" : "boundary"} role="separator" aria-label={text}>
      <span aria-hidden="true">{text}</span>
    </div>
  );
}
