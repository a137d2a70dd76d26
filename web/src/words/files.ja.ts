/** メッセージのファイル、送信中のファイル、人とグループの写真、メッセージの検索。 */
import type { files as english } from "./files.en.ts";
import type { Say } from "./say.ts";

export const files = (say: Say): ReturnType<typeof english> => ({
  imageOf: (file) => `画像 ${file}`,
  downloadOf: (file, bytes) => `ダウンロード: ${file}, ${say.size(bytes)}`,
  download: "ダウンロード",
  attachments: "添付ファイル",
  aFile: "ファイル",
  previousPicture: "前の画像",
  nextPicture: "次の画像",
  pictureIsGone: "この画像は今は表示できません。",

  attachFiles: "ファイルを添付",
  dropFiles: "ここにドロップして添付",
  removeFile: (file) => `${file} を取り除く`,
  tryFileAgain: (file) => `${file} をもう一度試す`,
  atMostFiles: (n) => say.plural(n, { other: "一つのメッセージに添付できるファイルは {n} 個までです。" }),
  fileIsTooLarge: (bytes) => `${say.size(bytes)} を超えています。`,

  choosePicture: "写真を選ぶ",
  removePicture: "写真を取り除く",
  noPicture: "サーバーが受け付ける画像ではありません。JPEG、PNG、GIF、WebP のみです。",

  searchMessages: "メッセージを検索",
  results: "検索結果",
  searchHint: "すべてのチャットから、言われたことを探せます。",
  searchIsOff: "このサーバーでは検索できません。",
  tooManyWords: "検索できるのは 8 語までです。",
});
