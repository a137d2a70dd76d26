// A random history of one chat: each of its people has a device that asks, and one that is often away and holds in the end what a
// new one would be given. What is asked, and what comes of it, is for those who extend this.
import assert from "node:assert/strict";

import { Chance } from "./chance.mjs";
import { Follower } from "./follower.mjs";
import { Replica } from "./replica.mjs";

/// So many entries come in one answer, so that there are pieces.
const LIMIT = 5;

export class History {
  constructor(server, people, seed) {
    this.server = server;
    this.people = people;
    this.chance = new Chance(seed);
    this.ids = people.map(({ id }) => id);
    this.followers = people.map((person) => new Follower(server, person, LIMIT));
  }

  async connect() {
    const devices = await Promise.all(this.people.map(async (person) => [person.id, await person.connect()]));
    this.devices = new Map(devices);
    for (const follower of this.followers) {
      follower.connect();
      await follower.present();
    }
  }

  /// Now and then somebody's second connection is cut, or back.
  weather() {
    const follower = this.chance.pick(this.followers);
    if (!follower.online) follower.connect();
    else if (this.chance.happens(0.5)) follower.cut();
  }

  async crash() {
    await this.server.restart({ signal: "SIGKILL" });
    for (const follower of this.followers) if (follower.online) follower.cut();
    await this.connect();
  }

  /// What was chosen at random, one after the other with a crash in between, each held against the model; then the end.
  async unfold(t, steps, seed) {
    const outcomes = {};
    await this.begin();
    for (let n = 0; n < steps; n += 1) {
      const request = this.choose();
      if (!request) continue;
      const said = JSON.stringify(request);
      try {
        await this.step(request);
        await this.check();
      } catch (error) {
        error.message = `step ${n}, ${said}: ${error.message}; ${seed}`;
        throw error;
      }
      outcomes[request.event] = (outcomes[request.event] ?? 0) + 1;
      if (this.chance.happens(0.1)) this.weather();
      if (n === steps / 2) await this.crash();
    }
    await this.end();
    t.diagnostic(JSON.stringify(outcomes));
  }

  /// Everybody's second device holds what a new one would be given, which is returned by the ids of the people. `fetch` names the
  /// event that shows a page of the chat, and the chat: a chat answers in the order in which it tells.
  async copies(ChatId, [fetch, name]) {
    const views = new Map();
    for (const follower of this.followers) {
      if (!follower.online) follower.connect();
      await follower.present();
      await follower.ask(fetch, { ...name, Limit: 1 });
      assert.equal(await follower.present(), true);
      assert.deepEqual(follower.broken, []);
      const { person } = follower;
      const fresh = new Replica(person);
      while (fresh.wanting) {
        const asked = fresh.question();
        fresh.answered(asked, await this.devices.get(person.id).must("sync", { Chats: asked, Limit: 100 }));
      }
      const view = follower.replica.chats.get(ChatId)?.view;
      assert.deepEqual(view, fresh.chats.get(ChatId)?.view, `the copy of ${person.name}`);
      views.set(person.id, view);
    }
    return views;
  }

  close() {
    for (const one of [...this.followers, ...(this.devices?.values() ?? [])]) one.close();
  }
}
