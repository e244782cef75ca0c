import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath } from "../browser.ts";
import { type ConsoleStage, setConsoleStage } from "./console-stage.ts";

/** Every page, with a role that may see it. */
const PAGES = [
  ["/live", "supervisor"],
  ["/live/hall?hall=H1", "supervisor"],
  ["/live/hall?hall=H1&wall=1", "supervisor"],
  ["/charts", "supervisor"],
  ["/ratings", "supervisor"],
  ["/ratings/1", "supervisor"],
  ["/cases", "supervisor"],
  ["/cases/STORY-1", "supervisor"],
  ["/troubles", "supervisor"],
  ["/troubles?tab=set-aside", "supervisor"],
  ["/troubles?tab=incidents", "supervisor"],
  ["/registry", "supervisor"],
  ["/registry?tab=clerk-days", "supervisor"],
  ["/window-pcs", "supervisor"],
  ["/policy", "supervisor"],
  ["/explain?region=linxia&rule=rectification-extended&class=complex&channel=online&at=2022-03-01T10:00", "supervisor"],
  ["/calendar?year=2026", "supervisor"],
  ["/jobs", "supervisor"],
  ["/sms", "supervisor"],
  ["/imports", "it"],
  ["/accounts", "it"],
  ["/keys", "it"],
  ["/audit", "auditor"],
  ["/mine", "supervisor"],
  ["/nowhere", "supervisor"],
] as const;
type Role = (typeof PAGES)[number][1];

/** How the console is looked at: an old office screen, a large one, and the old one magnified twice. */
const VIEWS = [
  { name: "1366", width: 1366, height: 768, language: "zh" },
  { name: "1920", width: 1920, height: 1080, language: "zh" },
  { name: "zoom-200", width: 683, height: 384, language: "zh" },
  { name: "english", width: 1366, height: 768, language: "en" },
] as const;

describe.skipIf(browserPath() === undefined).each(VIEWS)("every page of the console, $name (needs a browser)", (view) => {
  let stage: ConsoleStage;
  const pages = new Map<Role, Page>();
  beforeAll(async () => {
    stage = await setConsoleStage();
    await stage.console.tellStatus();
    for (const role of new Set(PAGES.map(([, needed]) => needed))) pages.set(role, await stage.browser.visitor({ role, ...view }));
  });
  afterAll(() => stage.close());

  test.each(PAGES)(
    "%s is whole: nothing serious for axe, nothing out of the screen, every control reached and seen by keyboard, no complaint of the browser",
    async (path, role) => {
      const page = pages.get(role) as Page;
      await stage.browser.go(page, path);
      await page.locator("h1, .nothing-title").first().waitFor();
      await page.waitForLoadState("networkidle");
      await page.locator(".waiting").waitFor({ state: "detached" });
      const name = `${view.name}${path.replaceAll(/[^a-z]+/g, "-")}`.slice(0, 60);
      await stage.browser.picture(page, name);
      expect(await stage.browser.faults(page)).toEqual([]);
      // Wide tables scroll in their own place; the page never sideways.
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBeLessThanOrEqual(0);
      const content = page.locator("main");
      expect(await content.evaluate("(element) => element.scrollWidth - element.clientWidth")).toBeLessThanOrEqual(0);
      expect(await unseenFocus(page)).toEqual([]);
      if (view.language === "en") expect(await chineseLabels(page)).toEqual([]);
      stage.browser.expectQuiet();
    },
  );
});

/** Goes from control to control by Tab. @returns those on which the focus cannot be seen */
const unseenFocus = async (page: Page): Promise<string[]> => {
  const unseen: string[] = [];
  await page.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }");
  for (let tabs = 0; tabs < 30; tabs++) {
    await page.keyboard.press("Tab");
    const fault = await page.evaluate(`(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return "end";
      const rings = [at, at.parentElement, at.closest(".ant-segmented-item, .ant-checkbox-wrapper, .file-place, .ant-input-affix-wrapper")];
      const seen = rings.some((one) => {
        if (!one) return false;
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
      });
      return seen ? null : at.outerHTML.slice(0, 120);
    })()`);
    if (fault === "end") break;
    if (fault !== null) unseen.push(String(fault));
  }
  return unseen;
};

/** Names of controls, heads and labels that stayed Chinese; what citizens, documents and registers say is Chinese in any case. */
const chineseLabels = async (page: Page): Promise<string[]> =>
  (await page
    .locator("button, label, th, .menu a, h1, summary")
    .evaluateAll(
      `(items) => items.filter((one) => one.lang !== "zh-CN" && !one.closest("[lang=zh-CN]:not(html)") && /\\p{Script=Han}/u.test(one.textContent)).map((one) => one.textContent)`,
    )) as unknown as string[];
