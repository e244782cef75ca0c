import { join } from "node:path";
import Database from "better-sqlite3";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestPc } from "../care/test-pc.ts";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { BROWSER } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

describe.runIf(BROWSER !== undefined)("The console about health (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let opened: ConsoleStage;
  let stage: ScreenStage;
  let page: Page;
  beforeAll(async () => {
    opened = await openConsoleStage({
      // Nobody listens at this port.
      settings: { central: "http://127.0.0.1:9/" },
      prepare: async ({ dataDir, stop, start }) => {
        await stop();
        const pc = openTestPc(dataDir);
        pc.serve(1, 30);
        pc.outbox.setAside(
          [{ number: 5, entryId: "", answer: "refused", code: "WR7009", detail: "Its request has a rating already" }],
          Date.now(),
        );
        pc.close();
        await start();
      },
    });
    ({ stage, page } = opened);
  });
  afterAll(async () => {
    await opened?.close();
  });

  test("says first what needs a hand, and leads to the page that helps", async () => {
    await page.getByText("本机尚未在中心登记").waitFor();
    await page.getByText("还没有备份。").waitFor();
    await page.getByText("中心退回了 1 条记录").waitFor();
    await page.getByRole("row", { name: /12.*无人签到/ }).waitFor();
    await page.getByRole("link", { name: "去处理：中心与上传" }).first().click();
    await page.getByRole("heading", { level: 1, name: "中心与上传" }).waitFor();
  });

  test("shows what central refused, its case, and what to do; never a level; and says why an enrolment was not made", async () => {
    await page.getByRole("row", { name: /^5 评价 A-5 .*WR7009 这次办件在中心已有评价/ }).waitFor();
    expect(await page.locator("main").innerText()).not.toMatch(/满意|level/i);
    await page.getByLabel("一次性登记码").fill("K7QM-2XWD");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "WR6001" }).waitFor();
    await page.getByRole("button", { name: "立即联系中心" }).click();
    await page.getByText("正在联系中心").waitFor();
  });

  test("backs up, checks, compares a backup in quarantine, and takes back what was lost", async () => {
    await opened.open("database");
    await page.getByRole("button", { name: "立即备份" }).click();
    await page.getByRole("cell", { name: /完好$/ }).waitFor();
    const database = new Database(join(stage.dataDir, "window.db"));
    database.exec("DROP TRIGGER entries_stay; DELETE FROM outbox WHERE number = 17; DELETE FROM entries WHERE number = 17");
    database.close();
    await page.getByRole("button", { name: "立即检查" }).click();
    await page.getByText("从第 18 号起不正确").waitFor();
    await page.getByRole("button", { name: /^隔离比对/ }).click();
    await page.getByRole("heading", { name: "比对结果" }).waitFor();
    await page.getByRole("button", { name: "取回缺少的记录" }).click();
    await page.getByRole("dialog").getByText("中心已有的不会重复计算").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "取回缺少的记录" }).click();
    await page.getByText("已取回 1 条记录并排队上传").waitFor();
    await page.getByRole("button", { name: "立即检查" }).click();
    await page.getByText("30 条记录全部接得上").waitFor();
    await opened.isSound();
  });
});
