import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleStage } from "./console-stage.ts";

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
  ["/steps", "supervisor"],
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

/** An old office screen, a large one, and the old one magnified twice. */
const SIZES = [
  { name: "1920", width: 1920, height: 1080 },
  { name: "zoom", width: 683, height: 384 },
  { name: "1366", width: 1366, height: 768 },
] as const;

export const everyPage = (stage: ConsoleStage): void => {
  describe("every page of the console", () => {
    const pages = new Map<Role, Page>();
    beforeAll(async () => {
      await stage.console.tellStatus();
      for (const role of new Set(PAGES.map(([, needed]) => needed))) {
        const page = await stage.browser.visitor({ role });
        await stage.browser.go(page, "/mine");
        await page.locator("h1").waitFor();
        pages.set(role, page);
      }
    });
    afterEach(() => stage.browser.expectQuiet());

    test.each(PAGES)(
      "%s has nothing serious for axe, nothing out of the screen at any size, a focus that is always seen, and is English at a press",
      async (path, role) => {
        const page = pages.get(role) as Page;
        await page.evaluate(`history.pushState(null, "", "/console${path}"); dispatchEvent(new PopStateEvent("popstate"))`);
        await page.locator(".waiting").first().waitFor({ state: "detached" });
        await page.locator("h1, .nothing-title").first().waitFor();
        const name = path.replaceAll(/[^a-z]+/g, "-").slice(1, 40);
        expect(await stage.browser.faults(page)).toEqual([]);
        expect(await unseenFocus(page)).toEqual([]);
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await stage.browser.picture(page, `${name}-${size.name}`);
          // Wide tables scroll in their own place; the page never sideways.
          await expect.poll(async () => [size.name, await page.evaluate(OVERFLOWING)]).toEqual([size.name, []]);
        }
        if (path.includes("wall")) return;
        await page.getByRole("button", { name: "English" }).click();
        await page.getByRole("button", { name: "中文" }).waitFor();
        await stage.browser.picture(page, `${name}-en`);
        expect(await chineseLabels(page)).toEqual([]);
        await page.getByRole("button", { name: "中文" }).click();
      },
    );
  });
};

/** What is wider than the place it has, of the page and its content. */
const OVERFLOWING = `[document.documentElement, document.querySelector("main")]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.tagName + " " + one.scrollWidth + " > " + one.clientWidth)`;

/** Most pages have fewer controls; on others the next thirty are like these. */
const MOST_TABS = 30;

/** Goes from control to control by Tab. @returns those on which the focus cannot be seen */
const unseenFocus = async (page: Page): Promise<string[]> => {
  const unseen: string[] = [];
  await page.locator("h1, .nothing-title").first().click();
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press("Tab");
    const fault = await page.evaluate(FOCUS_FAULT);
    if (fault === "end") break;
    if (fault !== null) unseen.push(String(fault));
  }
  return unseen;
};

const FOCUS_FAULT = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return "end";
  const places = [at, at.parentElement, at.closest(".ant-segmented-item, .ant-checkbox-wrapper, .file-place, .ant-input-affix-wrapper")];
  const isSeen = places.some((one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  });
  return isSeen ? null : at.outerHTML.slice(0, 120);
})()`;

interface Named {
  readonly lang: string;
  readonly textContent: string;
  closest(selector: string): unknown;
}

/** Names of controls, heads and labels that stayed Chinese; what citizens, documents and registers say is Chinese in any case. */
const chineseLabels = (page: Page): Promise<string[]> =>
  page
    .locator("button, .filter > label, th, .menu a, summary")
    .evaluateAll((items: unknown) =>
      (items as Named[])
        .filter((one) => one.closest('[lang="zh-CN"]') === null && /\p{Script=Han}/u.test(one.textContent))
        .map(({ textContent }) => textContent),
    );
