// Exact shapes: a field too many or too few is a broken promise to some client.
import assert from "node:assert/strict";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/// What an event emits when it fails without an acknowledgement, if not `request-failed`.
const FAILURES = {
  "create-personal-chat": "create-personal-chat-fail",
  "create-group-chat": "create-group-chat-fail",
  "add-member": "add-member-fail",
  "leave-grp": "group-left-fail",
};

export function hasKeys(value, ...keys) {
  assert.deepEqual(Object.keys(value).sort(), keys.sort());
}

export function isId(value) {
  assert.match(value, ID);
}

export function isTime(value) {
  assert.match(value, TIME);
}

/// The acknowledgement of a stored message.
export function isStored(answer, chat, seq) {
  hasKeys(answer, "Ok", "ChatId", "_id", "Seq", "Timestamp");
  assert.equal(answer.Ok, true);
  assert.equal(answer.ChatId, chat);
  assert.equal(answer.Seq, seq);
  isId(answer._id);
  isTime(answer.Timestamp);
}

/// A live message: `extra` holds GroupId in groups and ClientId where the sender gave one.
export function isLive(message, stored, sender, content, extra = {}) {
  const { ChatId, _id, Seq, Timestamp } = stored;
  const expected = { ChatId, _id, Seq, Timestamp, Content: content, Sender: sender.name, SenderId: sender.id, ...extra };
  assert.deepEqual(message, expected);
}

/// What both kinds of rows have; the last message where there is one to be seen.
const inRow = (row) => [..."_id LastChat Unread LastSeq ReadSeq Rev Own Prefs Mentioned".split(" "), ...("Last" in row ? ["Last"] : [])];

export function isPersonalRow(row) {
  hasKeys(row, ...inRow(row), "Partner", "PartnerId", "PartnerReadSeq", "DeliveredSeq");
  isTime(row.LastChat);
}

export function isGroupRow(row) {
  hasKeys(row, ...inRow(row), "Name", "Role");
  isTime(row.LastChat);
}

/// A refusal with an acknowledgement goes there alone.
export async function refusedByAck(device, event, args, code) {
  const answer = await device.ask(event, ...args);
  const what = `${event} ${JSON.stringify(args)?.slice(0, 200)}: ${JSON.stringify(answer)}`;
  assert.deepEqual(Object.keys(answer).sort(), ["Code", "Message", "Ok"], what);
  assert.equal(answer.Ok, false, what);
  assert.equal(answer.Code, code, what);
  assert.ok(answer.Message.length > 0, what);
  return answer.Message;
}

/// A refusal without one is an event: the one named for this, or `request-failed`.
export async function refusedByEvent(device, event, args, code) {
  device.emit(event, ...args);
  if (Object.hasOwn(FAILURES, event)) {
    const told = await device.next(FAILURES[event]);
    hasKeys(told, "Message");
    assert.ok(told.Message.length > 0);
    return told.Message;
  }
  const told = await device.next("request-failed");
  hasKeys(told, "Event", "Code", "Message");
  assert.equal(told.Event, event);
  assert.equal(told.Code, code, `${event} ${JSON.stringify(args)?.slice(0, 200)}: ${JSON.stringify(told)}`);
  assert.ok(told.Message.length > 0);
  return told.Message;
}

/// Refused in both ways, alike.
export async function refused(device, event, args, code) {
  const byAck = await refusedByAck(device, event, args, code);
  const byEvent = await refusedByEvent(device, event, args, code);
  assert.equal(byAck, byEvent);
  return byAck;
}
