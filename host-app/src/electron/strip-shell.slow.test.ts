import type { Browser } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { axeViolations, BROWSER, isTold, openBrowser, says } from "../core/screens/test/screen-browser.ts";
import { type ScreenStage, setScreenStage, ZHANG } from "../core/screens/test/screen-stage.ts";

/** What the preload puts into the page, but that keys and heights are the test's. */
const SHELL = `
window.neededHeights = [];
window.windowRatingShell = {
  needHeight: (px) => window.neededHeights.push(px),
  onAction: (act) => { window.pressGlobalKey = act; },
  onKeys: (tell) => { window.tellKeys = tell; tell({ shortcuts: { endCase: "Ctrl+Alt+1" }, taken: ["Ctrl+Alt+1"] }); },
  keepKeys: (shortcuts) => { window.keptKeys = shortcuts; window.tellKeys({ shortcuts, taken: [] }); },
};
`;

let browser: Browser | undefined;
let stage: ScreenStage | undefined;
afterEach(async () => {
  await browser?.close();
  await stage?.close();
});

test.skipIf(BROWSER === undefined)(
  "a key that was pressed in another program ends the case on the strip, and opens a form that asks for height",
  async () => {
    browser = await openBrowser();
    stage = await setScreenStage({ windows: ["12"] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 64 } });
    await page.addInitScript({ content: SHELL });
    await page.goto(await stage.openStrip());
    await stage.desk("/clerk/sign-in", { windowNo: "12", staffNo: ZHANG.staffNo, name: ZHANG.name });
    await stage.desk("/cases", { windowNo: "12", caseNo: "KEY-1", itemCode: "1", itemName: "护照换发（样例）" });
    await says(page, "KEY-1");
    const press = (action: string): Promise<void> => page.evaluate(`window.pressGlobalKey(${JSON.stringify(action)})`);
    await press("endCase");
    await says(page, "请群众评价：办件 KEY-1");
    await press("paperForm");
    await page.getByTestId("panel-paperForm").waitFor();
    // Not page.waitForFunction: it evaluates in the page, which the content security policy forbids where it has to wait.
    await expect.poll(() => page.evaluate("window.neededHeights.some((px) => px > 64)")).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate("window.neededHeights.at(-1)")).toBeNull();
    await expect.poll(() => page.evaluate("window.neededHeights.length")).toBeGreaterThanOrEqual(2);
  },
);

test.skipIf(BROWSER === undefined)("the strip's settings show the keys that work in every program, and change them at once", async () => {
  browser = await openBrowser();
  stage = await setScreenStage({ windows: ["12"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript({ content: SHELL });
  await page.goto(await stage.openStrip());
  await stage.desk("/clerk/sign-in", { windowNo: "12", staffNo: ZHANG.staffNo, name: ZHANG.name });
  await page.getByText(ZHANG.name).first().waitFor();
  await page.evaluate('window.pressGlobalKey("settings")');
  const keys = page.getByRole("group", { name: "在其他程序中也有效的快捷键" });
  await keys.getByText("已被其他程序占用，请换一个：Ctrl+Alt+1").waitFor();
  expect(await axeViolations(page)).toEqual([]);
  const kept = (): Promise<unknown> => page.evaluate("window.keptKeys");
  await keys.getByRole("button", { name: "更改 暂停服务" }).click();
  await page.keyboard.press("Control+Alt+Digit1");
  expect(await axeViolations(page)).toEqual([]);
  // Another one has it, and a key that is pressed meanwhile elsewhere does nothing.
  await isTold(page, "Ctrl+Alt+1 已用于“办结评价”");
  await page.evaluate('window.pressGlobalKey("endCase")');
  await isTold(page, "此组合键已在使用");
  await page.keyboard.press("F7");
  await expect.poll(kept).toEqual({ endCase: "Ctrl+Alt+1", pause: "F7" });
  await keys.getByRole("button", { name: "取消 办结评价" }).click();
  await expect.poll(kept).toEqual({ pause: "F7" });
});
