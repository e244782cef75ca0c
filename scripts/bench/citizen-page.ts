import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { runCommand, startChild } from "../rig/child.ts";
import { findBrowser } from "../setup/browser.mjs";
import { BROWSER_FLAGS } from "./browser-flags.ts";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const LOADS = 7;

/** The citizen's first load on a second monitor of this PC: until the page can be touched, in a browser that has never seen it. */
export const benchCitizenPage = async (): Promise<BenchRow[]> => {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("the row citizen needs a browser: npm run setup says how to get one");
  const folder = mkdtempSync(join(tmpdir(), "window-rating-citizen-"));
  const data = join(folder, "window");
  const flags = ["--pad", "browser", "--browser-pad-port", "0", "--desk-port", "0", "--screens-port", "0", "--json"];
  const host = await startChild("window-host", ["--data", data, ...flags]);
  const browser = await chromium.launch({ executablePath, args: [...BROWSER_FLAGS] });
  /** Milliseconds until the page shows what is awaited. */
  const load = async (url: string, javaScriptEnabled: boolean): Promise<number> => {
    const context = await browser.newContext({ bypassCSP: true, javaScriptEnabled });
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(url, { waitUntil: javaScriptEnabled ? "commit" : "load" });
    if (javaScriptEnabled) await page.locator(".begin").waitFor();
    const ms = performance.now() - began;
    await context.close();
    return ms;
  };
  try {
    const whole: number[] = [];
    const bare: number[] = [];
    for (let turn = 0; turn <= LOADS; turn++) {
      const { url } = await runCommand("window-host", ["screen", "citizen", "--data", data]);
      const without = await load(String(url), false);
      const withScript = await load(String(url), true);
      // The first turn warms the browser and the window PC up.
      if (turn === 0) continue;
      bare.push(without);
      whole.push(withScript);
    }
    return [
      valueRow(
        {
          what: "citizen page: first load on loopback until it can be touched, median of 7",
          unit: "ms",
          value: quantile(whole, 0.5),
          against: "the same page without its script",
          baseline: quantile(bare, 0.5),
        },
        { atMost: 1000 },
      ),
    ];
  } finally {
    await browser.close();
    await host.end("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
};
