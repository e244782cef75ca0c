import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { ITEMS } from "../demo/seed.ts";
import { runCommand, startChild } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { findBrowser } from "../setup/browser.mjs";
import { BarePad } from "./bare-pad.ts";
import { BROWSER_FLAGS } from "./browser-flags.ts";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const WARM_UP = 20;
const SAMPLES = 300;
const PACE_MS = 60;
const LOADS = 7;

/** Unix time in milliseconds with fractions, by the clock that a page's own time counts from too. */
const now = (): number => performance.timeOrigin + performance.now();

/** In the page: when the line said a case was rated, after the frame that showed it. */
const WATCH = `
  window.ratedAt = new Map();
  const line = document.querySelector("h1");
  new MutationObserver(() => {
    const text = line.textContent;
    if (!text.startsWith("已收到评价")) return;
    requestAnimationFrame(() => setTimeout(() => window.ratedAt.set(text, performance.timeOrigin + performance.now())));
  }).observe(line, { characterData: true, childList: true, subtree: true });
`;

/** Milliseconds from the start of a navigation until something stands on the page, in a browser that has never seen it. */
const loadMs = async (
  browser: Browser,
  cookies: Parameters<Awaited<ReturnType<Browser["newContext"]>>["addCookies"]>[0],
  url: string,
  shown: string,
): Promise<number> => {
  // What is measured with is evaluated in the page, which its content security policy would refuse.
  const context = await browser.newContext({ bypassCSP: true });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "commit" });
  const ms = await page.waitForFunction(`document.querySelector(${JSON.stringify(shown)}) !== null && performance.now()`);
  const value = Number(await ms.jsonValue());
  await context.close();
  return value;
};

/** Press at the pad → the strip shows that a rating came, and the strip's first load, with the window PC as a process of its own and a real browser. */
export const benchStrip = async (): Promise<BenchRow[]> => {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("the row strip needs a browser: npm run setup says how to get one");
  const folder = mkdtempSync(join(tmpdir(), "window-rating-strip-"));
  const data = join(folder, "window");
  const { token } = await runCommand("window-host", ["pair", "--name", "bench", "--data", data]);
  const pad = new BarePad(join(folder, "pad"));
  const flags = ["--pad", pad.port.path, "--pad-unpaired", "admit", "--desk-port", "0", "--screens-port", "0", "--json"];
  const host = await startChild("window-host", ["--data", data, ...flags]);
  const browser = await chromium.launch({ executablePath, args: [...BROWSER_FLAGS] });
  try {
    await pad.ready();
    const desk = deskClient(Number(host.ready.deskPort), String(token));
    await desk.signIn({ staffNo: "1001", name: "张三样例" });
    const { url } = await runCommand("window-host", ["screen", "strip", "--data", data]);
    // What is measured with is evaluated in the page, which its content security policy would refuse.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(String(url));
    await page.locator("main[data-tone=good]").waitFor();

    const shown = await presses(page, pad, desk);
    const cookies = await context.cookies();
    const strip: number[] = [];
    const bare: number[] = [];
    for (let turn = 0; turn < LOADS; turn++) {
      bare.push(await loadMs(browser, cookies, new URL("/receipt.html", page.url()).href, "article"));
      strip.push(await loadMs(browser, cookies, page.url(), "main[data-tone=good] .actions"));
    }
    const { of, against } = { of: quantile(shown.strip, 0.99), against: quantile(shown.acknowledged, 0.99) };
    return [
      valueRow(
        {
          what: "press on the pad → the strip shows it, p99",
          unit: "ms",
          value: of,
          against: "press → acknowledged, p99",
          baseline: against,
        },
        { atMost: 100 },
      ),
      valueRow(
        {
          what: "strip: first load on loopback until its line stands, median of 7",
          unit: "ms",
          value: quantile(strip, 0.5),
          against: "an empty page of the same server",
          baseline: quantile(bare, 0.5),
        },
        { atMost: 1000 },
      ),
    ];
  } finally {
    await browser.close();
    await host.end("SIGTERM");
    await pad.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const presses = async (
  page: Page,
  pad: BarePad,
  desk: ReturnType<typeof deskClient>,
): Promise<{ strip: number[]; acknowledged: number[] }> => {
  await page.evaluate(WATCH);
  const strip: number[] = [];
  const acknowledged: number[] = [];
  for (let turn = 0; turn < WARM_UP + SAMPLES; turn++) {
    const caseNo = `STRIP-${turn}`;
    // The desk API lets a business system send fifty requests a second, and no window has more.
    await pause(PACE_MS);
    await desk.startCase({ caseNo, ...ITEMS[0] });
    const opened = new Promise<Uint8Array>((resolve) => {
      pad.onOpen = ({ requestId }) => resolve(requestId);
    });
    await desk.endCase(caseNo);
    const requestId = await opened;
    // A bare pad does not say that it invites.
    await page
      .locator("h1")
      .filter({ hasText: `正在点亮评价器：办件 ${caseNo}` })
      .waitFor();
    const pressedAt = now();
    const acknowledgedMs = await pad.press(requestId, 1 + (turn % 5));
    const at = await page.waitForFunction(`window.ratedAt.get("已收到评价：办件 ${caseNo}")`);
    if (turn < WARM_UP) continue;
    acknowledged.push(acknowledgedMs);
    strip.push(Number(await at.jsonValue()) - pressedAt);
  }
  return { strip, acknowledged };
};
