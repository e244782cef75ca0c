import { type Browser, chromium } from "playwright-core";

/** The browser of this machine; undefined where there is none. The tests' set-up and `npm run screens` look for it and name it here. */
export const BROWSER: string | undefined = process.env.WINDOW_RATING_BROWSER || undefined;

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
