/** Wishes that are one question to the server each, and who asks it. */
import { type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import type { Person } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import type { Wire } from "../wire/socket.ts";
import { isOfPeople, type OfPeople, People } from "./people.ts";
import { isOfPreferences, Preferences } from "./preferences.ts";
import { isOfSelections, Selections } from "./selections.ts";

export class Wishes {
  readonly selections: Selections;
  readonly preferences: Preferences;
  readonly #people: People;

  constructor(store: Store, wire: Wire) {
    this.selections = new Selections(store, wire);
    this.preferences = new Preferences(store, wire);
    this.#people = new People(store, wire);
  }

  heard(people: readonly Person[]): void {
    this.#people.heard(people);
  }

  async want(intent: Intent): Promise<Outcome> {
    if (isOfSelections(intent)) return await this.selections.want(intent);
    if (isOfPreferences(intent)) return await this.preferences.want(intent);
    if (isOfPeople(intent)) return await this.#ofPeople(intent);
    return refusedWith("bad_request");
  }

  /** Who changes a group is not told of it: what happened is asked for. */
  async #ofPeople(intent: OfPeople): Promise<Outcome> {
    const outcome = await this.#people.want(intent);
    const isChange = intent.want === "addMember" || intent.want === "removeMember" || intent.want === "makeOwner";
    if (outcome.ok && isChange) void this.selections.happened(intent.chat);
    return outcome;
  }
}
