// One signed-in socket of one person, and what it hears.
import { setTimeout } from "k6/timers";

import { connectFailed, connected, connectTime } from "./metrics.js";
import { URL } from "./setting.js";
import { Socket } from "./socketio.js";

/// The server answers everything within ten seconds, or has broken a promise.
export const PATIENCE_MS = 12_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Member {
  /// Connects and waits for what every socket hears first.
  static async join(person) {
    const member = new Member();
    const start = Date.now();
    member.person = person;
    member.socket = new Socket(URL, { accessToken: person.access_token, refreshToken: person.refresh_token }, PATIENCE_MS);
    try {
      await member.socket.next("group-chat-list");
    } catch (why) {
      connectFailed.add(1);
      throw new Error(`${person.name} not connected: ${why.message}`);
    }
    connectTime.add(Date.now() - start);
    connected.add(1);
    return member;
  }

  /// Everybody joins at once; if one does not, nobody stays.
  static async joinAll(people) {
    const joining = await Promise.allSettled(people.map((person) => Member.join(person)));
    const failed = joining.find(({ status }) => status === "rejected");
    const members = joining.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
    if (!failed) return members;
    members.forEach((member) => member.leave());
    throw failed.reason;
  }

  /// Calls `heard` with every message of somebody else.
  hears(heard) {
    this.socket.on("receive-personal-message", heard);
    this.socket.on("receive-group-message", heard);
  }

  /// Calls `heard` with every change of a message that somebody else made.
  hearsChanges(heard) {
    this.socket.on("message-changed", heard);
  }

  ask(event, payload) {
    return this.socket.ask(event, payload);
  }

  leave() {
    this.socket.close();
  }
}
