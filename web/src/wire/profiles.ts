/** What the server says of people, read into the model's own. */
import type { Person, Privacy, Profile, Reach } from "../model/model.ts";
import { type Fields, fields, flag, Malformed, some, text, textIf } from "./shapes.ts";

/** Of a search for people. */
export function person(from: Fields): Person {
  return some({ id: text(from, "_id"), name: text(from, "Name"), picture: textIf(from, "Avatar") });
}

export function profile(from: Fields): Profile {
  return some({
    id: text(from, "_id"),
    name: text(from, "Name"),
    bio: textIf(from, "Bio"),
    status: textIf(from, "Status"),
    statusUntil: textIf(from, "StatusUntil"),
    picture: textIf(from, "Avatar"),
  });
}

const REACHES: readonly Reach[] = ["Everyone", "Contacts", "Nobody"];

function reach(from: Fields, name: string): Reach {
  const told = text(from, name);
  const known = REACHES.find((one) => one === told);
  if (known === undefined) throw new Malformed(`${name} reaches nobody that is known`);
  return known;
}

/** Of an answer or an event that holds it. */
export function privacy(all: Fields): Privacy {
  const from = fields(all["Privacy"]);
  return {
    presence: reach(from, "Presence"),
    addToGroups: reach(from, "AddToGroups"),
    readReceipts: flag(from, "ReadReceipts"),
    typing: flag(from, "Typing"),
  };
}
