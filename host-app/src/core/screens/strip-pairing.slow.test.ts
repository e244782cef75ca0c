import type { Browser, Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { axeViolations, BROWSER, isSound, isTold, openBrowser, openPage, says, type WatchedPage } from "./test/screen-browser.ts";
import { type ScreenStage, setScreenStage, ZHANG } from "./test/screen-stage.ts";

describe.skipIf(BROWSER === undefined)(
  "The strip, as a business system asks to be paired, (needs a browser; WINDOW_RATING_BROWSER names one)",
  () => {
    let browser: Browser;
    let stage: ScreenStage;
    let watched: WatchedPage;
    const open = async (settings: Readonly<Record<string, string>>): Promise<Page> => {
      browser = await openBrowser();
      stage = await setScreenStage({ settings });
      await stage.desk("/clerk/sign-in", { staffNo: ZHANG.staffNo, name: ZHANG.name });
      watched = await openPage(browser);
      await watched.page.goto(await stage.openStrip());
      await says(watched.page, /./);
      return watched.page;
    };
    let asked: { code: string; requestId: string; secret: string };
    const ask = async (): Promise<void> => {
      asked = await stage.desk("/pairings", { name: "queue machine" });
    };
    afterEach(async () => {
      await isSound(watched);
      await browser.close();
      await stage.close();
    });

    test("shows who asks and the code, and where the site lets clerks decide pairs it by keyboard alone, though not by one key", async () => {
      const page = await open({ "clerk-may-pair": "true" });
      await ask();
      await page.getByRole("button", { name: "有业务系统请求配对" }).press("Enter");
      const panel = page.getByTestId("panel-pairing");
      await panel.getByText("对方名称：queue machine").waitFor();
      await panel.getByText(asked.code).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await page.keyboard.press("Enter");
      await panel.getByText(asked.code).waitFor();
      await panel.getByRole("button", { name: "核对码一致，同意" }).press("Enter");
      await isTold(page, "已配对：queue machine");
      await panel.waitFor({ state: "detached" });
      const { requestId, secret } = asked;
      expect(await stage.desk("/pairings/collect", { requestId, secret })).toMatchObject({ state: "confirmed" });
    });

    test("tells only, where IT staff decide, and no longer when they have", async () => {
      const page = await open({});
      await ask();
      await page.getByRole("button", { name: "有业务系统请求配对" }).click();
      const panel = page.getByTestId("panel-pairing");
      await panel.getByText(asked.code).waitFor();
      await panel.getByText("只有信息技术人员可以确认").waitFor();
      await expect.poll(() => panel.getByRole("button").allInnerTexts()).toEqual(["关闭"]);
      await stage.it("/pairings/confirm", { code: asked.code });
      await panel.getByText("已无配对请求").waitFor();
      await panel.getByRole("button", { name: "关闭" }).click();
      await page.locator(".pairing-asked").waitFor({ state: "detached" });
    });
  },
);
