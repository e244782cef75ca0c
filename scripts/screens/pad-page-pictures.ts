// Makes docs/screens/pc-pads-trial.png and pc-tablets.png: a pad whose keys are tried, and a tablet that is admitted by its QR code.
// Run it after the screens have changed: npm run setup, then node scripts/screens/pad-page-pictures.ts
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { chromium } from "playwright-core";
import { runCommand, startChild } from "../rig/child.ts";
import { until } from "../rig/until.ts";
import { findBrowser } from "../setup/browser.mjs";
import { PICTURES } from "./picture-stage.ts";

const SCREEN = { width: 1366, height: 768 };
const PATIENCE = 60_000;

const executablePath = findBrowser();
if (executablePath === undefined) throw new Error("there is no browser to draw with: npm run setup says how to get one");
mkdirSync(PICTURES, { recursive: true });
await using undo = new AsyncDisposableStack();
const dataDir = mkdtempSync(join(tmpdir(), "window-rating-pictures-"));
undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "DEMO-0001" });
undo.defer(() => pad.close());
const windows = [
  { windowNo: "1", pad: { port: pad.path } },
  { windowNo: "2", pad: { port: "browser" } },
];
const host = await startChild(
  "window-host",
  ["--data", dataDir, "--desk-port", "0", "--screens-port", "0", "--browser-pad-port", "0", "--pad-unpaired", "admit", "--json"],
  { WINDOW_RATING_WINDOWS: JSON.stringify(windows) },
);
undo.defer(() => host.end("SIGTERM"));
const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ["--disable-gpu", "--no-sandbox"] : ["--disable-gpu"],
});
undo.defer(() => browser.close());
const page = await browser.newPage({ viewport: SCREEN });

const picture = async (name: string): Promise<void> => {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled", caret: "hide" });
  console.log(`docs/screens/${name}.png`);
};
const showSection = (title: string): Promise<void> =>
  page.locator("section.section", { has: page.getByRole("heading", { level: 2, name: title }) }).evaluate((section) => {
    section.scrollIntoView();
  });

const { url } = await runCommand("window-host", ["screen", "console", "--data", dataDir]);
await page.goto(String(url));
await page.locator('.menu a[href="#pads"]').click();
await page.locator("tr", { hasText: "1 号窗口" }).filter({ hasText: "可以使用" }).waitFor();
await page.getByRole("button", { name: "试键", exact: true }).click();
await until("the pad's test", PATIENCE, () => pad.face.phase === "testing");
for (const key of [1, 2, 3] as const) await pad.press(key);
pad.keyDown(4);
await page.locator('.pad-key[data-key="4"][data-lit="true"]').waitFor();
// A key that was let go stays lit for a moment.
await page.locator('.pad-key[data-key="3"][data-lit="false"][data-pressed="true"]').waitFor();
await showSection("试用评价器");
await picture("pc-pads-trial");
pad.keyUp(4);

await page.setViewportSize({ ...SCREEN, height: 900 });
await page.getByRole("button", { name: "查看串口", exact: true }).click();
await page.getByRole("region", { name: "本机串口" }).or(page.getByText("本机没有串口")).waitFor();
await page.getByRole("button", { name: "显示二维码", exact: true }).click();
await page.getByText("10 分钟内只能用一次").waitFor();
await page.evaluate("document.activeElement.blur()");
await showSection("本机串口");
await picture("pc-tablets");
