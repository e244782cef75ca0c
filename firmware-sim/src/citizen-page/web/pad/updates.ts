/** The page without a network, and its newer versions. */

/** A newer page waits until nobody has touched the pad for so long, milliseconds. */
const QUIET_FOR_MS = 10_000;
const LOOK_EVERY_MS = 60 * 60 * 1000;

export interface Updates {
  /** Looks whether the window PC has a newer page. */
  look(): void;
}

/**
 * Lets the worker keep the page, and loads it anew when it keeps a newer one.
 * @param isAtRest nothing is asked of a citizen; what waits to be delivered outlives the page
 */
export const keepPageForOffline = async (isAtRest: () => boolean): Promise<Updates> => {
  const nothing = { look: () => undefined };
  if (!("serviceWorker" in navigator)) return nothing;
  const hadWorker = navigator.serviceWorker.controller !== null;
  let isNewer = false;
  let touchedAt = performance.now();
  addEventListener("pointerdown", () => {
    touchedAt = performance.now();
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    isNewer = hadWorker;
  });
  setInterval(() => {
    if (isNewer && isAtRest() && performance.now() - touchedAt > QUIET_FOR_MS) location.reload();
  }, 1000);
  try {
    const worker = await navigator.serviceWorker.register("/worker.js");
    const look = (): void => void worker.update().catch(() => undefined);
    setInterval(look, LOOK_EVERY_MS);
    return { look };
  } catch {
    // A browser that does not trust the certificate keeps no page. It works as long as the window PC can be reached.
    return nothing;
  }
};
