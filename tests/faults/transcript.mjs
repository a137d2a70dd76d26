// What one observer has of one chat: every message by its Seq, however it came.

export class Transcript {
  /// Seq → `{ _id, Content }`.
  messages = new Map();
  /// 1 to `whole` are all here: from there on the observer asks when it catches up.
  whole = 0;
  #told = 0;
  #sent = 0;

  constructor({ id, kind }) {
    Object.assign(this, { id, kind });
  }

  /// A new connection begins: order is promised within one.
  begin() {
    this.#told = 0;
    this.#sent = 0;
  }

  /// Keeps a message, and says what it contradicts.
  keep({ Seq, _id, Content }) {
    const known = this.messages.get(Seq);
    if (known) return known._id === _id && known.Content === Content ? undefined : `Seq ${Seq} of ${this.id} has two messages`;
    this.messages.set(Seq, { _id, Content });
    while (this.messages.has(this.whole + 1)) this.whole += 1;
    return undefined;
  }

  /// Takes note that the chat told of this Seq, in its order, and says if that was out of order or for the second time.
  tell(Seq) {
    const before = this.#told;
    this.#told = Math.max(before, Seq);
    return Seq > before ? undefined : `Seq ${Seq} of ${this.id} was told after ${before}`;
  }

  /// The same for the order in which one connection sent: `nth` is the number of the emit that was stored.
  stored(nth) {
    const before = this.#sent;
    this.#sent = Math.max(before, nth);
    return nth > before ? undefined : `send ${nth} in ${this.id} was stored after ${before}`;
  }
}
