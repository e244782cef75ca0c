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
