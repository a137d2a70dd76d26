/** ما تفعله المفاتيح، وما يرفض به الخادم. */
import type { Say } from "./say.ts";
import type { keys as english } from "./asides.en.ts";

export const keys: typeof english = {
  search: "بحث",
  other: "محادثة أخرى",
  nextUnread: "المحادثة غير المقروءة التالية",
  close: "إغلاق ما في الأعلى، أو الانتقال إلى الأحدث",
  send: "إرسال",
  breakLine: "سطر جديد",
  editLast: "تعديل الرسالة الأخيرة حين لا يكون شيء مكتوبًا",
  move: "التنقل في المحادثة",
  actions: "إجراءات الرسالة",
  replyKey: "الرد على رسالة",
  reactKey: "التفاعل مع رسالة",
  copyKey: "نسخ رسالة",
  pane: "الجزء التالي",
  help: "هذه القائمة",
};

export const refusals: Readonly<Record<string, string>> = {
  offline: "أنت غير متصل.",
  timeout: "الخادم لا يجيب. أعد المحاولة.",
  bad_request: "لا يمكن فعل هذا.",
  not_found: "هذا لم يعد موجودًا، أو لم يكن هنا قط.",
  not_member: "هذا الشخص ليس في المجموعة.",
  not_admin: "هذا للمالك وحده.",
  forbidden: "لا يُسمح لك بهذا.",
  conflict: "هذا يناقض ما هو قائم.",
  too_large: "هذا كبير جدًا.",
  rate_limited: "مرات كثيرة. أعد المحاولة بعد لحظة.",
  slow_mode: "الوضع البطيء مفعّل. أعد المحاولة بعد لحظة.",
  busy: "الخادم مشغول. أعد المحاولة بعد لحظة.",
  unavailable: "لا يستطيع الخادم حفظ هذا الآن. أعد المحاولة بعد لحظة.",
  muted: "أنت مكتوم هنا.",
  blocked: "لا يمكنكما التراسل.",
  expired: "فات أوان هذا.",
  outbox_full: "ما ينتظر الإرسال كثير بالفعل.",
  file_too_large: "هذا الملف كبير جدًا.",
  file_empty: "هذا الملف فارغ.",
  file_lost: "تتعذر قراءة هذا الملف. اختره مرة أخرى.",
  file_400: "تتعذر قراءة هذه الصورة.",
  file_413: "لا توجد مساحة لهذا الملف، أو أن نقاط الصورة أكثر من اللازم.",
  file_415: "لا تُقبل هنا ملفات من هذا النوع.",
  file_429: "ملفات كثيرة دفعة واحدة. تُستأنف بعد لحظة.",
  "429": "مرات كثيرة. أعد المحاولة بعد لحظة.",
  "503": "الخادم مشغول. أعد المحاولة بعد لحظة.",
};

export const finding = (say: Say) => ({
  nPinned: (n: number) =>
    say.plural(n, {
      one: "رسالة مثبتة واحدة",
      two: "رسالتان مثبتتان",
      few: "{n} رسائل مثبتة",
      other: "{n} رسالة مثبتة",
    }),
  pinnedMessages: "الرسائل المثبتة",
  reactions: "التفاعلات",
  saidIn: (who: string, chat: string, text: string) => `${who} في ${chat}: ${text}`,
  showMore: "عرض المزيد",
  nothingStarred: "لا رسائل مميزة بنجمة بعد.",
  nothingStarredHint: "ميّز رسالة بنجمة لتجدها هنا من جديد. لا يراها أحد غيرك.",
});

/** By whom, and to whom. */
export const happened = {
  Added: (by: string, user: string) => `أضاف ${by} العضو ${user}`,
  Joined: (_: string, user: string) => `انضم ${user}`,
  Left: (_: string, user: string) => `غادر ${user}`,
  Removed: (by: string, user: string) => `أزال ${by} العضو ${user}`,
  Banned: (by: string, user: string) => `حظر ${by} العضو ${user}`,
  AdminChanged: (by: string, user: string) => `جعل ${by} العضو ${user} مالكًا`,
};
