/** What the server says of people, read into the model's own. */
import type { Profile } from "../model/model.ts";
import { type Fields, some, text, textIf } from "./shapes.ts";

export function profile(from: Fields): Profile {
  return some({
    id: text(from, "_id"),
    name: text(from, "Name"),
    bio: textIf(from, "Bio"),
    status: textIf(from, "Status"),
    statusUntil: textIf(from, "StatusUntil"),
  });
}
