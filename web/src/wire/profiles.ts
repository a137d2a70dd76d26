/** What the server says of people, read into the model's own. */
import type { Person, Profile } from "../model/model.ts";
import { type Fields, some, text, textIf } from "./shapes.ts";

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
