import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BROWSER, launchTablet } from "../../../test/tablet/browser.ts";
import { Hall, Tablet } from "../../../test/tablet/hall.ts";

const why = BROWSER === undefined ? " (skipped: no Chromium, Chrome or Edge on PATH)" : "";
const MONITOR = { viewport: { width: 1920, height: 1080 }, hasTouch: true };
/** Of rating.timeoutSeconds, as the hall of the tests has it. */
const TIME_MS = 600_000;

describe.skipIf(BROWSER === undefined)(`a second touch monitor of the window PC, over plain HTTP on loopback${why}`, () => {
  let hall: Hall;
  let browser: Browser;
  let one: Tablet;
  let two: Tablet;
  beforeAll(async () => {
    hall = await Hall.open(["12", "13"], {}, "monitor");
    browser = await launchTablet();
    [one, two] = [await Tablet.open(browser, MONITOR), await Tablet.open(browser, MONITOR)];
  });
  afterAll(async () => {
    await browser?.close();
    await hall?.[Symbol.asyncDispose]();
  });

  const ratingsOf = (caseNo: string) => hall.ratings().filter(({ binding }) => (binding as { caseNo: string }).caseNo === caseNo);
  const untilRated = (caseNo: string): Promise<unknown> => vi.waitUntil(() => ratingsOf(caseNo).length > 0, { timeout: 60_000 });
  const untilTold = (monitor: Tablet): Promise<unknown> => vi.waitUntil(async () => (await monitor.kept()) === 0, { timeout: 60_000 });

  test("is made the pad of its window by one command and one touch, and shows whose window it is; another monitor another one", async () => {
    // This browser has neither a voice nor sound.
    await one.context.addInitScript("delete globalThis.speechSynthesis; delete globalThis.Audio;");
    for (const [monitor, windowNo] of [[one, "12"] as const, [two, "13"] as const]) {
      const address = await hall.monitor(windowNo);
      expect(address).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/window/${windowNo}/#`));
      await monitor.join(address);
      await hall.untilPad("ready", windowNo);
      expect(await hall.padState(windowNo)).toMatchObject({ model: "generic/browser-pad", trust: "paired", secured: true });
      // From now on it knows itself.
      expect(await hall.monitor(windowNo)).toBe(monitor.page.url());
    }
    expect(await one.page.evaluate("[typeof speechSynthesis, typeof Audio]")).toEqual(["undefined", "undefined"]);
    await hall.call("/clerk/sign-in", { staffNo: "1001", name: "张三样例", windowNo: "12" });
    await hall.call("/clerk/sign-in", { staffNo: "1002", name: "李四样例", windowNo: "13" });
    await one.page.locator(".card").getByText("张三样例").waitFor();
    await two.page.locator(".card").getByText("李四样例").waitFor();
    expect(await one.text(".place")).toBe("样例市政务服务中心 · 12 号窗口");
    const codes = await Promise.all([one, two].map(({ page }) => page.getByRole("img", { name: "扫码评价本窗口" }).innerHTML()));
    expect(new Set(codes).size).toBe(2);
  });

  test("shows the notice and the pause of its own window", async () => {
    await hall.call("/notice", { windowNo: "12", text: "今天 12:00 至 14:00 午休" });
    await one.page.locator(".notice").getByText("今天 12:00 至 14:00 午休").waitFor();
    await hall.call("/pause", { windowNo: "13", text: "叫号系统检修，请稍候" });
    await two.scene("paused");
    expect(await two.text("#stage")).toMatch(/暂停服务[\s\S]*叫号系统检修，请稍候/);
    await hall.call("/notice", { windowNo: "12", text: "" });
    await one.page.locator(".notice").waitFor({ state: "hidden" });
    await hall.call("/resume", { windowNo: "13" });
    await two.scene("idle");
    await expect.poll(() => two.page.locator(".notice").isVisible()).toBe(false);
  });

  test("takes a rating for its own window while the other is asked too, and asks on without a voice", async () => {
    await hall.serve("M-1", "12");
    await hall.serve("M-2", "13");
    for (const [monitor, level] of [[one, 1] as const, [two, 5] as const]) {
      await monitor.scene("options");
      await monitor.page.locator(`[data-level="${level}"]`).tap();
      await monitor.scene("details");
    }
    await one.page.locator('[data-code="115"]').tap();
    await two.page.locator(".confirm").tap();
    await untilRated("M-2");
    await one.page.locator(".confirm").tap();
    await untilRated("M-1");
    expect(ratingsOf("M-1")).toEqual([
      expect.objectContaining({
        level: 1,
        binding: expect.objectContaining({ windowNo: "12" }),
        origin: expect.objectContaining({ secured: true }),
      }),
    ]);
    expect(ratingsOf("M-1")[0]).toMatchObject({ answer: { reasons: [115], completed: "confirmed" } });
    expect(ratingsOf("M-2")).toEqual([expect.objectContaining({ level: 5, binding: expect.objectContaining({ windowNo: "13" }) })]);
    await expect.poll(() => two.page.evaluate("said.map(([, text]) => text)")).toContain("请您对我们的服务进行评价");
    expect([...one.complaints, ...two.complaints]).toEqual([]);
  });

  test("counts the last seconds down and says what their end means; then a level that was touched counts, and nothing else does", async () => {
    const watch = (monitor: Tablet): Promise<unknown> =>
      monitor.page.evaluate(
        "globalThis.counted = []; new MutationObserver(() => { const time = document.querySelector('.time:not([hidden])'); if (time) counted.push(time.textContent); }).observe(document.getElementById('stage'), { attributes: true, childList: true, characterData: true, subtree: true });",
      );
    await hall.serve("M-3", "12");
    await hall.serve("M-4", "13");
    await one.scene("options");
    await two.scene("options");
    await two.page.locator('[data-level="2"]').tap();
    await two.scene("details");
    await two.page.locator('[data-code="209"]').tap();
    await two.page.waitForSelector('[data-code="209"][aria-pressed="true"]');
    await two.page.locator(".swap").tap();
    await two.page.locator(".words textarea").fill("还没有提交的话样例");
    for (const monitor of [one, two]) {
      await watch(monitor);
      expect(await monitor.page.evaluate("counted")).toEqual([]);
      await monitor.pass(TIME_MS - 8000);
      await vi.waitUntil(() => monitor.page.evaluate<boolean>("counted.length > 0"), { timeout: 60_000 });
    }
    expect(await one.page.evaluate("counted[0]")).toMatch(/^\d秒后结束；没有选就不算评价$/);
    expect(await two.page.evaluate("counted[0]")).toMatch(/^\d秒后只提交等级和原因；文字要按“确认提交”才提交$/);
    await one.scene("idle");
    await untilRated("M-4");
    expect(ratingsOf("M-4")[0]).toMatchObject({ level: 2, answer: { reasons: [209], sealed: null, completed: "time-up" } });
    const endOfM3 = () => hall.entries().find(({ binding }) => (binding as { caseNo?: string } | undefined)?.caseNo === "M-3");
    await vi.waitUntil(() => endOfM3() !== undefined, { timeout: 60_000 });
    expect(endOfM3()).toMatchObject({ kind: "not-rated", reason: "timed-out" });
    expect(ratingsOf("M-3")).toEqual([]);
  });

  test("is the same pad when it was switched off and on, and while window-host was away, and delivers what it kept once (I2)", async () => {
    await one.reload();
    await one.scene("idle");
    await hall.untilPad("ready", "12");
    await one.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await hall.serve("M-5", "12");
    await one.choose(4);
    await hall.end("SIGKILL");
    await one.page.locator(".confirm").tap();
    await vi.waitUntil(async () => (await one.kept()) > 0, { timeout: 60_000 });
    const address = one.page.url();
    await one.page.close();
    one.page = await one.context.newPage();
    await one.page.goto(address);
    await one.scene("idle");
    expect(await one.kept()).toBeGreaterThan(0);
    await one.page.getByText("未连接窗口电脑").waitFor();
    await hall.start();
    await untilRated("M-5");
    await untilTold(one);
    expect(await hall.monitor("12")).toBe(address);
    await hall.serve("M-6", "12");
    await one.rate(3);
    await untilRated("M-6");
    expect([...ratingsOf("M-5"), ...ratingsOf("M-6")].map(({ level }) => level)).toEqual([4, 3]);
  });
});
