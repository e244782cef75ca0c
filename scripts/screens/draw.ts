// npm run screens: draws every picture of docs/screens anew, with real parts and made-up people; only what changed gets another picture.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findBrowser } from "../setup/browser.mjs";

const ROOT = join(import.meta.dirname, "..", "..");

/** What draws, each with the folder of its pictures. */
const DRAWERS = [
  ["scripts/screens/strip-pictures.ts"],
  ["scripts/screens/strip-panel-pictures.ts"],
  ["scripts/screens/window-console-pictures.ts"],
  ["scripts/screens/pad-page-pictures.ts"],
  ["host-app/test/tablet/take-pictures.ts", "docs/screens"],
  ["central/test/console/take-pictures.ts", "docs/screens"],
] as const;

const browser = findBrowser();
if (browser === undefined) throw new Error("there is no browser to draw with: npm run setup says how to get one");

for (const drawer of DRAWERS) {
  console.log(`drawing: ${drawer[0]}`);
  const drawing = spawn(process.execPath, drawer, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, WINDOW_RATING_BROWSER: browser, TZ: "Asia/Shanghai" },
  });
  const [code] = (await once(drawing, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${drawer[0]} ended with ${code}; what it printed above says why`);
}
