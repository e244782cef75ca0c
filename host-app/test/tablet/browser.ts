import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable"];
const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));

/** The browser of this machine, or the one that `WINDOW_RATING_BROWSER` names; undefined if there is none. */
export const BROWSER: string | undefined = process.env.WINDOW_RATING_BROWSER || onPath.find((path) => existsSync(path));

const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param trust of the one certificate that it takes without an authority */
export const launchTablet = (trust?: string): Promise<Browser> =>
  chromium.launch({
    executablePath: BROWSER as string,
    args: [
      ...QUIET,
      // Chromium's sandbox refuses to run as root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...(trust === undefined ? [] : [`--ignore-certificate-errors-spki-list=${trust}`]),
    ],
  });
