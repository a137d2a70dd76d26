/** What is wrong with a group's name and description. */
import type { Words } from "../../words/en.ts";

const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 512;

export function groupNameErrors(
  words: Words,
  name: string,
  description: string,
): { name?: string; description?: string } {
  return {
    ...(name.trim() === "" ? { name: words.isNeeded(words.groupName) } : {}),
    ...([...name.trim()].length > LONGEST_NAME ? { name: words.isTooLong(words.groupName, LONGEST_NAME) } : {}),
    ...([...description.trim()].length > LONGEST_DESCRIPTION
      ? { description: words.isTooLong(words.description, LONGEST_DESCRIPTION) }
      : {}),
  };
}
