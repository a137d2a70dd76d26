/** Shows one notification. A click opens its chat. */
import type { Notice } from "../sync/notify.ts";
import type { World } from "./world.ts";

export async function notice(all: World, { chat, title, text }: Notice): Promise<void> {
  const { notify, showText, sound } = all.taste.value;
  if (!notify || !("Notification" in window) || Notification.permission !== "granted") return;
  const options: NotificationOptions = {
    tag: chat,
    silent: !sound,
    icon: "/icons/icon-192.png",
    ...(showText ? { body: text } : {}),
  };
  const shown = new Notification(title, options);
  shown.addEventListener("click", () => {
    window.focus();
    all.places.push({ at: "chat", chat });
    shown.close();
  });
}
