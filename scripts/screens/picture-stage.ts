// The parts that every picture of a window PC needs: its real parts, and a browser.
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { type Stage, setStage } from "../demo/stage.ts";
import { runCommand } from "../rig/child.ts";
import { findBrowser } from "../setup/browser.mjs";

/** Where the pictures go. */
export const PICTURES = join(import.meta.dirname, "..", "..", "docs", "screens");

/** As udev names the pad's port at a window PC; no picture then has a path of the machine that drew it. */
const PAD_LINK = "/dev/window-rating-1";

/** Whether this user may put a link there that is not there yet. */
export const mayLink = (path: string): boolean => {
  if (existsSync(path)) return false;
  try {
    accessSync(dirname(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

export interface PictureStage extends AsyncDisposable {
  readonly stage: Stage;
  readonly page: Page;
}

/** Central, window-host and a simulated pad, and an empty page. @throws Error where there is no browser */
export const openPictureStage = async (viewport: { readonly width: number; readonly height: number }): Promise<PictureStage> => {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("there is no browser to draw with: npm run setup says how to get one");
  mkdirSync(PICTURES, { recursive: true });
  await using undo = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "window-rating-pictures-"));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  await runCommand("window-host", ["config", "--set", "screensPort=0", "--data", join(folder, "window-1")]);
  const options = { folder, origin: "http://127.0.0.1:9", timeoutSeconds: 600, say: (line: string) => console.log(line) };
  const stage = await setStage(mayLink(PAD_LINK) ? { ...options, padLink: PAD_LINK } : options);
  undo.defer(() => stage.close());
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ["--disable-gpu", "--no-sandbox"] : ["--disable-gpu"],
  });
  undo.defer(() => browser.close());
  const page = await browser.newPage({ viewport });
  const all = undo.move();
  return { stage, page, [Symbol.asyncDispose]: () => all.disposeAsync() };
};
