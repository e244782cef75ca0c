import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import type { ConsoleStage } from "./console-stage.ts";

/** Runs in the page: whoever finds the mark later finds the very same element. */
const mark = (element: unknown): void => {
  (element as { dataset: Record<string, string> }).dataset.seen = "before";
};

export const livePages = (stage: ConsoleStage): void => {
  describe("halls live in the console", () => {
    afterEach(() => stage.browser.expectQuiet());

    const tile = (page: Page, windowNo: string) =>
      page.locator(".tile").filter({ has: page.locator(".tile-no", { hasText: new RegExp(`^${windowNo}$`) }) });
    const count = (page: Page, windowNo: string, name: string) =>
      tile(page, windowNo)
        .locator(".count")
        .filter({ has: page.getByText(name, { exact: true }) })
        .locator(".count-number");

    test("a hall is found among the halls, and shows each window: pad in words, clerk, ratings by level with default ones apart, who did not rate, what waits", async () => {
      await stage.console.tellStatus({}, { waiting: 4, oldestWaitingAtMs: stage.console.world.nowMs - 600_000 });
      const page = await stage.browser.visitor({ role: "supervisor" });
      await stage.browser.go(page, "/");
      await page.getByRole("heading", { name: "大厅实况" }).waitFor();
      await stage.browser.picture(page, "halls");
      await page.getByRole("link", { name: "一号政务服务大厅样例" }).click();
      await tile(page, "3").waitFor();
      const text = await tile(page, "3").innerText();
      expect(text).toMatch(/评价器已连接/);
      expect(text).toMatch(/张三样例（1001）/);
      expect(text).toMatch(/待上传 4 条，最早 09:50/);
      expect(text).toMatch(/1 条搁置/);
      expect([await count(page, "3", "非常满意").innerText(), await count(page, "3", "基本满意").innerText()]).toEqual(["1", "1"]);
      expect([await count(page, "3", "默认（另计）").innerText(), await count(page, "3", "未评价").innerText()]).toEqual(["0", "1"]);
      await expect.poll(() => tile(page, "1").innerText()).toMatch(/没有窗口电脑/);
      expect(await stage.browser.faults(page)).toEqual([]);
      await stage.browser.picture(page, "hall");
      await page.context().close();
    });

    test("a rating appears by itself, and nothing else of the page is drawn anew", async () => {
      const page = await stage.browser.visitor({ role: "hall", scope: { is: "hall", hallNo: "H1" } });
      await stage.browser.go(page, "/live/hall?hall=H1");
      await page.locator(".live-mark[data-state=live]").waitFor();
      const before = Number(await count(page, "3", "非常不满意").innerText());
      await tile(page, "3").evaluate(mark);
      await tile(page, "1").evaluate(mark);
      await stage.console.press(1);
      await count(page, "3", "非常不满意")
        .getByText(String(before + 1), { exact: true })
        .waitFor();
      await expect.poll(() => page.locator(".tile[data-seen=before]").count()).toBe(2);
      await page.locator(".latest li", { hasText: "非常不满意" }).nth(before).waitFor();
      await page.context().close();
    });

    test("a pad that goes away is told in words and by shape, also to who looks for trouble alone", async () => {
      const page = await stage.browser.visitor({ role: "it" });
      await stage.browser.go(page, "/live/hall?hall=H1");
      await page.locator(".live-mark[data-state=live]").waitFor();
      await stage.console.tellStatus({ connection: "absent", cause: "WR2001 端口不见了" });
      await tile(page, "3").getByText("评价器未连接").waitFor();
      await expect.poll(() => tile(page, "3").locator(".pad").innerText()).toMatch(/^✕ 评价器未连接\s+WR2001/);
      await page.getByLabel("只看需要处理的窗口").check();
      await expect.poll(() => tile(page, "3").count()).toBe(1);
      await page.context().close();
    });

    test("a wall screen shows the windows alone, in large letters, and goes back by keyboard", async () => {
      const page = await stage.browser.visitor({ role: "supervisor", width: 1920, height: 1080 });
      await stage.browser.go(page, "/live/hall?hall=H1");
      await page.getByRole("button", { name: "大屏显示" }).click();
      await tile(page, "3").waitFor();
      await expect.poll(() => page.getByRole("navigation").count()).toBe(0);
      const height = (await tile(page, "3").locator(".tile-no").boundingBox())?.height ?? 0;
      expect(height).toBeGreaterThan(50);
      await stage.browser.picture(page, "wall");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.getByRole("button", { name: "退出大屏" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("navigation").waitFor();
      await page.context().close();
    });

    test("an account of another hall is not shown this one", async () => {
      const page = await stage.browser.visitor({ role: "hall", scope: { is: "hall", hallNo: "H2" } });
      await stage.browser.go(page, "/live");
      await page.getByRole("link", { name: "二号便民服务中心样例" }).waitFor();
      await expect.poll(() => page.locator(".hall").count()).toBe(1);
      await stage.browser.go(page, "/live/hall?hall=H1");
      await page.getByRole("alert").waitFor();
      await expect.poll(() => page.locator(".tile").count()).toBe(0);
      await page.context().close();
    });
  });
};
