import type { Browser } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { BROWSER, openBrowser, says } from "../core/screens/test/screen-browser.ts";
import { type ScreenStage, setScreenStage, ZHANG } from "../core/screens/test/screen-stage.ts";

/** What the preload puts into the page, but that keys and heights are the test's. */
const SHELL = `
window.neededHeights = [];
window.windowRatingShell = {
  needHeight: (px) => window.neededHeights.push(px),
  onAction: (act) => { window.pressGlobalKey = act; },
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
    await page.waitForFunction("window.neededHeights.some((px) => px > 64)");
    await page.keyboard.press("Escape");
    await page.waitForFunction("window.neededHeights.at(-1) === null");
    await expect.poll(() => page.evaluate("window.neededHeights.length")).toBeGreaterThanOrEqual(2);
  },
);
