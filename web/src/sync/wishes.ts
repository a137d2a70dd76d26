/** Wishes that are one question to the server each, and who asks it. Loaded with the first of them. */
import { type Intent, type Outcome, refusedWith } from "../model/intent.ts";
import type { Person } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import type { Wire } from "../wire/socket.ts";
import { Groups, isOfGroups } from "./groups.ts";
import type { Opened } from "./opened.ts";
import { isOfPeople, People } from "./people.ts";
import { isOfPreferences, Preferences } from "./preferences.ts";
import { isOfProfiles, Profiles } from "./profiles.ts";
import { isOfSelections, Selections } from "./selections.ts";

export class Wishes {
  readonly #selections: Selections;
  readonly #preferences: Preferences;
  readonly #groups: Groups;
  readonly #profiles: Profiles;
  readonly #people: People;

  constructor(
    store: Store,
    wire: Wire,
    private readonly opened: Opened,
  ) {
    this.#selections = new Selections(wire);
    this.#preferences = new Preferences(store, wire);
    this.#groups = new Groups(store, wire);
    this.#profiles = new Profiles(store, wire);
    this.#people = new People(store, wire);
  }

  heard(people: readonly Person[]): void {
    this.#people.heard(people);
  }

  async want(intent: Intent): Promise<Outcome> {
    if (isOfSelections(intent)) return await this.#selections.want(intent);
    if (isOfPreferences(intent)) return await this.#preferences.want(intent);
    const outcome = await this.#ofGroups(intent);
    if (outcome.ok && changesGroup(intent)) void this.opened.happened(intent.chat);
    return outcome;
  }

  async #ofGroups(intent: Intent): Promise<Outcome> {
    if (isOfProfiles(intent)) return await this.#profiles.want(intent);
    if (isOfGroups(intent)) return await this.#groups.want(intent);
    return isOfPeople(intent) ? await this.#people.want(intent) : refusedWith("bad_request");
  }
}

const CHANGES: readonly string[] = [
  "addMember",
  "removeMember",
  "makeOwner",
  "editGroup",
  "setRole",
  "muteMember",
  "ban",
] satisfies Intent["want"][];

/** Who changes a group is not told of it: what happened is asked for. */
function changesGroup(intent: Intent): intent is Extract<Intent, { want: "addMember" | "editGroup" | "setRole" }> {
  return CHANGES.includes(intent.want);
}
