import path from "node:path";
import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { findOnPath, isExecutable } from "./program.mjs";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
  "msedge",
];

const MAC_APPS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

const WINDOWS_PROGRAMS = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];

/** With it pages and screens are drawn as a person here sees them: Chromium, and letters for the Chinese text. */
const DEBIAN_PACKAGES = ["chromium", "fonts-noto-cjk"];

/**
 * The browser in which pages are tested: Chromium, Chrome or Edge as installed on this machine.
 *
 * @param {NodeJS.ProcessEnv} [env] `WINDOW_RATING_BROWSER` names another one and is taken as it is
 * @param {NodeJS.Platform} [platform]
 * @returns {string | undefined} the full path of its program; undefined when there is none
 */
export function findBrowser(env = process.env, platform = process.platform) {
  if (env.WINDOW_RATING_BROWSER) return env.WINDOW_RATING_BROWSER;
  if (platform === "win32") {
    const roots = [env.ProgramFiles, env["ProgramFiles(x86)"], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return roots.flatMap((root) => WINDOWS_PROGRAMS.map((program) => path.win32.join(root, program))).find(isExecutable);
  }
  return findOnPath(NAMES, env) ?? (platform === "darwin" ? MAC_APPS.find(isExecutable) : undefined);
}

/**
 * Sees to it that there is a browser for the tests. A missing one stops nothing: tests that need it say that they are skipped.
 *
 * @returns {Promise<string | undefined>} what to tell when there is none
 */
export async function ensureBrowser() {
  if (findBrowser() !== undefined) return undefined;
  if (canInstallDebianPackages()) await installDebianPackages(DEBIAN_PACKAGES, "Chromium for the tests of pages");
  if (findBrowser() !== undefined) return undefined;
  const debian = process.platform === "linux" ? `, on Debian: apt-get install ${DEBIAN_PACKAGES.join(" ")}` : "";
  return `no browser found, so the tests of pages are skipped. Install Chromium, Chrome or Edge${debian}; or name one in WINDOW_RATING_BROWSER.`;
}
