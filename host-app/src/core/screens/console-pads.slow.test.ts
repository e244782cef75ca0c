import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { BROWSER } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

describe.runIf(BROWSER !== undefined)("The console's page of pads (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let opened: ConsoleStage;
  let stage: ScreenStage;
  let page: Page;
  beforeAll(async () => {
    opened = await openConsoleStage({ windows: ["12", "13"], first: "pads" });
    ({ stage, page } = opened);
    await page.locator("tr", { hasText: "13 号窗口" }).filter({ hasText: "可以使用" }).waitFor();
    await page.locator("tr", { hasText: "12 号窗口" }).filter({ hasText: "可以使用" }).waitFor();
  });
  afterAll(async () => {
    await opened?.close();
  });

  const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
  const key = (name: string) => page.locator(`.pad-key[data-key="${name}"]`);

  test("lights each key in the picture as it is pressed, and rates nothing; by keyboard alone", async () => {
    await page.getByRole("button", { name: "试键", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("请依次按评价器上的每个键").waitFor();
    await vi.waitUntil(() => stage.padOf("12").face.phase === "testing");
    stage.padOf("12").keyDown(3);
    await key("3").and(page.locator('[data-lit="true"]')).waitFor();
    stage.padOf("12").keyUp(3);
    await key("3").and(page.locator('[data-lit="false"][data-pressed="true"]')).waitFor();
    await page.getByText("已按 1 / 5 个键").waitFor();
    await press("停止试用");
    await page.getByText("已停止试用").waitFor();
    await vi.waitUntil(() => stage.padOf("12").face.phase === "idle");
    expect((await stage.state("12")).request).toBeNull();
  });

  test("is refused with what to do while a citizen is asked", async () => {
    await stage.desk("/clerk/sign-in", { windowNo: "12", staffNo: "1001", name: "张三样例" });
    await stage.desk("/cases", { windowNo: "12", caseNo: "C-1", itemCode: "A-01", itemName: "身份证补领" });
    await stage.desk("/cases/C-1/end", { windowNo: "12" });
    await vi.waitUntil(() => stage.padOf("12").face.phase === "inviting");
    await press("试灯");
    await page.getByRole("alert").filter({ hasText: "WR1050" }).getByText("正在请群众评价").waitFor();
    await stage.padOf("12").press(5);
    await vi.waitFor(async () => expect((await stage.state("12")).request?.state).toBe("rated"));
  });

  test("tests the pad of the window that was chosen, leads through a pairing that is given up, and says what there is not", async () => {
    await press("13 号窗口");
    await press("找到这台");
    await vi.waitUntil(() => stage.padOf("13").face.lamps.includes("blink"));
    await press("停止试用");
    await press("开始配对");
    await page.getByText("第一步：在评价器上按住 3 号键").waitFor();
    await press("放弃配对");
    await page.getByRole("button", { name: "开始配对", exact: true }).waitFor();
    await page.getByLabel("本机上的固件文件路径").fill("/nowhere/pad.wrfw");
    await press("从路径更新");
    await page.getByRole("alert").filter({ hasText: "WR1030" }).waitFor();
    await press("查看串口");
    await page.getByText("本机没有用平板的窗口").waitFor();
    await opened.isSound();
  });
});
