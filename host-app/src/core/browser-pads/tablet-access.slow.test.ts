import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BROWSER, launchTablet } from "../../../test/tablet/browser.ts";
import { CAN_MAKE_CERTIFICATES } from "../../../test/tablet/certificate.ts";
import { Hall, Tablet } from "../../../test/tablet/hall.ts";

const canRun = BROWSER !== undefined && CAN_MAKE_CERTIFICATES;
const why = canRun ? "" : " (skipped: no Chromium, Chrome or Edge on PATH, or no openssl)";

describe.skipIf(!canRun)(`the page of a tablet, as people who see or hear badly meet it${why}`, () => {
  const windowNo = "12";
  let hall: Hall;
  let browser: Browser;
  beforeAll(async () => {
    hall = await Hall.open([windowNo]);
    browser = await launchTablet(hall.certificate.trust);
  });
  afterAll(async () => {
    await browser?.close();
    await hall?.[Symbol.asyncDispose]();
  });
  const untilRated = (caseNo: string): Promise<unknown> =>
    vi.waitUntil(() => hall.ratings().some(({ binding }) => (binding as { caseNo: string }).caseNo === caseNo), { timeout: 60_000 });

  test("has no serious fault of accessibility on any of its screens, plain and in high contrast with large letters", async () => {
    await using tablet = await Tablet.open(browser);
    const check = async (what: string, page = tablet.page): Promise<void> => {
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
        violations: { id: string; impact: string; nodes: { html: string }[] }[];
      };
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    };
    /** As it is, and as a person who sees badly makes it; then as it was. */
    const checkLooks = async (what: string): Promise<void> => {
      await check(what);
      for (const [contrast, textSize] of [["high", "large"] as const, ["normal", "normal"] as const]) {
        await tablet.page.locator("#contrast").click();
        await tablet.page.locator("#text-size").click();
        await tablet.page.waitForSelector(`#pad[data-contrast="${contrast}"][data-text-size="${textSize}"]`);
        if (contrast === "high") await check(`${what}, high contrast and large letters`);
      }
    };
    const code = await hall.code(windowNo);
    await tablet.page.goto(code);
    await tablet.page.locator(".begin").waitFor();
    await check("begin");
    await tablet.page.locator(".begin").click();
    await tablet.scene("idle");
    await hall.untilPad("ready", windowNo);
    await hall.call("/notice", { windowNo, text: "今天 12:00 至 14:00 午休" });
    await tablet.page.locator(".notice:visible").waitFor();
    await checkLooks("idle");
    await hall.call("/pause", { windowNo });
    await tablet.scene("paused");
    await checkLooks("paused");
    await hall.call("/resume", { windowNo });
    await hall.serve("T-11", windowNo);
    await tablet.scene("options");
    await checkLooks("options");
    await tablet.choose(1);
    await checkLooks("details");
    await tablet.page.locator(".swap").click();
    await checkLooks("writing");
    await tablet.still(".time:not([hidden])");
    await tablet.pass(595_000);
    await tablet.page.locator(".time:visible").waitFor();
    await check("the last seconds");
    await tablet.reload();
    await tablet.rate(1);
    await untilRated("T-11");

    await hall.serve("T-13", windowNo);
    await tablet.choose(5);
    await tablet.page.locator("#contrast").click();
    await tablet.page.waitForSelector('#pad[data-contrast="high"]');
    await tablet.still('[data-scene="thanks"]');
    await tablet.page.locator(".confirm").click();
    await tablet.page.waitForSelector("#pad[data-scene=thanks]");
    await check("thanks, high contrast");
    await tablet.reload();
    await untilRated("T-13");

    await hall.serve("T-14", windowNo);
    await tablet.choose(1);
    await tablet.page.evaluate("IDBObjectStore.prototype.add = () => { throw new DOMException('no room', 'QuotaExceededError'); };");
    await tablet.still('[data-scene="fault"]');
    await tablet.page.locator(".confirm").click();
    await tablet.page.waitForSelector("#pad[data-scene=fault]");
    await check("fault");
    await tablet.reload();
    await tablet.rate(3);
    await untilRated("T-14");
    await tablet.scene("idle");

    await hall.cable.pull();
    await tablet.page.getByText("未连接窗口电脑").waitFor();
    await checkLooks("no line");
    await hall.cable.put();
    await hall.untilPad("ready", windowNo);
    await tablet.page.goto(`${tablet.page.url()}#tools`);
    await tablet.page.locator("#pair:visible").waitFor();
    await check("tools");
    const second = await tablet.context.newPage();
    await second.goto(tablet.page.url());
    await second.getByText("评价页面已在另一个标签页打开").waitFor();
    await check("second tab", second);
    await second.goto("about:blank");
    await using late = await Tablet.open(browser);
    await late.page.goto(code);
    await late.page.locator(".begin").click();
    await late.page.getByText("二维码已失效或已用过").waitFor();
    await check("code used up", late.page);
    await hall.pad("browser", "--remove", "--window", windowNo);
    await tablet.page.getByText("窗口电脑不再认识这台设备").waitFor();
    await check("not admitted");
  });
});
