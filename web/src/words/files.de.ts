/** Dateien in Nachrichten, Dateien auf dem Weg, Bilder von Leuten und Gruppen, und die Suche nach Nachrichten. */
import type { files as english } from "./files.en.ts";
import type { Say } from "./say.ts";

export const files = (say: Say): ReturnType<typeof english> => ({
  imageOf: (file) => `Bild ${file}`,
  downloadOf: (file, bytes) => `Herunterladen: ${file}, ${say.size(bytes)}`,
  download: "Herunterladen",
  attachments: "Anhänge",
  aFile: "Datei",
  previousPicture: "Voriges Bild",
  nextPicture: "Nächstes Bild",
  pictureIsGone: "Dieses Bild lässt sich jetzt nicht zeigen.",

  attachFiles: "Dateien anhängen",
  dropFiles: "Zum Anhängen hier ablegen",
  removeFile: (file) => `${file} entfernen`,
  tryFileAgain: (file) => `${file} noch einmal versuchen`,
  atMostFiles: (n) =>
    say.plural(n, {
      one: "Eine Nachricht hat höchstens {n} Datei.",
      other: "Eine Nachricht hat höchstens {n} Dateien.",
    }),
  fileIsTooLarge: (bytes) => `Größer als ${say.size(bytes)}.`,

  choosePicture: "Bild aussuchen",
  removePicture: "Bild entfernen",
  noPicture: "Das ist kein Bild, das der Server annimmt: JPEG, PNG, GIF oder WebP.",

  searchMessages: "Nachrichten durchsuchen",
  results: "Ergebnisse",
  searchHint: "Finde wieder, was gesagt wurde, in allen deinen Unterhaltungen.",
  searchIsOff: "Dieser Server sucht nicht.",
  tooManyWords: "Suche nach höchstens 8 Wörtern.",
});
