// Whether the server is ready, and what it still tells while its database is held by another process.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "../interop/server.mjs";
import { Holder } from "./holder.mjs";

const PATIENCE_MS = 20_000;

let server;
before(async () => (server = await Server.start({ "actors.writer.retry_for": "500ms" })));
after(() => server?.close());

/// Sends, and asks whether the server is ready, until it says `status`.
async function until(status, device) {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const sent = device.ask("send-self-message", { Content: "hello?" });
    const answer = await server.admin("/health/ready");
    await sent;
    if (answer.status === status) return JSON.parse(answer.text);
    assert.ok(Date.now() < patience, `${answer.status} ${answer.text}`);
  }
}

test("while nothing can be stored the server is not ready, says why, lives, and goes on counting", async (t) => {
  const [ann] = await server.people("Ann");
  const device = await ann.connect();
  await device.must("send-self-message", { Content: "before" });

  const holder = await Holder.of(server);
  t.after(() => holder.kill());
  const { failing, success, message } = await until(503, device);
  assert.deepEqual({ failing, success, message }, { failing: ["writer"], success: -4, message: "The writer is stuck" });
  assert.equal((await server.admin("/health/live")).status, 200);
  const numbers = await server.numbers();
  assert.ok(numbers.of("greenroom_records_failed_total") > 0);
  assert.ok(numbers.of("greenroom_refusals_total", { class: "writer", code: "unavailable" }) > 0);

  await holder.release();
  await until(200, device);
  await device.must("send-self-message", { Content: "after" });
  assert.equal((await server.numbers()).of("greenroom_writer_stuck_seconds"), 0);
});
