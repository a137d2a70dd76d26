// A server with three people and an outsider, and chats of each kind among them in which every member has two devices.
import assert from "node:assert/strict";

import { Server } from "./server.mjs";
import { hasKeys } from "./shapes.mjs";

/// What the events of CONTRACT's first part are called in each kind of chat, and how they name it.
const KINDS = {
  Self: { send: "send-self-message", sent: "sent-self-message", fetch: "fetch-self-chat" },
  Personal: {
    send: "send-personal-message",
    sent: "sent-personal-message",
    receive: "receive-personal-message",
    fetch: "fetch-personal-chat",
    read: "read-personal-message",
    acknowledged: "read-personal-msg-ack",
    id: "ChatId",
  },
  Group: {
    send: "send-group-message",
    sent: "sent-group-message",
    receive: "receive-group-message",
    fetch: "fetch-group-chat",
    read: "read-group-message",
    acknowledged: "read-grp-msg-ack",
    id: "GroupId",
  },
};

export const ALL_KINDS = Object.keys(KINDS);
export const NOBODY = "01890000-0000-7000-8000-000000000000";

/// The server of one test file and its people, so that a test costs no sign-ups.
export class Stage {
  static async open(settings = {}) {
    const stage = new Stage();
    stage.server = await Server.start(settings);
    [stage.ann, stage.bob, stage.cat, stage.eve] = await stage.server.people("Ann", "Bob", "Cat", "Eve");
    return stage;
  }

  close() {
    return this.server.close();
  }

  /// A chat of this kind: Ann's notes, Ann's chat with Bob, or a new group that Ann owns with Bob and Cat in it. Devices are fresh,
  /// unless their owner is in a room `beside` this one.
  async room(kind, people, beside) {
    people ??= { Self: [this.ann], Personal: [this.ann, this.bob], Group: [this.ann, this.bob, this.cat] }[kind];
    const fresh = (person) => Promise.all([person.connect(), person.connect()]);
    const devices = await Promise.all(people.map((person) => beside?.devicesOf(person) ?? fresh(person)));
    const room = new Room(kind, people, devices);
    room.ChatId = await FOUND[kind](room);
    return room;
  }
}

/// How a chat begins; all devices have heard of it afterwards.
const FOUND = {
  Self: (room) => room.people[0].id,
  async Personal({ people, devices: [[phone, laptop], partners] }) {
    await phone.must("create-personal-chat", { Receiver: people[1].id });
    const told = await phone.either("create-personal-chat-creator", "create-chat-result");
    const begins = told.name === "create-personal-chat-creator";
    for (const device of begins ? [laptop, ...partners] : []) await device.next("create-personal-chat-partner");
    return told.payload.ChatId;
  },
  async Group({ people, devices: [[phone, laptop], ...others] }) {
    const Participants = people.slice(1).map((person) => person.id);
    await phone.must("create-group-chat", { Name: "Band", Description: "Thursdays", Participants });
    const { GroupId } = await phone.next("create-group-chat-creator");
    for (const device of [laptop, ...others.flat()]) await device.next("create-group-chat-receiver");
    return GroupId;
  },
};

export class Room {
  /// `devices` are a phone and a laptop for each of `people`.
  constructor(kind, people, devices) {
    Object.assign(this, { kind, people, devices }, KINDS[kind]);
  }

  /// The chat as the older events name it.
  get name() {
    return this.id ? { [this.id]: this.ChatId } : {};
  }

  devicesOf(person) {
    return this.devices[this.people.indexOf(person)];
  }

  person(device) {
    return this.people[this.devices.findIndex((own) => own.includes(device))];
  }

  /// The other devices of the same person.
  ownOthers(device) {
    return this.devices.find((own) => own.includes(device)).filter((other) => other !== device);
  }

  /// The devices of all other members.
  others(device) {
    return this.devices.filter((own) => !own.includes(device)).flat();
  }

  /// Takes this event from every device but one; all hear the same, which is returned.
  async everywhere(device, name) {
    return alike(await Promise.all([...this.ownOthers(device), ...this.others(device)].map((other) => other.next(name))), name);
  }

  /// Sends, lets everybody hear it, and returns the message as it was heard, or would have been.
  async say(device, Content, more = {}) {
    const { Ok, NotMentioned, ...stored } = await device.must(this.send, { ...this.name, Content, ...more });
    return this.hears(device, stored);
  }

  /// Everybody else hears a new message of this device's, which is returned.
  async hears(device, { _id, Seq }) {
    const own = await Promise.all(this.ownOthers(device).map((other) => other.next(this.sent)));
    const others = await Promise.all(this.others(device).map((other) => other.next(this.receive)));
    const message = alike([...own, ...others], this.sent);
    assert.deepEqual({ _id: message._id, Seq: message.Seq }, { _id, Seq });
    return message;
  }

  /// Changes a message: everybody else hears `What` with the message as it is then, and the requester gets the same in its
  /// acknowledgement, which is returned.
  async change(device, event, payload, What, more = {}) {
    const answer = await device.must(event, { ChatId: this.ChatId, ...payload });
    const told = await this.everywhere(device, "message-changed");
    const { My, ...Message } = answer.Message;
    const { ChatId } = this;
    assert.deepEqual(told, { ChatId, Rev: answer.Rev, What, By: this.person(device).id, ...more, Message });
    assert.deepEqual([answer.ChatId, answer.Seq, Message.Seq, Message.Rev], [ChatId, payload.Seq, payload.Seq, answer.Rev]);
    return answer;
  }

  /// Changes a mark of one's own: own others hear it, and nobody else.
  async mark(device, event, payload) {
    const answer = await device.must(event, { ChatId: this.ChatId, ...payload });
    hasKeys(answer, "Ok", "ChatId", "Seq", "Own", "My");
    const { ChatId, Seq, Own, My } = answer;
    assert.deepEqual([ChatId, Seq, Own], [this.ChatId, payload.Seq, My.Own]);
    for (const other of this.ownOthers(device)) assert.deepEqual(await other.next("message-mine"), { ChatId, Seq, My });
    return answer;
  }

  /// The same request changes nothing: the answer has the present numbers, and nobody hears of it.
  async repeats(device, event, payload, answer) {
    const before = await device.must("fetch-chat", { ChatId: this.ChatId });
    assert.deepEqual(await device.must(event, { ChatId: this.ChatId, ...payload }), answer);
    const { Rev, Own } = await device.must("fetch-chat", { ChatId: this.ChatId });
    assert.deepEqual({ Rev, Own }, { Rev: before.Rev, Own: before.Own }, "no number is taken");
    await this.quiet();
  }

  /// Reads up to `Seq`, or all; everybody else hears of it. The pointer must move.
  async reads(device, Seq) {
    await device.must(this.read, { ...this.name, ...(Seq && { Seq }) });
    for (const other of this.others(device)) await other.next(this.acknowledged);
    const counts = await Promise.all(this.ownOthers(device).map((other) => other.next("chat-read")));
    return alike(counts, "chat-read");
  }

  async page(device, more = {}) {
    return device.fetch(this.fetch, { ...this.name, ...more });
  }

  /// One message as a page shows it.
  async shown(device, Seq) {
    const { Messages } = await this.page(device, { Before: Seq + 1, Limit: 1 });
    assert.equal(Messages[0]?.Seq, Seq);
    return Messages[0];
  }

  /// What this device missed of this chat; without a position, the row of a chat that is not named.
  async missed(device, position, more = {}) {
    const { Chats } = await device.must("sync", { ...(position !== undefined && { Chats: { [this.ChatId]: position } }), ...more });
    return Chats.find((chat) => chat.Id === this.ChatId);
  }

  /// The chat's row in the lists.
  async row(device) {
    await device.must("list-chats", {});
    const { PersonalChatList } = await device.next("personal-chat-list");
    const { GroupChatList } = await device.next("group-chat-list");
    return [...PersonalChatList, ...GroupChatList].find((chat) => chat._id === this.ChatId);
  }

  /// Nobody has heard what the test did not take.
  async quiet() {
    for (const device of this.devices.flat()) await device.quiet(this.fetch, this.name);
  }

  leave() {
    for (const device of this.devices.flat()) device.close();
  }
}

function alike(payloads, name) {
  for (const payload of payloads) assert.deepEqual(payload, payloads[0], `${name} is the same for all`);
  return payloads[0];
}

const OLD = ["ChatId", "GroupId", "Sender", "SenderId", "ReadStatus", "Timestamp", "ClientId", "Id", "_id"];

/// What pages, events and answers have in common: the text, and all that CONTRACT's first part has not.
export function state(message) {
  return Object.fromEntries(Object.entries(message).filter(([field]) => !OLD.includes(field)));
}
