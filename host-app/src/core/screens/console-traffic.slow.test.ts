import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { BROWSER } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

describe.runIf(BROWSER !== undefined)(
  "The console's pages of traffic and doctor (needs a browser; WINDOW_RATING_BROWSER names one)",
  () => {
    let opened: ConsoleStage;
    let stage: ScreenStage;
    let page: Page;
    beforeAll(async () => {
      opened = await openConsoleStage({ windows: ["12", "13"] });
      ({ stage, page } = opened);
    });
    afterAll(async () => {
      await opened?.close();
    });

    const row = (text: string | RegExp) => page.locator(".frames tbody tr").filter({ hasText: text }).first();

    test("show a rating while it is given, without its level, in words, as bytes and chosen by a filter; pause; and save what is shown", async () => {
      await opened.open("traffic");
      const beats = page.getByLabel("显示心跳与确认");
      await beats.check();
      await row("心跳").waitFor();
      await beats.uncheck();
      await stage.desk("/clerk/sign-in", { windowNo: "12", staffNo: "1001", name: "张三样例" });
      await stage.desk("/cases", { windowNo: "12", caseNo: "A-1", itemCode: "7", itemName: "护照" });
      await stage.desk("/cases/A-1/end", { windowNo: "12" });
      await row("请求评价").waitFor();
      await vi.waitUntil(() => stage.padOf("12").face.phase === "inviting");
      await stage.padOf("12").press(2);
      await row("群众已评价").getByText("等级不显示").waitFor();
      await row("已存盘").waitFor();
      await page.getByLabel("显示十六进制").check();
      await page.locator(".frames .hex").filter({ hasText: "··" }).first().waitFor();
      await page.getByLabel("类型").selectOption("rated");
      const shown = page.locator(".frames tbody tr strong");
      // A pad whose rating is not acknowledged at once says it again, and every frame is shown.
      await expect.poll(async () => [...new Set(await shown.allTextContents())]).toEqual(["群众已评价"]);
      await page.getByRole("button", { name: "暂停", exact: true }).click();
      await page.getByText("已暂停").waitFor();
      const frames = await shown.count();
      await page.getByRole("button", { name: "把所示内容存成文件" }).click();
      const saved = page.getByRole("status").filter({ hasText: "已存到本机" });
      const [, path = "", saidFrames] = /已存到本机 (\S+)（(\d+) 帧）/.exec((await saved.textContent()) ?? "") ?? [];
      expect(Number(saidFrames)).toBe(frames);
      const text = readFileSync(path, "utf8");
      expect(text).toContain('"type":"rated"');
      expect(text).toContain('["level",null]');
      await page.getByRole("button", { name: "继续" }).click();
      await page.getByRole("button", { name: "暂停", exact: true }).waitFor();
      await opened.isSound();
    });

    test("tell what the doctor finds with what to do, the worst first, and make a log bundle that the browser saves", async () => {
      await opened.open("doctor");
      await page.locator(".findings li").first().waitFor();
      const tones = await page.evaluate<string[]>('[...document.querySelectorAll(".findings li")].map((one) => one.dataset.level)');
      const order = ["fail", "warn", "ok"];
      expect(tones).toEqual(tones.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)));
      await page.locator(".findings li").filter({ hasText: "中心登记" }).getByText("怎么办").waitFor();
      await page.getByRole("button", { name: "重新体检" }).click();
      await page.getByRole("button", { name: "生成日志包" }).click();
      await page.getByText("README.txt").waitFor();
      const path = (await page.locator(".made code").textContent()) ?? "";
      const packed = readFileSync(path);
      expect(gunzipSync(packed).toString("utf8")).toContain("manifest.json");
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载到浏览器" }).click()]);
      expect(readFileSync(await download.path())).toEqual(packed);
      expect(path.endsWith(download.suggestedFilename())).toBe(true);
      await opened.isSound();
    });
  },
);
