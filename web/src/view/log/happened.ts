/** What happened in a group, in words. */
import type { Happening } from "../../model/model.ts";
import type { Words } from "../../words/en.ts";

export function happenedText(words: Words, { what, byName, userName, role, fields = [] }: Happening): string {
  switch (what) {
    case "RoleSet":
      return role === "Moderator" ? words.madeModerator(byName, userName) : words.madeMember(byName, userName);
    case "Muted":
      return words.mutedBy(byName, userName);
    case "Unmuted":
      return words.unmutedBy(byName, userName);
    case "Edited":
      if (fields.length > 1) return words.editedGroup(byName);
      if (fields[0] === "Avatar") return words.editedPicture(byName);
      if (fields[0] === "Name") return words.editedName(byName);
      return fields[0] === "Description" ? words.editedDescription(byName) : words.editedSettings(byName);
    default:
      return words.happened[what](byName, userName);
  }
}
