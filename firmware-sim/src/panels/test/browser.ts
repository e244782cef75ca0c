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
  // A stranger's name that points to this machine, as in DNS rebinding.
  "--host-resolver-rules=MAP stranger.test 127.0.0.1",
];

export const launchBrowser = (executablePath: string): Promise<Browser> => {
  // Chromium's sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? [...QUIET, "--no-sandbox"] : QUIET;
  return chromium.launch({ executablePath, args });
};
