// node host-app/test/tablet/take-pictures.ts docs/screens: draws the citizen's page on a tablet and on a second monitor as it stands in
// docs/browser-pad.md. The data are made up and always the same; only a changed page changes its picture.
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { launchTablet } from "./browser.ts";
import { Hall, Tablet } from "./hall.ts";
import { until } from "./until.ts";

const folder = resolve(process.argv[2] ?? "docs/screens");

const take = async (tablet: Tablet, name: string): Promise<void> => {
  await tablet.page.mouse.move(0, 0);
  await tablet.page.screenshot({ path: join(folder, `${name}.png`) });
};

/** One touch on a key for the look, and what it does. */
const look = async ({ page }: Tablet, key: string, shown: string): Promise<void> => {
  await page.locator(`#${key}`).click();
  await page.waitForSelector(shown);
};

const drawTablet = async (browser: Browser, hall: Hall): Promise<void> => {
  await using tablet = await Tablet.open(browser);
  const { page } = tablet;
  await page.goto(await hall.code());
  await page.locator(".begin").waitFor();
  await take(tablet, "tablet-begin");
  await page.locator(".begin").click();
  await hall.untilPad("ready");
  await hall.call("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
  await page.getByText("张三样例").waitFor();
  await tablet.scene("idle");
  await take(tablet, "tablet-idle");
  await hall.call("/pause", {});
  await tablet.scene("paused");
  await take(tablet, "tablet-paused");
  await hall.call("/resume", {});
  await tablet.scene("idle");
  await hall.serve("3710-2026-0001");
  await tablet.scene("options");
  await take(tablet, "tablet-options");
  await look(tablet, "language", 'html[lang="en"]');
  await take(tablet, "tablet-english");
  await look(tablet, "language", 'html[lang="zh-CN"]');
  await look(tablet, "text-size", '#pad[data-text-size="large"]');
  await take(tablet, "tablet-large-type");
  await look(tablet, "text-size", '#pad[data-text-size="normal"]');
  await tablet.choose(2);
  await page.locator('[data-code="209"]').click();
  await page.waitForSelector('[data-code="209"][aria-pressed="true"]');
  await take(tablet, "tablet-details");
  await look(tablet, "contrast", '#pad[data-contrast="high"]');
  await take(tablet, "tablet-high-contrast");
  await look(tablet, "contrast", '#pad[data-contrast="normal"]');
  await page.locator(".swap").click();
  await page.locator(".writing:visible").waitFor();
  await take(tablet, "tablet-writing");
  await tablet.still('[data-scene="thanks"]');
  await page.locator(".confirm").click();
  await page.waitForSelector("#pad[data-scene=thanks]");
  await take(tablet, "tablet-thanks");
  await tablet.reload();
  await tablet.scene("idle");
  await until("a tablet that has delivered everything", 30_000, async () => (await tablet.kept()) === 0);

  // Held upright.
  await page.setViewportSize({ width: 800, height: 1280 });
  await hall.serve("3710-2026-0002");
  await tablet.scene("options");
  await take(tablet, "tablet-upright");
  await tablet.rate(4);
  await page.setViewportSize({ width: 1280, height: 800 });
  await tablet.scene("idle");
  await until("a tablet that has delivered everything", 30_000, async () => (await tablet.kept()) === 0);
  await hall.cable.pull();
  await page.getByText("未连接窗口电脑").waitFor();
  await take(tablet, "tablet-lost");
};

const drawMonitor = async (browser: Browser, hall: Hall): Promise<void> => {
  await using monitor = await Tablet.open(browser, { viewport: { width: 1920, height: 1080 } });
  await monitor.join(await hall.monitor("12"));
  await hall.untilPad("ready");
  await hall.serve("3710-2026-0003");
  await monitor.scene("options");
  await take(monitor, "citizen-monitor");
};

/** @param draw at a window PC that serves the page in this way */
const drawn = async (served: "tablets" | "monitor", draw: (browser: Browser, hall: Hall) => Promise<void>): Promise<void> => {
  await using hall = await Hall.open(["12"], {}, served);
  const browser = await launchTablet(served === "tablets" ? hall.certificate.trust : undefined);
  try {
    await draw(browser, hall);
  } finally {
    await browser.close();
  }
};

await drawn("tablets", drawTablet);
await drawn("monitor", drawMonitor);
