/** キーの働きと、サーバーが断る理由。 */
import type { Say } from "./say.ts";
import type { keys as english } from "./asides.en.ts";

export const keys: typeof english = {
  search: "検索",
  other: "別のチャット",
  nextUnread: "次の未読チャット",
  close: "手前のものを閉じる、または最新へ移動",
  send: "送信",
  breakLine: "改行",
  editLast: "何も書いていないとき、最後のメッセージを編集",
  move: "会話の中を移動",
  actions: "メッセージの操作",
  replyKey: "メッセージに返信",
  reactKey: "メッセージにリアクション",
  copyKey: "メッセージをコピー",
  pane: "次の領域",
  help: "この一覧",
};

export const refusals: Readonly<Record<string, string>> = {
  offline: "オフラインです。",
  timeout: "サーバーが応答しません。もう一度お試しください。",
  bad_request: "実行できません。",
  not_found: "なくなったか、存在しません。",
  not_member: "この人はグループのメンバーではありません。",
  not_admin: "オーナーだけができます。",
  forbidden: "許可されていません。",
  conflict: "現在の状態と矛盾しています。",
  too_large: "大きすぎます。",
  rate_limited: "回数が多すぎます。少し待ってからお試しください。",
  slow_mode: "低速モードです。少し待ってからお試しください。",
  busy: "サーバーが混み合っています。少し待ってからお試しください。",
  unavailable: "今は保存できません。少し待ってからお試しください。",
  muted: "ここではミュートされています。",
  blocked: "お互いにメッセージを送れません。",
  expired: "期限が過ぎています。",
  outbox_full: "送信待ちが多すぎます。",
  file_too_large: "このファイルは大きすぎます。",
  file_empty: "このファイルは空です。",
  file_lost: "このファイルを読み取れません。もう一度選んでください。",
  file_400: "この画像を読み取れません。",
  file_413: "このファイルを置く場所がないか、画像の画素数が多すぎます。",
  file_415: "この種類のファイルは受け付けていません。",
  file_429: "一度に送るファイルが多すぎます。少し後に続きます。",
  "429": "回数が多すぎます。少し待ってからお試しください。",
  "503": "サーバーが混み合っています。少し待ってからお試しください。",
};

export const finding = (say: Say) => ({
  nPinned: (n: number) => `固定${say.number(n)}件`,
  pinnedMessages: "固定されたメッセージ",
  reactions: "リアクション",
  saidIn: (who: string, chat: string, text: string) => `${chat}での${who}: ${text}`,
  showMore: "さらに表示",
  nothingStarred: "スター付きはまだありません。",
  nothingStarredHint: "メッセージにスターを付けると、ここで見つけられます。ほかの人には見えません。",
});

/** By whom, and to whom. */
export const happened = {
  Added: (by: string, user: string) => `${by}が${user}を追加しました`,
  Joined: (_: string, user: string) => `${user}が参加しました`,
  Left: (_: string, user: string) => `${user}が退出しました`,
  Removed: (by: string, user: string) => `${by}が${user}を削除しました`,
  Banned: (by: string, user: string) => `${by}が${user}を禁止しました`,
  AdminChanged: (by: string, user: string) => `${by}が${user}をオーナーにしました`,
};
