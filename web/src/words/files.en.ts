/** Files in messages, files on their way, pictures of people and groups, and the search for messages. */
import type { Say } from "./say.ts";

export const files = (say: Say) => ({
  imageOf: (file: string) => `Image ${file}`,
  downloadOf: (file: string, bytes: number) => `Download ${file}, ${say.size(bytes)}`,
  download: "Download",
  attachments: "Attachments",
  aFile: "File",
  previousPicture: "Previous picture",
  nextPicture: "Next picture",
  pictureIsGone: "This picture cannot be shown now.",

  attachFiles: "Attach files",
  dropFiles: "Drop files to attach",
  removeFile: (file: string) => `Remove ${file}`,
  tryFileAgain: (file: string) => `Try ${file} again`,
  atMostFiles: (n: number) =>
    say.plural(n, { one: "A message has at most {n} file.", other: "A message has at most {n} files." }),
  fileIsTooLarge: (bytes: number) => `Larger than ${say.size(bytes)}.`,

  choosePicture: "Choose a picture",
  removePicture: "Remove picture",
  noPicture: "This is no picture that the server takes: JPEG, PNG, GIF or WebP.",

  searchMessages: "Search messages",
  results: "Results",
  searchHint: "Find what was said, in all of your chats.",
  searchIsOff: "This server does not search.",
  tooManyWords: "Search for at most 8 words.",
});
