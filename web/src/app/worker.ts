/** The service worker: keeps the shell of one version, so that the page opens without a network, and leads from notifications. Answers nothing of the API. */

declare const __FILES__: readonly string[];

const worker = self as unknown as ServiceWorkerGlobalScope;

const FILES = __FILES__;
const CACHE = "greenroom-__VERSION__";

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(["/app/", ...FILES])));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => worker.clients.claim()));
});

async function tidy(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** A new version waits until its page says that it may take over. */
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
});

/** Opens the chat of a notification: in a page that is there, or else in a new one. */
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(String(event.notification.data)));
});

async function lead(path: string): Promise<void> {
  const [page] = await worker.clients.matchAll({ type: "window" });
  if (page === undefined) await worker.clients.openWindow(path);
  else (await page.focus()).postMessage(path);
}

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (
    event.request.mode === "navigate" &&
    (url.pathname === "/" || url.pathname === "/app" || url.pathname.startsWith("/app/"))
  ) {
    event.respondWith(kept("/app/", event.request));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(kept(event.request, event.request));
  }
});

async function kept(key: string | Request, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? (await fetch(request));
}
