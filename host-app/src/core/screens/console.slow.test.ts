import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONSOLE_PAGES, type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { axeViolations, BROWSER } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

/** A laptop, the old office screen, and that one magnified three times. */
const SIZES = [
  { name: "1366", width: 1366, height: 768 },
  { name: "300 %", width: 455, height: 256 },
];

const OVERFLOWING = `[document.documentElement, document.querySelector("main")]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.tagName + " " + one.scrollWidth + " > " + one.clientWidth)`;

describe.runIf(BROWSER !== undefined)("Every page of the console (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
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

  // Each page has its flows in a test of its own.
  test.each(CONSOLE_PAGES)(
    "%s has nothing serious for axe, nothing out of the screen at any size, and is English at a press",
    async (name) => {
      await opened.open(name);
      await page.locator(".menu [aria-current]").waitFor();
      await page.locator(".waiting").first().waitFor({ state: "detached" });
      // Whatever may scroll sideways is reached by keyboard, also where nothing has to scroll at this size.
      await expect.poll(() => page.locator('.wide:not([tabindex="0"])').count()).toBe(0);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await expect.poll(async () => [size.name, await page.evaluate(OVERFLOWING)]).toEqual([size.name, []]);
        expect(await axeViolations(page)).toEqual([]);
      }
      await page.getByRole("button", { name: "English" }).click();
      await page.getByRole("button", { name: "中文" }).waitFor();
      const chinese = `[...document.querySelectorAll("main h1, main h2, main dt, main th, main button, nav a")].map((one) => one.textContent).filter((text) => /\\p{Script=Han}/u.test(text))`;
      await expect.poll(() => page.evaluate(chinese)).toEqual([]);
      await page.getByRole("button", { name: "中文" }).click();
      await page.getByRole("button", { name: "English" }).waitFor();
      await opened.isSound();
    },
  );

  test("says when window-host is away, and shows its state again when it is back", async () => {
    await stage.stop();
    await page.getByText("与本机程序断开").waitFor();
    await stage.start({ "screens-port": new URL(page.url()).port });
    await page.getByText("与本机程序断开").waitFor({ state: "detached" });
  });
});
