import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestPc } from "../care/test-pc.ts";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { BROWSER, tabTo } from "./test/screen-browser.ts";
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

  /** As somebody without a mouse does. */
  const press = async (button: Locator): Promise<void> => {
    await tabTo(page, button);
    await page.keyboard.press("Enter");
  };
  const named = (name: string | RegExp): Locator => page.getByRole("button", { name, exact: true });

  test("backs up, checks, and compares a backup in quarantine; what was lost is exported and saved, and taken back, by keyboard alone", async () => {
    await press(page.getByRole("link", { name: "数据库", exact: true }));
    await page.getByRole("heading", { level: 1, name: "数据库" }).waitFor();
    await press(named("立即备份"));
    await page.getByRole("cell", { name: /完好$/ }).waitFor();
    const database = new Database(join(stage.dataDir, "window.db"));
    database.exec("DROP TRIGGER entries_stay; DELETE FROM outbox WHERE number = 17; DELETE FROM entries WHERE number = 17");
    database.close();
    await press(named("立即检查"));
    await page.getByText("从第 18 号起不正确").waitFor();
    await opened.isAccessible();
    await press(named(/^隔离比对/));
    await page.getByRole("heading", { name: "比对结果" }).waitFor();
    await opened.isAccessible();

    await press(named("导出为签名文件"));
    await page.getByText("已导出 1 条记录").waitFor();
    const coming = page.waitForEvent("download");
    await press(named("下载到浏览器"));
    const saved = await coming;
    expect(saved.suggestedFilename()).toBe("missing-entries.json");
    const { content, signature } = JSON.parse(readFileSync(await saved.path(), "utf8")) as {
      content: { windowPcId: string; entries: { number: number }[] };
      signature: string;
    };
    expect(content.entries.map(({ number }) => number)).toEqual([17]);
    expect(signature).toMatch(/^[0-9a-f]{128}$/);

    await press(named("取回缺少的记录"));
    const dialog = page.getByRole("dialog");
    await dialog.getByText("中心已有的不会重复计算").waitFor();
    await opened.isAccessible();
    await press(dialog.getByRole("button", { name: "取回缺少的记录" }));
    await page.getByText("已取回 1 条记录并排队上传").waitFor();
    await dialog.waitFor({ state: "detached" });
    await press(named("立即检查"));
    await page.getByText("30 条记录全部接得上").waitFor();
    await opened.isAccessible();
    await opened.isSound();
  });

  test("has the doctor say in Chinese what is wrong and what to do, again at a press, and what is in order behind a fold; by keyboard alone", async () => {
    await press(page.getByRole("link", { name: "体检与日志" }));
    const finding = (subject: string): Locator =>
      page
        .locator(".findings li")
        .filter({ has: page.locator("strong", { hasText: subject }) })
        .locator("p");
    await expect
      .poll(() => finding("中心登记").allTextContents())
      .toEqual(["本机尚未在中心登记。", expect.stringMatching(/^怎么办：请在中心取得一次性登记码.*（WR6003）$/)]);
    await expect
      .poll(() => finding("中心退回").allTextContents())
      .toEqual([expect.stringContaining("退回了 1 条"), expect.stringContaining("WR6004")]);
    await opened.isAccessible();
    await press(named("重新体检"));
    await finding("中心登记").first().waitFor();
    const order = page.locator(".in-order summary");
    await tabTo(page, order);
    await page.keyboard.press("Enter");
    await page.getByText("每次写入都落盘").waitFor();
    await opened.isAccessible();
    // Whatever is said of a finding but for another program's words is Chinese, or a name or number alone.
    const english = `[...document.querySelectorAll(".findings p")].map((one) => [...one.childNodes].filter((node) => node.lang !== "en").map((node) => node.textContent).join("")).filter((text) => /[a-z]{3,} [a-z]{3,} [a-z]{3,}/.test(text))`;
    expect(await page.evaluate(english)).toEqual([]);
    await opened.isSound();
  });
});
