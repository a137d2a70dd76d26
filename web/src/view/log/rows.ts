/** From the model to what lines show: who, when, and how far one's own message has come. */
import { nameIn, type Receipt, receiptOf } from "../../model/look-up.ts";
import type { Chat, Message, Model, Pending } from "../../model/model.ts";
import { EVERYBODY } from "../../model/reads.ts";
import { messageAt } from "../../model/window.ts";
import { reasonOf } from "../context.ts";
import type { Words } from "../../words/en.ts";
import type { LineProps, Standing } from "./Line.tsx";

type Shown = Pick<
  LineProps,
  | "id"
  | "seq"
  | "sender"
  | "picture"
  | "isOwn"
  | "text"
  | "at"
  | "message"
  | "quoted"
  | "names"
  | "isBlocked"
  | "uploads"
  | "standingIcon"
  | "standingLabel"
  | "refused"
  | "clientId"
>;

export function shownMessage(words: Words, model: Model, chat: Chat, message: Message): Shown {
  const isOwn = message.sender === model.me?.id;
  const standing = isOwn ? standingOf(words, receiptOf(model, chat, message)) : undefined;
  return {
    id: `m-${message.seq}`,
    seq: message.seq,
    sender: message.senderName || nameIn(model, chat, message.sender),
    picture: isOwn ? undefined : chat.members.find((member) => member.id === message.sender)?.picture,
    isOwn,
    text: message.text,
    at: message.at,
    names: namesIn(chat, message),
    isBlocked: chat.kind === "Group" && model.blocked[message.sender] === true,
    message,
    quoted: message.replyTo === undefined ? undefined : messageAt(chat, message.replyTo.seq),
    uploads: undefined,
    standingIcon: standing?.icon,
    standingLabel: standing?.label,
    refused: undefined,
    clientId: undefined,
  };
}

export function shownPending(words: Words, pending: Pending): Shown {
  const isRefused = pending.refused !== undefined;
  return {
    id: `o-${pending.clientId}`,
    seq: 0,
    sender: "",
    picture: undefined,
    isOwn: true,
    text: pending.text,
    at: pending.at,
    names: "",
    isBlocked: false,
    message: undefined,
    quoted: undefined,
    uploads: pending.uploads,
    standingIcon: isRefused ? "warn" : "clock",
    standingLabel: isRefused ? words.notSent : words.waiting,
    refused: pending.refused === undefined ? undefined : reasonOf(words, { code: pending.refused, message: "" }),
    clientId: pending.clientId,
  };
}

/** The names of those whom a message mentions. One text, so that equal ones are equal. */
function namesIn(chat: Chat, message: Message): string {
  const all = (message.mentions ?? []).map((id) =>
    id === EVERYBODY ? id : chat.members.find((member) => member.id === id)?.name,
  );
  return all.filter((name) => name !== undefined).join("\n");
}

function standingOf(words: Words, receipt: Receipt): Standing {
  switch (receipt.state) {
    case "sent":
      return { icon: "tick", label: words.sent };
    case "delivered":
      return { icon: "ticks", label: words.delivered };
    case "read":
      return { icon: "eye", label: words.read };
    case "readBy":
      return { icon: "eye", label: words.readByN(receipt.count) };
  }
}
