/** 設定するもの: 自分だけのチャットの設定、グループ全体の設定、自分自身の設定。 */
import type { Control } from "./control.en.ts";

export const control = (): Control => ({
  chatMarked: (chat) => `${chat}、未読の印付き`,
  mute: "ミュート",
  unmute: "ミュートを解除",
  muted: "ミュート中",
  muteFor: "ミュートする時間",
  hour: "1時間",
  day: "1日",
  always: "ずっと",
  pinned: "ピン留め",
  markAsUnread: "未読にする",
  markAsRead: "既読にする",
  archive: "アーカイブ",
  unarchive: "アーカイブから戻す",
  archived: "アーカイブ済み",
  clear: "消去",
  clearAsk: (chat) => `${chat}を消去しますか？`,
  clearHint: "これまでの内容が、あなたの画面からだけ消えます。",
  hide: "非表示",
  hideAsk: (chat) => `${chat}を非表示にしますか？`,
  hideHint: "次のメッセージでまた表示されます。",
});
