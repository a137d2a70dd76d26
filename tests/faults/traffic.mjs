// Load: messages with unique contents at a steady rate, from all members in all their chats, and some reading.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const TICK_MS = 10;
const RETRY_MS = 200;
const PASSING = ["busy", "unavailable"];

/// One in so many messages has no ClientId, and is therefore sent once, whatever becomes of it.
const PLAIN = 8;
/// One in so many turns reads instead.
const READING = 10;

export class Traffic {
  #open = new Set();
  #turn = 0;

  /// `rate` is in messages a second, `size` in bytes of a message; `kinds` are the kinds of chats that get any.
  constructor({ members, book, rate, size = 40, kinds = ["self", "personal", "group"] }) {
    Object.assign(this, { members, book, rate, size, kinds });
    const begun = performance.now();
    this.timer = setInterval(() => {
      const due = ((performance.now() - begun) * rate) / 1_000;
      while (this.#turn < due) this.#next();
    }, TICK_MS);
  }

  /// Sends no more, and waits until everything that was begun has its end.
  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.#open);
  }

  #next() {
    const turn = (this.#turn += 1);
    const member = this.members[turn % this.members.length];
    const chats = [...member.chats.values()].filter((chat) => this.kinds.includes(chat.kind));
    const chat = chats[Math.floor(Math.random() * chats.length)];
    const reads = turn % READING === 0 && chat.kind !== "self";
    const work = reads ? this.#read(member, chat.id) : this.#send(member, chat.id, turn % PLAIN === 0);
    this.#open.add(work);
    work.finally(() => this.#open.delete(work));
  }

  async #read(member, chat) {
    await member.present();
    if (member.chats.get(chat).whole > 0) await member.read(chat);
  }

  async #send(member, chat, plain) {
    const id = randomUUID();
    const message = { Content: id.padEnd(this.size, "."), ...(!plain && { ClientId: id }) };
    this.book.write(message.Content, { chat, from: member.id, ClientId: message.ClientId });
    for (;;) {
      await member.present();
      const begun = performance.now();
      const answer = await member.send(chat, message);
      this.book.note(message.Content, answer, performance.now() - begun);
      if (answer.Ok || plain) return;
      if (!answer.lost && !PASSING.includes(answer.Code)) throw new Error(`a send was refused: ${JSON.stringify(answer)}`);
      await pause(RETRY_MS * (0.5 + Math.random()));
    }
  }
}
