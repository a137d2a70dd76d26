// How long what matters took: sends until their acknowledgement, acknowledged messages until others heard them, and clients until they
// were served again.

export class Stopwatch {
  /// `{ member, begun, took, ok }` of every send that was answered.
  sends = [];
  /// Milliseconds from an acknowledgement to the event at somebody else's device.
  told = [];
  #acked = new Map();
  #ready = new Map();

  constructor(members) {
    for (const member of members) this.#watch(member);
  }

  /// How long sends of these members took that were begun at that time or later.
  sendsOf(members, since = 0) {
    return this.sends.filter(({ member, begun }) => members.includes(member) && begun >= since).map(({ took }) => took);
  }

  /// Resolves with the time at which a member had one more send acknowledged.
  acked(member) {
    return new Promise((resolve) => {
      if (!this.#ready.has(member)) this.#ready.set(member, []);
      this.#ready.get(member).push(resolve);
    });
  }

  #watch(member) {
    const send = member.send.bind(member);
    member.send = async (chat, message) => {
      const begun = performance.now();
      const answer = await send(chat, message);
      if (!answer.lost) this.sends.push({ member, begun, took: performance.now() - begun, ok: answer.Ok });
      if (answer.Ok) this.#stored(member, message.Content);
      return answer;
    };
    member.on("heard", ({ Content }) => {
      const at = this.#acked.get(Content);
      this.told.push(at === undefined ? 0 : performance.now() - at);
    });
  }

  #stored(member, Content) {
    this.#acked.set(Content, performance.now());
    for (const resolve of this.#ready.get(member)?.splice(0) ?? []) resolve(performance.now());
  }
}
