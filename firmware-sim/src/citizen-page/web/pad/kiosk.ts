/** Keeps the page where it is and the screen lit: what a browser does by itself on a tablet in citizens' hands is prevented here. */

/** The screen stays lit while the page is seen. A browser that cannot do that leaves it to the tablet's settings. */
const stayAwake = async (): Promise<void> => {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // Refused, for instance with an empty battery: asked for again when the page is seen again.
  }
};

/** Back and forward lead nowhere. */
const stayHere = (): void => {
  history.pushState(null, "");
  addEventListener("popstate", () => history.pushState(null, ""));
};

export const beKiosk = (): void => {
  stayHere();
  void stayAwake();
  document.addEventListener("visibilitychange", () => void stayAwake());
  // Pictures and texts cannot be dragged away, nor files dropped in, which would open them in the page's place.
  for (const name of ["dragstart", "dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
};

/** Only a touch of a person may ask for these. */
export const askForScreen = async (): Promise<void> => {
  try {
    await document.documentElement.requestFullscreen({ navigationUI: "hide" });
  } catch {
    // A browser in kiosk mode is there already; another one stays in its frame.
  }
};

/** @returns whether the browser has promised to throw nothing away that the page keeps */
export const askToPersist = async (): Promise<boolean> => {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
};

/** A page that must not run twice over one store. @returns false if it is open already in another tab, which does not end soon */
export const beTheOnlyOne = (windowNo: string): Promise<boolean> =>
  new Promise((resolve) => {
    // A page that is loaded anew may meet the one before it, which is about to end.
    const patience = AbortSignal.timeout(3000);
    navigator.locks
      .request(`window-rating pad ${windowNo}`, { signal: patience }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
