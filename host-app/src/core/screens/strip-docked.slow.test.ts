import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeViolations, BROWSER, isSound, isTold, openBrowser, openPage, says, signIn, type WatchedPage } from "./test/screen-browser.ts";
import { type ScreenStage, setScreenStage, ZHANG } from "./test/screen-stage.ts";

/** As high as Electron docks it (electron/place.ts). */
const DOCKED = 64;
/** Widths of screens in CSS pixels: 1280 and 1920 at 100–300 %, 1366 at 200 %, 1024 at 300 %. */
const WIDTHS = [1280, 1024, 800, 683, 640, 427, 341] as const;

/** What the preload puts into the page; the window around it is the test's. */
const SHELL = `window.windowRatingShell = { needHeight: (px) => window.growTo(px), onAction: () => {} };`;

describe.skipIf(BROWSER === undefined)("A strip docked along an edge of the screen", () => {
  let browser: Browser;
  let stage: ScreenStage;
  let watched: WatchedPage;
  let page: Page;
  let width: number = WIDTHS[0];
  let needed: number | null = null;
  const resize = (): Promise<void> => page.setViewportSize({ width, height: Math.max(DOCKED, needed ?? 0) });
  beforeAll(async () => {
    browser = await openBrowser();
    stage = await setScreenStage({ settings: { "screen-case-qr": "https://rate.example/c/{requestId}", "rating-timeout-seconds": "300" } });
    await stage.hire(ZHANG);
    watched = await openPage(browser);
    page = watched.page;
    await page.exposeFunction("growTo", (px: number | null) => {
      needed = px;
      return resize();
    });
    await page.addInitScript({ content: SHELL });
    await resize();
    await page.goto(await stage.openStrip());
    await page.locator(".details").filter({ hasText: "评价器已连接" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const dockAt = async (next: number): Promise<void> => {
    width = next;
    await resize();
  };
  /** What of these cannot be seen whole, or is covered; as soon as it is nothing. */
  const isInView = (what: string, shown: Locator): Promise<unknown> =>
    expect
      .poll(
        () =>
          shown.evaluateAll((elements) =>
            elements.flatMap((element) => {
              const { left, top, right, bottom } = element.getBoundingClientRect();
              const { innerWidth, innerHeight } = element.ownerDocument.defaultView;
              const at = element.ownerDocument.elementFromPoint((left + right) / 2, (top + bottom) / 2);
              const isSeen = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && element.contains(at);
              const isWhole = element.scrollWidth <= element.clientWidth + 1;
              return isSeen && (isWhole || element.tagName === "INPUT")
                ? []
                : [`${element.textContent} ${left} ${top} ${right} ${bottom} in ${innerWidth} x ${innerHeight}`];
            }),
          ),
        { message: `${what} at ${width}` },
      )
      .toEqual([]);
  const all = (): Locator => page.locator("h1, .details:visible, .message:not([data-is=none]), main button:visible, main input:visible");
  const focused = (): Promise<string> => page.evaluate("document.activeElement.innerText ?? ''");
  /** What the window is higher than what is shown in it, or lower. */
  const spare = (): Promise<number> =>
    page.evaluate(`(() => {
      const { bottom } = document.querySelector(".panel").getBoundingClientRect();
      return Math.abs(window.innerHeight - bottom - Number.parseFloat(getComputedStyle(document.querySelector("main")).paddingBottom));
    })()`);
  /** Of the strip; what is above or below it belongs to the business system. */
  const height = (): Promise<number> => page.evaluate("window.innerHeight");

  for (const dockedAt of WIDTHS) {
    test(`shows line and buttons whole at ${dockedAt} pixels, signs in, and has every action by keyboard`, async () => {
      await stage.desk("/clerk/sign-out");
      await says(page, "无人签到");
      await page.keyboard.press("Escape");
      await dockAt(dockedAt);
      await isInView("signed out", all());
      await expect.poll(() => page.locator("main input:visible").count()).toBe(2);
      await signIn(page, { ...ZHANG, pin: "000000" });
      await isTold(page, "工号或密码不正确");
      await isInView("wrong PIN", all());
      await signIn(page, ZHANG);
      await page.locator("h1").filter({ hasNotText: "无人签到" }).waitFor();
      await isInView("signed in", all());
      const caseNo = `370100-2026-${dockedAt}`;
      await stage.desk("/cases", { caseNo, itemCode: "1", itemName: "居民身份证补领（样例）" });
      await says(page, "正在办理");
      await isInView("a case", all());
      await page.keyboard.press("Alt+1");
      await says(page, `请群众评价：办件 ${caseNo}`);
      await page.keyboard.press("Escape");
      await isInView("rating", all());
      await expect.poll(height).toBeLessThanOrEqual(112);
      const more = page.locator("main > .actions .more");
      if (dockedAt > 1150) {
        await expect.poll(() => page.locator("main > .actions [data-action]").count()).toBe(11);
      } else {
        await more.press("Enter");
        const menu = page.getByTestId("panel-more");
        await menu.waitFor();
        await expect.poll(() => menu.locator("[data-action]").count()).toBe(11);
        await isInView("more", menu.locator("button"));
        expect(await focused()).toContain("开始办件");
        // What cannot be done now says why, and the menu stays.
        await menu.getByRole("button", { name: "再次邀请" }).press("Enter");
        await isTold(page, "只能在未评价时再邀请一次");
        await menu.getByRole("button", { name: "暂停服务" }).press("Enter");
        await page.getByTestId("panel-pause").locator("form").waitFor();
        await isInView("pause", page.getByTestId("panel-pause").locator("button, input"));
        // The window has grown to what the form needs, and by no more.
        await expect.poll(spare).toBeLessThanOrEqual(4);
        await page.keyboard.press("Escape");
        await expect.poll(focused).toBe("更多");
        await expect.poll(height).toBeLessThanOrEqual(112);
      }
      await stage.desk(`/cases/${caseNo}/cancel`);
      await says(page, "已取消");
    });
  }

  test("shows whole what somebody should be asked besides; has no serious fault of accessibility, and breaks nothing unseen", async () => {
    await dockAt(427);
    const { code } = await stage.desk<{ code: string }>("/pairings", { name: "queue machine" });
    await page.locator(".pairing-asked").waitFor();
    await isInView("asked to pair", all());
    expect(await axeViolations(page)).toEqual([]);
    await page.locator("main > .actions .more").press("Enter");
    await page.getByTestId("panel-more").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await stage.it("/pairings/refuse", { code });
    await page.locator(".pairing-asked").waitFor({ state: "detached" });
    // Eight windows on a screen of 1024 x 600, or three at 300 percent: the line is still there (place.test.ts).
    for (const [wide, high] of [
      [1024, 32],
      [341, 46],
    ] as const) {
      await page.setViewportSize({ width: wide, height: high });
      await isInView(`a line of ${high} pixels`, page.locator("h1"));
    }
    await isSound(watched);
  });
});
