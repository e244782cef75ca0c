import type { BrowserWindow } from "electron";
import { isServed } from "./running-core.ts";
import type { ScreenWindows } from "./screen-windows.ts";

export interface GuestEvents {
  readonly remembered: () => readonly string[];
  readonly remember: (screens: readonly string[]) => void;
  /** A strip could not be loaded. */
  readonly failed: () => void;
  /** Nothing answers any more where the strips come from. */
  readonly gone: () => void;
}

const LOOK_EVERY_MS = 15_000;
/** net::ERR_ABORTED: a load that gave way to another one. */
const ABORTED = -3;

/** The strips of a core that a service or another session runs. */
export class GuestStrips {
  readonly #windows: ScreenWindows;
  readonly #events: GuestEvents;
  #look: NodeJS.Timeout | undefined;

  constructor(windows: ScreenWindows, events: GuestEvents) {
    this.#windows = windows;
    this.#events = events;
  }

  /** Opens strips beside those that are open, and looks from then on whether their core is still there. */
  open(urls: readonly string[]): void {
    for (const url of urls) {
      const window = this.#windows.openStrip(null, url);
      // The address that was given works once; the one that it leads to is the one to remember.
      window.webContents.on("did-navigate", (_event, now) => now.includes("/strip.html") && this.#remember(window, now));
      window.webContents.on("did-fail-load", (_event, code, _text, _url, isMain) => {
        if (isMain && code !== ABORTED) this.#events.failed();
      });
    }
    this.lookAgain();
  }

  lookAgain(): void {
    clearTimeout(this.#look);
    this.#look = setTimeout(async () => {
      const [strip] = this.#windows.strips;
      if (strip === undefined || (await isServed(strip.webContents.getURL()))) this.lookAgain();
      else this.#events.gone();
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#look);
  }

  /** One strip for each window, all of one core. */
  #remember(window: BrowserWindow, now: string): void {
    for (const other of this.#windows.strips) if (other !== window && other.webContents.getURL() === now) other.destroy();
    const { origin } = new URL(now);
    const others = this.#events.remembered().filter((url) => url !== now && new URL(url).origin === origin);
    this.#events.remember([...others, now]);
  }
}
