// What somebody says and does in a chat, each of which may be refused.
import assert from "node:assert/strict";

import { hasKeys } from "./shapes.mjs";

/// Requests by name of somebody who has said `own` in this room and sees `other` there.
export function speech({ ChatId, send, name }, own, other) {
  return {
    send: [send, { ...name, Content: "no" }],
    forward: ["forward-message", { ChatId, Seq: other.Seq, To: ChatId }],
    typing: ["typing", { ChatId, On: true }],
    edit: ["edit-message", { ChatId, Seq: own.Seq, Content: "no" }],
    react: ["react", { ChatId, Seq: other.Seq, Emoji: "👍", On: true }],
    unreact: ["react", { ChatId, Seq: other.Seq, Emoji: "👍", On: false }],
    pin: ["pin-message", { ChatId, Seq: other.Seq, On: true }],
  };
}

/// Refused for some time, in both ways. Returns after how many seconds it may be asked again.
export async function heldBack(device, event, payload, code) {
  const answer = await device.ask(event, payload);
  hasKeys(answer, "Ok", "Code", "Message", "RetryAfter");
  assert.deepEqual([answer.Ok, answer.Code], [false, code]);
  device.emit(event, payload);
  const told = await device.next("request-failed");
  hasKeys(told, "Event", "Code", "Message", "RetryAfter");
  assert.deepEqual([told.Event, told.Code, told.Message], [event, code, answer.Message]);
  for (const { RetryAfter } of [answer, told]) assert.ok(RetryAfter > 0, `${RetryAfter} is some time`);
  return answer.RetryAfter;
}

/// Asks again and again until it is no longer refused with this code, which it must be in so many seconds. Returns the answer.
export async function once(device, event, payload, code, seconds) {
  const end = performance.now() + 1_000 * seconds;
  for (;;) {
    const answer = await device.ask(event, payload);
    if (answer.Code !== code) return answer;
    assert.ok(performance.now() < end, `${event} is still ${code} after ${seconds} s`);
  }
}
