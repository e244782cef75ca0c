import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER, launchBrowser } from "./test/browser.ts";
import { TouchPage } from "./test/touch-page.ts";

interface Layout {
  /** Names of keys that are too small, cut, over another or outside of the screen. */
  readonly faults: readonly string[];
  /** The lowest contrast of a text with what is behind it (WCAG 2.2, 1.4.3). */
  readonly contrast: number;
  readonly keys: number;
}

// What runs inside the page is text: the compiler knows no DOM here.
const LAYOUT = `(() => {
  const pad = document.getElementById("pad");
  // A window that is enlarged has fewer pixels, and larger ones: 44 of them are the least that WCAG 2.2, 2.5.5, has.
  const least = innerWidth < 640 ? 44 : (20 / 217) * Math.max(innerWidth, innerHeight);
  const [top, bottom] = [-pad.scrollTop, Math.max(innerHeight, pad.scrollHeight) - pad.scrollTop];
  const isSeen = (one) => one.checkVisibility() && one.getClientRects().length > 0;
  const keys = [...pad.querySelectorAll("button")].filter(isSeen);
  const boxes = keys.map((one) => one.getBoundingClientRect());
  const faults = [];
  const name = (one) => one.innerText.replace(/\\s+/g, " ");
  keys.forEach((one, index) => {
    const box = boxes[index];
    if (Math.min(box.width, box.height) < least - 0.5) faults.push("small: " + name(one) + " " + Math.round(box.width) + "x" + Math.round(box.height));
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) faults.push("cut: " + name(one));
    if (box.left < 0 || box.top < top || box.right > innerWidth + 0.5 || box.bottom > bottom + 0.5) faults.push("outside: " + name(one));
    boxes.forEach((other, at) => {
      if (at > index && box.left < other.right - 0.5 && other.left < box.right - 0.5 && box.top < other.bottom - 0.5 && other.top < box.bottom - 0.5) faults.push("over: " + name(one) + " / " + name(keys[at]));
    });
  });
  const texts = [...pad.querySelectorAll("b, small, strong, p, span, em")].filter((one) => isSeen(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
  for (const one of texts) {
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 0.5 || box.bottom > bottom + 0.5 || box.left < -0.5 || box.top < top - 0.5) faults.push("text outside: " + name(one));
    if (!one.closest("button")) boxes.forEach((other, at) => {
      if (box.left < other.right - 2 && other.left < box.right - 2 && box.top < other.bottom - 2 && other.top < box.bottom - 2) faults.push("text under: " + name(one) + " / " + name(keys[at]));
    });
  }
  // A word of an option that is broken in its middle; where a word may be broken its pack says by \u200b.
  for (const one of pad.querySelectorAll(".option b")) for (const { index, 0: word } of one.textContent.matchAll(/[^\\s\\u200b]+/g)) {
    const range = document.createRange();
    range.setStart(one.firstChild, index);
    range.setEnd(one.firstChild, index + word.length);
    if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) faults.push("broken: " + word);
  }
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (let at = one; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/rgba\\(.*, 0\\)$/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const contrasts = texts.filter((one) => !one.closest("button:disabled")).map((one) => {
    const [low, high] = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  });
  return { faults, contrast: Math.min(...contrasts), keys: keys.length };
})()`;

const why = BROWSER === undefined ? " (skipped: no Chromium, Chrome or Edge on PATH; name one in WINDOW_RATING_BROWSER)" : "";
const SIZES = [
  [1280, 800],
  [1024, 600],
  [800, 1280],
  [1920, 1080],
  // The browser's zoom at 300 %, and a keyboard that lies over half of the glass.
  [427, 267],
  [267, 427],
  [1280, 400],
] as const;
const LOOKS = [
  ["normal", "normal"],
  ["normal", "large"],
  ["high", "large"],
] as const;

describe.skipIf(BROWSER === undefined)(`the screens of a touchscreen${why}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(BROWSER as string);
  });
  afterAll(() => browser.close());

  /** What the page takes for the time goes on by ten minutes less five seconds: it counts them down, and the pad is as patient as before. */
  const countDown = async (page: Page): Promise<void> => {
    await page.evaluate(
      "globalThis.toldTime ??= performance.now.bind(performance); globalThis.ahead = (globalThis.ahead ?? 0) + 595_000; performance.now = () => toldTime() + ahead;",
    );
    await page.locator(".time:visible").waitFor();
  };

  /** Looks at what is shown in every look and language. @param before what is done before each look */
  const inspect = async (page: Page, what: string, atLeast: number, before?: (page: Page) => Promise<void>): Promise<void> => {
    for (const language of ["zh-CN", "en"]) {
      if ((await page.evaluate("document.documentElement.lang")) !== language) {
        await page.locator("#language").click();
        await page.waitForSelector(`html[lang="${language}"]`);
      }
      for (const [contrast, textSize] of LOOKS) {
        for (const [id, name, wanted] of [
          ["contrast", "contrast", contrast],
          ["text-size", "text-size", textSize],
        ] as const) {
          if ((await page.locator("#pad").getAttribute(`data-${name}`)) === wanted) continue;
          await page.locator(`#${id}`).click();
          await page.waitForSelector(`#pad[data-${name}="${wanted}"]`);
        }
        await before?.(page);
        const { faults, contrast: lowest, keys } = await page.evaluate<Layout>(LAYOUT);
        expect({ what, language, contrast, textSize, faults }).toEqual({ what, language, contrast, textSize, faults: [] });
        expect(keys).toBeGreaterThanOrEqual(atLeast);
        expect(lowest).toBeGreaterThanOrEqual(contrast === "high" ? 7 : 4.5);
      }
      await page.locator("#contrast").click();
      await page.waitForSelector('#pad[data-contrast="normal"]');
      await page.locator("#text-size").click();
      await page.waitForSelector('#pad[data-text-size="normal"]');
    }
    await page.locator("#language").click();
    await page.waitForSelector('html[lang="zh-CN"]');
  };

  test.each(SIZES)(
    "have on %i × %i no key under 20 mm of a 10-inch screen, nothing cut or over another, and letters that stand out",
    async (width, height) => {
      await using screen = await TouchPage.open(browser, { viewport: { width, height } });
      const { page, pc } = screen;
      pc.send({ type: "notice", text: "今天 12:00 至 14:00 午休，社保业务照常办理", durationMs: 0 });
      await page.locator(".notice:visible").waitFor();
      await inspect(page, "idle", 3);
      pc.send({ type: "pause", text: "" });
      await screen.untilScene("paused");
      await inspect(page, "paused", 3);
      await screen.asked({ itemName: "居民身份证有效期满换领（含跨省通办）", caseNo: "3710-20260301-000123" });
      await inspect(page, "options", 8);
      // Its words have the least room where a line is short.
      const isNarrow = width < 1100;
      if (isNarrow) await inspect(page, "options, the last seconds", 8, countDown);
      await page.locator('[data-level="2"]').click();
      await screen.untilScene("details");
      await inspect(page, "details", 3 + 3 + 5);
      if (isNarrow) await inspect(page, "details, the last seconds", 3 + 3 + 5, countDown);
      await page.locator(".swap").click();
      await page.locator(".writing:visible").waitFor();
      await inspect(page, "writing", 3 + 3 + 11);
      if (isNarrow) await inspect(page, "writing, the last seconds", 3 + 3 + 11, countDown);
      await page.locator(".phone input").fill("1");
      await page.locator(".confirm").click();
      await page.getByText("请检查电话号码").waitFor();
      await inspect(page, "a mistake", 3 + 3 + 11);
    },
  );
});
