import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { BROWSER, isSound, isTold, openBrowser, openPage, says, type WatchedPage } from "./test/screen-browser.ts";
import { LI, type ScreenStage, setScreenStage, ZHANG } from "./test/screen-stage.ts";

describe.skipIf(BROWSER === undefined)("Cases at the strip (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let browser: Browser;
  let stage: ScreenStage;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    stage = await setScreenStage({
      settings: { "screen-case-qr": "https://rate.example/c/{requestId}", "rating-timeout-seconds": "5" },
    });
    await stage.hire(ZHANG);
    await stage.hire(LI);
    const context = await browser.newContext();
    watched = await openPage(context);
    page = watched.page;
    await page.goto(await stage.openStrip());
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });
  beforeEach(async () => {
    await stage.desk("/clerk/sign-in", { staffNo: ZHANG.staffNo, name: ZHANG.name });
    await page.locator(".details").filter({ hasText: ZHANG.name }).filter({ hasText: "评价器已连接" }).waitFor();
  });
  afterEach(() => isSound(watched));

  /** By the clerk's own keys, as where no business system does it. */
  const startByHand = async (caseNo: string): Promise<void> => {
    await page.keyboard.press("Alt+2");
    const panel = page.getByTestId("panel-startCase");
    await panel.getByLabel("办件编号").fill(caseNo);
    // As a scanner ends what it types: on to what is still empty.
    await page.keyboard.press("Enter");
    await page.keyboard.insertText("110101");
    await panel.getByLabel("事项名称").fill("居民身份证补领（样例）");
    await page.keyboard.press("Enter");
    await says(page, `正在办理：${caseNo}`);
  };
  const press = (level: 1 | 3 | 4 | 5): Promise<void> => stage.padOf("12").press(level);

  test("are started, ended and rated; the strip says that a rating came, and for each level the very same", async () => {
    const seen: string[] = [];
    for (const [index, level] of ([1, 5, 3] as const).entries()) {
      const caseNo = `C-${index}`;
      await startByHand(caseNo);
      await page.keyboard.press("Alt+1");
      await says(page, `请群众评价：办件 ${caseNo}`);
      await press(level);
      await says(page, `已收到评价：办件 ${caseNo}`);
      // That the citizen was invited is no news any more.
      await page.locator(".message[data-is=none]").waitFor({ state: "attached" });
      const html = await page.locator("main").innerHTML();
      seen.push(html.replaceAll(caseNo, "C").replaceAll(/最早 \d+ 秒前|待上传 \d+ 条/g, ""));
    }
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).not.toMatch(/满意|★/);
    // What the clerk's own key ended is on the record as such (I12).
    const state = await stage.state();
    expect(state.request).toMatchObject({ caseNo: "C-2", state: "rated", staffNo: ZHANG.staffNo });
  });

  test("are cancelled before they end, and an invitation is taken back from the pad", async () => {
    await startByHand("C-10");
    await page.keyboard.press("Alt+3");
    await page.getByText("取消正在办理的 C-10？不会邀请评价。").waitFor();
    await page.keyboard.press("Enter");
    await isTold(page, "已取消：C-10");
    await startByHand("C-11");
    await page.keyboard.press("Alt+1");
    await says(page, "请群众评价：办件 C-11");
    await page.keyboard.press("Alt+3");
    await page.getByText("收回对 C-11 的评价邀请？").waitFor();
    await page.keyboard.press("Enter");
    await says(page, "已取消：办件 C-11");
    // Somebody else was quicker: what was asked is asked no longer, and Enter takes no invitation back that nobody meant.
    await startByHand("C-12");
    await page.keyboard.press("Alt+3");
    await page.getByText("取消正在办理的 C-12？不会邀请评价。").waitFor();
    await stage.desk("/cases/C-12/end");
    await isTold(page, "情况刚刚变了");
    await page.locator("main[data-panel=none]").waitFor();
    await says(page, "请群众评价：办件 C-12");
    await page.keyboard.press("Alt+3");
    await page.getByText("收回对 C-12 的评价邀请？").waitFor();
    await page.keyboard.press("Enter");
    await says(page, "已取消：办件 C-12");
    await vi.waitFor(() => expect(stage.padOf("12").face.requestId).toBeNull());
  });

  test("are invited again once after nobody rated, and not a second time", async () => {
    await startByHand("C-20");
    await page.keyboard.press("Alt+1");
    await says(page, "请群众评价：办件 C-20");
    await page.keyboard.press("Alt+4");
    await isTold(page, "只能在未评价时再邀请一次");
    await says(page, "未评价：办件 C-20（到时未按键）");
    await page.keyboard.press("Alt+4");
    await says(page, "再次邀请评价：办件 C-20");
    await says(page, "未评价：办件 C-20");
    await page.keyboard.press("Alt+4");
    await isTold(page, "只能在未评价时再邀请一次");
  });

  test("of one item are rated together, and a batch of one is none", async () => {
    await startByHand("C-30");
    await page.keyboard.press("Alt+5");
    const panel = page.getByTestId("panel-severalCases");
    await panel.getByText("共 1 件").waitFor();
    await panel.getByRole("button", { name: "结束并邀请评价" }).click();
    await isTold(page, "至少两件");
    await panel.getByLabel("办件编号，每行一个").fill("C-30\nC-31\nC-32");
    await panel.getByText("共 3 件").waitFor();
    await panel.getByRole("button", { name: "结束并邀请评价" }).click();
    await says(page, "请群众评价：办件 C-30 等 3 件");
    await press(4);
    await says(page, "已收到评价：办件 C-30 等 3 件");
  });

  test("of one life event are rated together, and a line that is not complete is named", async () => {
    await page.keyboard.press("Alt+5");
    const panel = page.getByTestId("panel-severalCases");
    await panel.getByLabel("主题（一件事）").check();
    await panel.getByLabel("主题编号").fill("T-1");
    await panel.getByLabel("主题名称").fill("新生儿出生一件事（样例）");
    await panel.getByLabel("每行一件").fill("C-40，1，出生登记\nC-41，2");
    await panel.getByRole("button", { name: "结束并邀请评价" }).click();
    await isTold(page, "第 2 行不完整");
    await panel.getByLabel("每行一件").fill("C-40，1，出生登记\nC-41，2，医保参保");
    await panel.getByRole("button", { name: "结束并邀请评价" }).click();
    await says(page, "请群众评价：办件 C-40 等 2 件");
    await press(5);
    await says(page, "已收到评价：办件 C-40 等 2 件");
  });

  test("on paper are typed in by another clerk: nothing is ticked beforehand, reasons follow the level, and the rated clerk is refused", async () => {
    await startByHand("C-50");
    await page.keyboard.press("Alt+1");
    await says(page, "未评价：办件 C-50");
    await page.keyboard.press("Alt+7");
    const panel = page.getByTestId("panel-paperForm");
    await panel.waitFor();
    expect(await panel.locator("input:checked").count()).toBe(0);
    await panel.getByLabel("办件编号").fill("C-50");
    await page.keyboard.press("Enter");
    await isTold(page, "请填写办件编号并选择满意度");
    await panel.getByLabel("不满意", { exact: true }).check();
    await panel.getByLabel("没有提供材料样本").check();
    await panel.getByRole("button", { name: "保存" }).click();
    await isTold(page, "被评价人不能录入本人的评价表");
    await page.keyboard.press("Escape");
    await stage.desk("/clerk/sign-in", { staffNo: LI.staffNo, name: LI.name });
    await page.locator(".details").filter({ hasText: LI.name }).waitFor();
    await page.keyboard.press("Alt+7");
    await panel.getByLabel("办件编号").fill("C-50");
    await panel.getByLabel("非常不满意").check();
    await panel.getByLabel("多头跑窗口和部门").check();
    await panel.getByLabel("不满意", { exact: true }).check();
    // Reasons of a level that was unticked do not stay.
    expect(await panel.locator("input[type=checkbox]:checked").count()).toBe(0);
    await panel.getByRole("button", { name: "保存" }).click();
    await isTold(page, "评价表已录入：C-50");
    await page.keyboard.press("Alt+7");
    await panel.getByLabel("办件编号").fill("C-50");
    await panel.getByLabel("非常满意", { exact: true }).check();
    await panel.getByRole("button", { name: "保存" }).click();
    await isTold(page, "此次服务已有评价");
    await page.keyboard.press("Escape");
  });

  test("have a code on the screen while they may be rated, and none when they were", async () => {
    await startByHand("C-60");
    await page.keyboard.press("Alt+1");
    await says(page, "请群众评价：办件 C-60");
    await page.keyboard.press("Alt+8");
    await page.getByRole("img", { name: "请用手机扫码评价" }).waitFor();
    await press(5);
    await says(page, "已收到评价：办件 C-60");
    // Nobody is asked to scan any more.
    await page.locator("main[data-panel=none]").waitFor();
    await page.keyboard.press("Alt+8");
    await isTold(page, "没有可显示的二维码");
  });

  test("go on while the window pauses, and the pause is told with its words", async () => {
    await page.keyboard.press("Alt+6");
    await page.getByTestId("panel-pause").getByRole("button", { name: "午休" }).click();
    await page.keyboard.insertText("至 13:30");
    await page.keyboard.press("Enter");
    await says(page, "暂停服务中：午休至 13:30");
    await startByHand("C-70");
    await page.keyboard.press("Alt+1");
    await says(page, "请群众评价：办件 C-70");
    await press(4);
    await says(page, "暂停服务中");
    await page.getByRole("button", { name: "恢复服务" }).click();
    await says(page, "已收到评价：办件 C-70");
  });

  test("are ended by the business system alone where the site says so, and the strip says that", async () => {
    await stage.stop();
    await stage.start({ "rating-manual-trigger": "false" });
    await page.locator(".details").filter({ hasText: "评价器已连接" }).waitFor();
    await stage.desk("/cases", { caseNo: "C-80", itemCode: "1", itemName: "护照换发" });
    await says(page, "正在办理：C-80");
    await page.keyboard.press("Alt+1");
    await isTold(page, "本单位规定只能由业务系统结束办件");
    expect((await stage.state()).openCase?.caseNo).toBe("C-80");
    await stage.desk("/cases/C-80/end");
    await says(page, "请群众评价：办件 C-80");
    await press(5);
    await says(page, "已收到评价：办件 C-80");
    await stage.stop();
    await stage.start();
  });
});
