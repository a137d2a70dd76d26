// Starts the conformance server on a port of its own choosing, and takes it down by its own pid.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const STARTING_MS = 30_000;
/// A busy machine may keep a client waiting for longer than the test suites would.
const PING_TIMEOUT_MS = "5000";

function binary() {
  if (process.env.PROTOCOL_ECHO_BIN) return resolve(process.env.PROTOCOL_ECHO_BIN);
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
  return resolve(target, "debug", "examples", "protocol_echo");
}

export class Echo {
  static async start({ pingTimeout = PING_TIMEOUT_MS } = {}) {
    const echo = new Echo();
    echo.child = spawn(binary(), ["--port", "0", "--ping-timeout", pingTimeout], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface(echo.child.stdout), "line", { signal: AbortSignal.timeout(STARTING_MS) });
    echo.url = line.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
    return echo;
  }

  async close() {
    const exit = once(this.child, "exit");
    this.child.kill();
    await exit;
  }
}
