// Engine.IO over plain HTTP, frame by frame, where a test must see the frames themselves.
import assert from "node:assert/strict";

export class Polling {
  static async open(server, headers = {}, query = "") {
    const polling = new Polling();
    polling.address = `${server.url}/socket.io/?EIO=4&transport=polling${query}`;
    polling.headers = headers;
    const answer = await fetch(polling.address, { headers });
    polling.status = answer.status;
    if (answer.status !== 200) return polling;
    const text = await answer.text();
    assert.equal(text[0], "0");
    polling.address += `&sid=${JSON.parse(text.slice(1)).sid}`;
    return polling;
  }

  /// Packets, sent in one body.
  async send(...packets) {
    const answer = await fetch(this.address, {
      method: "POST",
      headers: { ...this.headers, "content-type": "text/plain;charset=UTF-8" },
      body: packets.join("\x1e"),
    });
    await answer.text();
    return answer.status;
  }

  /// The packets of one poll.
  async poll() {
    const answer = await fetch(this.address, { headers: this.headers });
    const text = await answer.text();
    return answer.status === 200 ? text.split("\x1e") : [`status ${answer.status}`];
  }

  /// Polls until a packet satisfies `last`; heartbeats are answered and left out.
  async until(last) {
    const packets = [];
    while (!packets.some(last)) {
      for (const packet of await this.poll()) {
        if (packet === "2") await this.send("3");
        else packets.push(packet);
        assert.ok(!packet.startsWith("status"), `${packet} after ${JSON.stringify(packets)}`);
      }
    }
    return packets;
  }
}

/// The event of a packet such as `42["name",{...}]`.
export function event(packet) {
  assert.equal(packet.slice(0, 2), "42", packet);
  return JSON.parse(packet.slice(2));
}
