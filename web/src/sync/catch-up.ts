/** After a connect, and whenever something was missed: asks `sync` until nothing is left. */
import type { Caught } from "../model/fact.ts";
import type { Chat, Id } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { endOf } from "../model/window.ts";
import { decodeSync } from "../wire/decode.ts";
import type { Wire } from "../wire/socket.ts";

/** Who is farther behind gets the newest line, and a page when the chat is opened. */
const FAR = 200;

interface Position {
  readonly seq: number;
  readonly rev?: number;
  readonly own?: number;
}

/** Fetches all that was missed. False if the connection went away meanwhile. */
export async function catchUp(store: Store, wire: Wire): Promise<boolean> {
  let named = new Map(Object.values(store.model.chats).map((chat): [Id, Position] => [chat.id, positionOf(chat)]));
  const everything = new Map(named);
  while (named.size > 0) {
    // Every chat is named each time: one that is not named is sent from its beginning.
    const answer = await wire.ask("sync", {
      Chats: Object.fromEntries([...everything].map(([id, position]) => [id, wireForm(position)])),
    });
    if (!answer.ok) return false;
    const fact = decodeSync(answer.body);
    store.tell(fact);
    named = new Map();
    for (const row of fact.rows) {
      const reached = reachedBy(row, everything.get(row.chat)?.seq);
      everything.set(row.chat, reached);
      if (row.hasMore || row.changedMore) named.set(row.chat, reached);
    }
    for (const id of fact.gone) everything.delete(id);
  }
  return true;
}

/** Up to where a chat is known without a gap. */
function positionOf(chat: Chat): Position {
  const { window, lastSeq, rev, own } = chat;
  const changes = rev === undefined ? {} : { rev, own: own ?? 0 };
  const end = window === undefined ? undefined : endOf(window) - 1;
  if (end !== undefined && lastSeq - end <= FAR) return { seq: end, ...changes };
  const isLastKnown = chat.last !== undefined && chat.last.seq >= lastSeq;
  return { seq: isLastKnown ? lastSeq : Math.max(0, lastSeq - 1), ...changes };
}

/** A chat that was not named is one that is hidden: its newest line is enough. */
function reachedBy(row: Caught, asked: number | undefined): Position {
  const newest = row.messages.at(-1)?.seq;
  const isFar = asked === undefined && row.lastSeq - (newest ?? 0) > FAR;
  const seq = isFar ? row.lastSeq - 1 : (newest ?? (row.reset ? row.lastSeq : (asked ?? 0)));
  return { seq, ...(row.rev === undefined ? {} : { rev: row.rev, own: row.own ?? 0 }) };
}

/** A chat whose changes are not numbered is named by its `Seq` alone. */
function wireForm({ seq, rev, own }: Position): number | { Seq: number; Rev: number; Own: number } {
  return rev === undefined ? seq : { Seq: seq, Rev: rev, Own: own ?? 0 };
}
