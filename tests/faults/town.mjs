// A server with a population and its devices, all known to one book.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { quietPort } from "../interop/ports.mjs";
import { Server } from "../interop/server.mjs";
import { Book } from "./book.mjs";
import { Member } from "./member.mjs";
import { holds } from "./verdict.mjs";

/// Whether the faults are to be had in full, as `run --long` wants them.
export const LONG = process.env.FAULTS === "long";

/// A figure of the short form and the same of the long form.
export const scale = (short, long) => (LONG ? long : short);

export class Town {
  /// `groups` reads like `4x6`: four of six members. Every user has notes and shares a chat with one other.
  static async found({ users = 12, groups = "4x6", devices = 2, settings = {}, level = "info", server } = {}) {
    const town = new Town();
    const listen = `127.0.0.1:${await quietPort()}`;
    town.server = server ?? (await Server.start({ ...settings, "server.listen": listen }, level));
    town.book = new Book();
    town.people = await seed(town.server, users, groups);
    town.members = town.people.flatMap((person) => Array.from({ length: devices }, (_, device) => town.member(person, device)));
    await Promise.all(town.members.map((member) => member.present()));
    return town;
  }

  /// Another device of a person.
  member(person, device) {
    return new Member({ url: this.server.url, person, device });
  }

  /// Resolves when all devices are signed in and have caught up.
  present() {
    return Promise.all(this.members.map((member) => member.present()));
  }

  /// Every promise, held against what can be read back; `say` is told the figures.
  async holds(say, members = this.members) {
    const stored = await holds({ server: this.server, members, book: this.book });
    say(`${stored} messages stored; ${this.book}`);
  }

  async close() {
    for (const member of this.members) member.close();
    await this.server.close();
  }
}

async function seed(server, users, groups) {
  const out = join(server.home, "people.json");
  await server.command("seed", "--users", `${users}`, "--groups", groups, "--out", out);
  const people = JSON.parse(await readFile(out, "utf8"));
  for (const person of people) person.chats.push({ id: person.id, kind: "self" });
  return people;
}
