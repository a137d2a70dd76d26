// Stands between the browser and the server, and may answer otherwise.
import { createServer, request } from "node:http";
import { connect } from "node:net";

export class Proxy {
  /** What becomes of the text at a path. */
  rewrites = new Map();

  static async open() {
    const proxy = new Proxy();
    proxy.server = createServer((asked, answer) => proxy.#pass(asked, answer));
    proxy.server.on("upgrade", (asked, socket, head) => proxy.#upgrade(asked, socket, head));
    await new Promise((ready) => proxy.server.listen(0, "127.0.0.1", ready));
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }

  /** From now on it speaks for this server. */
  standsFor(url) {
    this.to = new URL(url);
  }

  #pass(asked, answer) {
    const { method, url, headers } = asked;
    const rewrite = this.rewrites.get(url);
    const sent = rewrite === undefined ? headers : { ...headers, "accept-encoding": "identity" };
    const passed = request({ host: this.to.hostname, port: this.to.port, method, path: url, headers: sent }, async (got) => {
      if (rewrite === undefined) {
        answer.writeHead(got.statusCode, got.rawHeaders);
        return got.pipe(answer);
      }
      const parts = [];
      for await (const part of got) parts.push(part);
      const { "content-length": _, etag: __, ...kept } = got.headers;
      answer.writeHead(got.statusCode, kept).end(rewrite(Buffer.concat(parts).toString()));
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  }

  #upgrade({ method, url, rawHeaders }, socket, head) {
    const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, at) => `${rawHeaders[2 * at]}: ${rawHeaders[2 * at + 1]}`);
    const to = connect(Number(this.to.port), this.to.hostname, () => {
      to.write(`${method} ${url} HTTP/1.1\r\n${pairs.join("\r\n")}\r\n\r\n`);
      to.write(head);
      socket.pipe(to).pipe(socket);
    });
    for (const [one, other] of [[socket, to], [to, socket]]) one.on("error", () => other.destroy()).on("close", () => other.destroy());
  }
}
