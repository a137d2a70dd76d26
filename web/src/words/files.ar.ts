/** الملفات في الرسائل، والملفات قيد الرفع، وصور الأشخاص والمجموعات، والبحث عن الرسائل. */
import type { files as english } from "./files.en.ts";
import type { Say } from "./say.ts";

export const files = (say: Say): ReturnType<typeof english> => ({
  imageOf: (file) => `صورة ${file}`,
  downloadOf: (file, bytes) => `تنزيل ${file}, ${say.size(bytes)}`,
  download: "تنزيل",
  attachments: "المرفقات",
  aFile: "ملف",
  previousPicture: "الصورة السابقة",
  nextPicture: "الصورة التالية",
  pictureIsGone: "لا يمكن عرض هذه الصورة الآن.",

  attachFiles: "إرفاق ملفات",
  dropFiles: "أفلت الملفات لإرفاقها",
  removeFile: (file) => `إزالة ${file}`,
  tryFileAgain: (file) => `إعادة محاولة ${file}`,
  atMostFiles: (n) =>
    say.plural(n, {
      zero: "لا تحمل الرسالة أي ملف.",
      one: "لا تحمل الرسالة أكثر من ملف واحد.",
      two: "لا تحمل الرسالة أكثر من ملفين.",
      few: "لا تحمل الرسالة أكثر من {n} ملفات.",
      many: "لا تحمل الرسالة أكثر من {n} ملفًا.",
      other: "لا تحمل الرسالة أكثر من {n} ملف.",
    }),
  fileIsTooLarge: (bytes) => `أكبر من ${say.size(bytes)}.`,

  choosePicture: "اختيار صورة",
  removePicture: "إزالة الصورة",
  noPicture: "ليست هذه صورة يقبلها الخادم: JPEG أو PNG أو GIF أو WebP.",

  searchMessages: "البحث في الرسائل",
  results: "النتائج",
  searchHint: "اعثر على ما قيل في كل محادثاتك.",
  searchIsOff: "هذا الخادم لا يبحث.",
  tooManyWords: "ابحث عن 8 كلمات على الأكثر.",
});
