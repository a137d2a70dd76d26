/** Wishes about people: what they say of themselves, and to have nothing to do with them. */
import { done, type Intent, type Outcome } from "../model/intent.ts";
import type { Privacy } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { privacy, profile } from "../wire/profiles.ts";
import { fields, list, some, text } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

type OfProfiles = Extract<Intent, { want: "block" | "blocks" | "profiles" | "editProfile" | "privacy" | "setPrivacy" }>;

const WANTS: readonly string[] = [
  "block",
  "blocks",
  "profiles",
  "editProfile",
  "privacy",
  "setPrivacy",
] satisfies OfProfiles["want"][];

export function isOfProfiles(intent: Intent): intent is OfProfiles {
  return WANTS.includes(intent.want);
}

export class Profiles {
  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  async want(intent: OfProfiles): Promise<Outcome> {
    switch (intent.want) {
      case "block":
        return await this.#block(intent.user, intent.on);
      case "blocks":
        return await this.#blocks();
      case "profiles":
        return await this.#profiles(intent.users);
      case "editProfile":
        return await this.#edit(intent);
      case "privacy": {
        // The answer is heard as an event.
        const answer = await this.wire.ask("fetch-user-details", {});
        return answer.ok ? done() : answer;
      }
      case "setPrivacy":
        return await this.#setPrivacy(intent.change);
    }
  }

  async #blocks(): Promise<Outcome> {
    const answer = await this.wire.ask("fetch-blocks", {});
    if (!answer.ok) return answer;
    const people = list(answer.body, "Users", (row) => ({ id: text(row, "_id"), name: text(row, "Name") }));
    this.store.tell({ is: "blocks", users: people.map(({ id }) => id) });
    return done({ people });
  }

  async #block(user: string, on: boolean): Promise<Outcome> {
    const answer = await this.wire.ask("block-user", { User: user, On: on });
    if (!answer.ok) return answer;
    this.store.tell({ is: "blocked", user, on });
    return done();
  }

  /** Shown at once, and taken back if it is refused. */
  async #setPrivacy(change: Partial<Privacy>): Promise<Outcome> {
    const { presence, addToGroups, readReceipts, typing } = change;
    const before = this.store.model.privacy;
    if (before !== undefined) this.store.tell({ is: "privacy", privacy: { ...before, ...change } });
    const answer = await this.wire.ask(
      "set-privacy",
      some({ Presence: presence, AddToGroups: addToGroups, ReadReceipts: readReceipts, Typing: typing }),
    );
    if (!answer.ok) {
      if (before !== undefined) this.store.tell({ is: "privacy", privacy: before });
      return answer;
    }
    this.store.tell({ is: "privacy", privacy: privacy(answer.body) });
    return done();
  }

  async #profiles(users: readonly string[]): Promise<Outcome> {
    const answer = await this.wire.ask("fetch-profiles", { Users: users });
    if (!answer.ok) return answer;
    this.store.tell({ is: "profiles", profiles: list(answer.body, "Profiles", profile) });
    return done();
  }

  async #edit({ change }: Extract<OfProfiles, { want: "editProfile" }>): Promise<Outcome> {
    const { name, bio, status, statusUntil, picture } = change;
    const answer = await this.wire.ask(
      "edit-profile",
      some({ Name: name, Bio: bio, Status: status, StatusUntil: statusUntil, Avatar: picture }),
    );
    if (!answer.ok) return answer;
    this.store.tell({ is: "profiles", profiles: [profile(fields(answer.body["Profile"]))] });
    return done();
  }
}
