/** Shows one notification. A click opens its chat. */
import { type Place, pathOf, placeOf } from "../place/place.ts";
import type { Notice } from "../sync/notify.ts";
import type { World } from "./world.ts";

export async function notice(all: World, { chat, title, text }: Notice): Promise<void> {
  const { notify, showText, sound } = all.taste.value;
  if (!notify || !("Notification" in window) || Notification.permission !== "granted") return;
  const place: Place = { at: "chat", chat };
  const options: NotificationOptions = {
    tag: chat,
    silent: !sound,
    icon: "/icons/icon-192.png",
    data: pathOf(place),
    ...(showText ? { body: text } : {}),
  };
  const shown = made(title, options);
  if (shown === undefined) {
    const worker = await navigator.serviceWorker?.getRegistration();
    return await worker?.showNotification(title, options);
  }
  shown.addEventListener("click", () => {
    window.focus();
    all.places.push(place);
    shown.close();
  });
}

/** On phones only the worker may show one. */
function made(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch {
    return undefined;
  }
}

/** One that the worker showed was clicked at, and it asks for its chat. */
export function watchForClicks(all: World): void {
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string") all.places.push(placeOf(data));
  });
}
