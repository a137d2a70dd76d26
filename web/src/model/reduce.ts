/** Model × Fact → Model. The same facts in any order and twice give the same model. */
import { caughtAll, changed, changedAt, reached } from "./changes.ts";
import { known, listed, said, withChat, withNotes, withoutChat } from "./chats.ts";
import type { Fact, Page } from "./fact.ts";
import { happened, joined, learned, left, owned } from "./members.ts";
import { type Chat, EMPTY, type Model, newChat } from "./model.ts";
import { mended } from "./mending.ts";
import { again, discarded, queued, refused, storedAs, without } from "./pending.ts";
import { blockedOrNot, blocking, profiled } from "./people.ts";
import { preferred, shownFrom } from "./prefs.ts";
import { readBy, readHere } from "./reads.ts";
import { uploaded } from "./uploads.ts";
import { later, merged, messageAt, trimmed } from "./window.ts";

export function reduce(model: Model, fact: Fact): Model {
  switch (fact.is) {
    case "connection":
      return { ...model, connection: fact.state, current: model.current && fact.state === "open" };
    case "me":
      return withNotes({ ...model, me: fact.me });
    case "loaded":
      return {
        ...model,
        chats: { ...model.chats, ...Object.fromEntries(fact.chats.map((chat) => [chat.id, chat])) },
        pending: [...fact.pending, ...model.pending],
        drafts: { ...fact.drafts, ...model.drafts },
        mendings: { ...fact.mendings, ...model.mendings },
        trays: { ...fact.trays, ...model.trays },
        listed: model.listed || fact.chats.length > 1,
      };
    case "forgotten":
      return { ...EMPTY, connection: model.connection };
    case "list": {
      const next = listed(model, fact.kind, fact.rows);
      return fact.kind === "Group" ? { ...next, listed: true } : next;
    }
    case "current":
      return { ...model, current: true };
    case "said": {
      const next = said(model, fact.chat, fact.kind, fact.message);
      return fact.message.clientId === undefined ? next : without(next, fact.message.clientId);
    }
    case "page":
      return paged(model, fact.page, fact.afresh);
    case "trimmed":
      return withChat(model, fact.chat, (chat) =>
        chat.window === undefined ? chat : { ...chat, window: trimmed(chat.window, fact.end, fact.count) },
      );
    case "closed":
      return withChat(model, fact.chat, closed);
    case "caught":
      return fact.rows.reduce(caughtAll, fact.gone.reduce(withoutChat, model));
    case "changed":
      return withChat(model, fact.chat, (chat) =>
        reached(model, changed(model, chat, fact.message), { rev: fact.message.rev }),
      );
    case "marked":
      return withChat(model, fact.chat, (chat) =>
        reached(
          model,
          changedAt(model, chat, fact.seq, (old) => later(old, { ...old, mine: fact.mine })),
          { own: fact.mine.own },
        ),
      );
    case "prefs":
      return withChat(model, fact.chat, (chat) => preferred(model, chat, fact.prefs));
    case "happened":
      return withChat(model, fact.chat, (chat) => happened(chat, fact.events));
    case "group": {
      const { news, event, rev } = fact;
      return withChat(model, fact.chat, (chat) => {
        const next = happened(learned(chat, news), event === undefined ? [] : [event]);
        return rev === undefined ? next : reached(model, next, { rev });
      });
    }
    case "pins":
      return withChat(model, fact.chat, (chat) => ({ ...chat, pins: fact.messages }));
    case "read":
      return withChat(model, fact.chat, (chat) =>
        fact.reader === model.me?.id ? readHere(model, chat, fact.seq, {}) : readBy(chat, { [fact.reader]: fact.seq }),
      );
    case "readHere":
      return withChat(model, fact.chat, (chat) => readHere(model, chat, fact.seq, fact));
    case "delivered":
      return withChat(model, fact.chat, (chat) => ({ ...chat, delivered: Math.max(chat.delivered, fact.seq) }));
    case "queued":
      return queued(model, fact.pending);
    case "stored":
      return stored(model, fact);
    case "refused":
      return refused(model, fact.clientId, fact.reason);
    case "again":
      return again(model, fact.clientId);
    case "discarded":
      return discarded(model, fact.clientId);
    case "draft":
      return drafted(model, fact.chat, fact.text);
    case "mended":
      return mended(model, fact.chat, fact.mending);
    default:
      return people(model, fact);
  }
}

type Rest = Exclude<
  Fact,
  {
    is:
      | "connection"
      | "me"
      | "loaded"
      | "forgotten"
      | "list"
      | "current"
      | "said"
      | "page"
      | "trimmed"
      | "closed"
      | "caught"
      | "changed"
      | "marked"
      | "prefs"
      | "happened"
      | "group"
      | "pins"
      | "read"
      | "readHere"
      | "delivered"
      | "queued"
      | "stored"
      | "refused"
      | "again"
      | "discarded"
      | "draft"
      | "mended";
  }
>;

/** Chats that come and go, who is in them, and hints. */
function people(model: Model, fact: Rest): Model {
  switch (fact.is) {
    case "chatMade": {
      const chat = model.chats[fact.chat] ?? { ...newChat(fact.chat, fact.kind, fact.name), window: undefined };
      const partner = fact.partner ?? chat.partner;
      const made: Chat = { ...chat, name: fact.name || chat.name, ...(partner === undefined ? {} : { partner }) };
      return { ...model, chats: { ...model.chats, [fact.chat]: made } };
    }
    case "chatGone":
      return withoutChat(model, fact.chat);
    case "joined":
      return withChat(model, fact.chat, (chat) => joined(chat, fact.member, fact.role));
    case "left":
      return withChat(model, fact.chat, (chat) => left(chat, fact.member));
    case "owner":
      return withChat(model, fact.chat, (chat) => owned(chat, fact.member));
    case "attached":
    case "detached":
    case "uploading":
    case "uploaded":
    case "notUploaded":
      return uploaded(model, fact);
    case "blocks":
      return blocking(model, fact.users);
    case "blocked":
      return blockedOrNot(model, fact.user, fact.on);
    case "privacy":
      return { ...model, privacy: fact.privacy };
    case "profiles":
      return fact.profiles.reduce(profiled, model);
    case "presence":
      return { ...model, presence: { ...model.presence, ...fact.users } };
    case "typing": {
      const others = model.typists.filter((one) => one.chat !== fact.chat || one.user !== fact.user);
      return {
        ...model,
        typists: [...others, { chat: fact.chat, user: fact.user, name: fact.name, until: fact.until }],
      };
    }
    case "stoppedTyping":
      return { ...model, typists: model.typists.filter((one) => one.chat !== fact.chat || one.user !== fact.user) };
    case "time": {
      const typists = model.typists.filter((one) => one.until > fact.now);
      return typists.length === model.typists.length ? model : { ...model, typists };
    }
  }
}

function paged(model: Model, page: Page, afresh: boolean): Model {
  const chat = model.chats[page.chat] ?? newChat(page.chat, page.kind, page.name ?? "");
  const run = page.messages.map((message) => later(messageAt(chat, message.seq), message));
  const newest = run.at(-1);
  const lastSeq = Math.max(chat.lastSeq, newest?.seq ?? 0);
  const empty = newest === undefined && chat.window === undefined ? { from: lastSeq + 1, messages: [] } : undefined;
  const window = empty ?? merged(chat.window, run, afresh);
  const first = page.firstSeq ?? (page.hasMore ? undefined : (run[0]?.seq ?? window?.from));
  const next: Chat = {
    ...chat,
    ...(page.name === undefined || chat.info !== undefined ? {} : { name: page.name }),
    ...(page.description === undefined || chat.info !== undefined ? {} : { description: page.description }),
    ...(page.members === undefined || chat.rosterRev !== undefined ? {} : { members: page.members }),
    ...(window === undefined ? {} : { window }),
    ...(newest !== undefined && newest.seq === lastSeq ? { last: newest } : {}),
    ...(chat.rev === undefined && page.rev !== undefined ? { rev: page.rev, own: page.own ?? 0 } : {}),
    lastSeq,
    lastChat: newest !== undefined && newest.at > chat.lastChat ? newest.at : chat.lastChat,
  };
  return { ...model, chats: { ...model.chats, [page.chat]: readBy(shownFrom(next, first), page.reads) } };
}

/** A chat that is left keeps only the newest of its window. */
function closed(chat: Chat): Chat {
  const { window } = chat;
  if (window === undefined || window.messages.length <= 50) return chat;
  if (window.from + window.messages.length <= chat.lastSeq) return { ...chat, window: undefined };
  return { ...chat, window: trimmed(window, "old", window.messages.length - 50) };
}

/** An acknowledgement: what was pending has its place in the chat. */
function stored(model: Model, fact: Extract<Fact, { is: "stored" }>): Model {
  const pending = model.pending.find((one) => one.clientId === fact.clientId);
  if (pending === undefined || model.me === undefined) return model;
  const message = storedAs(pending, model.me, fact.id, fact.seq, fact.at);
  const kind = model.chats[fact.chat]?.kind ?? "Personal";
  const chat = model.chats[fact.chat];
  const next =
    chat !== undefined && fact.seq <= chat.lastSeq
      ? withChat(model, fact.chat, (old) => known(old, message))
      : said(model, fact.chat, kind, message);
  return without(next, fact.clientId);
}

function drafted(model: Model, chat: string, text: string): Model {
  const { [chat]: _, ...drafts } = model.drafts;
  return { ...model, drafts: text === "" ? drafts : { ...drafts, [chat]: text } };
}
