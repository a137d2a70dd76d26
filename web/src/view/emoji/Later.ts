/** The choice of emoji, fetched when somebody wants one. */
import { later, nothing } from "../Later.tsx";

export const EmojiDialog = later(async () => (await import("./EmojiDialog.tsx")).EmojiDialog, nothing);
