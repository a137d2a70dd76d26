/** Registers the service worker, and knows when a newer one waits. */

interface Policy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

const WORKER = "/sw.js";

/** The one script address that is made by hand. The policy makes it and no other. */
function workerUrl(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  const allow = (url: string) => {
    if (url !== WORKER) throw new TypeError("no such script");
    return url;
  };
  return types === undefined
    ? WORKER
    : types.createPolicy("greenroom", { createScriptURL: allow }).createScriptURL(WORKER);
}

/** Calls back with what takes the newer version over, once one waits. */
export async function watchForUpdate(found: (takeOver: () => void) => void): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined) return;
  const registration = await serviceWorker.register(workerUrl(), { updateViaCache: "none" }).catch(() => undefined);
  if (registration === undefined) return;
  const offer = (worker: ServiceWorker | null) => {
    if (worker?.state !== "installed" || serviceWorker.controller === null) return;
    found(() => {
      serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take-over");
    });
  };
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => offer(installing));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
  });
}
