// Ports for servers that must be found again after they were away.
import { createServer } from "node:net";

/// A free port that the system gives to no outgoing connection: a client that comes back while nobody listens would otherwise,
/// now and then, connect to itself.
export async function quietPort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise((resolve) => {
      const probe = createServer().once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
