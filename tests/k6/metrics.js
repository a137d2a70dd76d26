// What is measured, and the thresholds that every scenario shares: those on promises, which no load excuses.
import { Counter, Trend } from "k6/metrics";

const time = (name) => new Trend(name, true);

/// From opening a connection to the last list.
export const connectTime = time("connect_time");
/// From sending a message to its acknowledgement, which says that it is stored.
export const ackTime = time("ack_time");
/// From sending a message to another member's socket hearing it.
export const deliveryTime = time("delivery_time");
/// From asking for a change of a message to its acknowledgement.
export const changeTime = time("change_time");
/// From dropping a connection to the answer of `sync` on the next.
export const recoveryTime = time("recovery_time");
/// From POST /login to its answer, whichever it is.
export const loginTime = time("login_time");

export const sent = new Counter("messages_sent");
export const acked = new Counter("messages_acked");
/// Answered with a refusal, by its code; `busy` says that a mailbox was full.
export const refused = new Counter("messages_refused");
/// Neither acknowledged nor refused in time.
export const unacked = new Counter("messages_unacked");
export const delivered = new Counter("messages_delivered");
/// Acknowledged, but not heard by a member who was there.
export const lost = new Counter("messages_lost");
export const doubled = new Counter("messages_doubled");
export const outOfOrder = new Counter("messages_out_of_order");

/// Changes of messages: edited, deleted, reacted to. A few are refused because the message was deleted meanwhile.
export const changed = new Counter("changes_acked");
export const changesRefused = new Counter("changes_refused");
export const changesUnacked = new Counter("changes_unacked");
export const changesTold = new Counter("changes_told");
/// Acknowledged, but not told to a member who was there.
export const changesLost = new Counter("changes_lost");
/// Told with a number that is not above the one before.
export const changesOutOfOrder = new Counter("changes_out_of_order");

/// Connections that came to all their lists.
export const connected = new Counter("sockets_connected");
export const connectFailed = new Counter("sockets_failed");

/// An iteration of a scenario came to its end.
export const finished = new Counter("rounds_finished");
export const broken = new Counter("rounds_broken");

/// Holds under any load.
export const PROMISES = {
  messages_lost: ["count==0"],
  messages_doubled: ["count==0"],
  messages_out_of_order: ["count==0"],
  messages_unacked: ["count==0"],
  changes_lost: ["count==0"],
  changes_out_of_order: ["count==0"],
  changes_unacked: ["count==0"],
  rounds_finished: ["count>0"],
  rounds_broken: ["count==0"],
};
