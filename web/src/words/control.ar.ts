/** ما يضبطه المرء: لنفسه في محادثة، وللجميع في مجموعة، ولحسابه. */
import type { Control } from "./control.en.ts";

export const control = (): Control => ({
  chatMarked: (chat) => `${chat}، معلّمة كغير مقروءة`,
  mute: "كتم",
  unmute: "إلغاء الكتم",
  muted: "مكتومة",
  muteFor: "مدة الكتم",
  hour: "ساعة واحدة",
  day: "يوم واحد",
  always: "دائمًا",
  pinned: "مثبّتة",
  markAsUnread: "تعليم كغير مقروءة",
  markAsRead: "تعليم كمقروءة",
  archive: "أرشفة",
  unarchive: "إخراج من الأرشيف",
  archived: "الأرشيف",
  clear: "إفراغ",
  clearAsk: (chat) => `إفراغ ${chat}؟`,
  clearHint: "يختفي ما قيل حتى الآن، عندك وحدك.",
  hide: "إخفاء المحادثة",
  hideAsk: (chat) => `إخفاء ${chat}؟`,
  hideHint: "تعود مع الرسالة التالية.",
});
