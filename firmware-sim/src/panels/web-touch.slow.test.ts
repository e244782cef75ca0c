import { openContact } from "@window-rating/protocol/contact";
import { requestIdFromBytes } from "@window-rating/protocol/rating";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Asset, Assets } from "../touchscreen/assets.ts";
import { assetsOf } from "../touchscreen/touch-bench.ts";
import { BROWSER, launchBrowser } from "./test/browser.ts";
import { CENTRAL_KEY, SCREEN, TouchPage } from "./test/touch-page.ts";

const why = BROWSER === undefined ? " (skipped: no Chromium, Chrome or Edge on PATH; name one in WINDOW_RATING_BROWSER)" : "";

/** A picture of one red pixel. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC", "base64");

/** What of the page's own types is used here: the compiler knows no DOM. */
interface DOMRectLike {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Rectangular {
  getBoundingClientRect(): DOMRectLike;
}

describe.skipIf(BROWSER === undefined)(`a touchscreen in a real browser${why}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(BROWSER as string);
  });
  afterAll(() => browser.close());

  const text = (page: Page, selector: string) => page.locator(selector).first().innerText();

  /** Presses Tab until the element is reached; nothing but the keyboard is used. */
  const tabTo = async (page: Page, selector: string): Promise<void> => {
    for (let tab = 0; tab < 40; tab++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    }
    throw new Error(`Tab does not lead to ${selector}`);
  };

  test("shows whose window it is while nothing is asked: card with photo, stars and emblem, the window's code, a notice", async () => {
    const photo: Asset = { kind: "png", bytes: PIXEL };
    const assets: Assets = { find: (name) => (name === "photo/1001" ? photo : undefined) };
    await using screen = await TouchPage.open(browser, { assets });
    const { page, pc } = screen;
    expect(await text(page, ".place")).toBe("样例市政务服务中心 · 12 号窗口");
    expect(await text(page, ".card")).toMatch(/为您服务[\s\S]*张三样例[\s\S]*综合窗口[\s\S]*1001[\s\S]*中共党员/);
    await expect.poll(() => page.locator(".card .stars").getAttribute("data-count")).toBe("4");
    await vi.waitFor(
      async () =>
        await expect.poll(() => page.locator("img.photo").evaluate((image) => (image as { naturalWidth?: number }).naturalWidth)).toBe(1),
    );
    await expect.poll(() => page.getByRole("img", { name: "扫码评价本窗口" }).count()).toBe(1);
    pc.send({ type: "notice", text: "十二点下班", durationMs: 0 });
    await page.getByText("十二点下班").waitFor();
    pc.send({ type: "pause", text: "午休，14:00 开始" });
    await screen.untilScene("paused");
    expect(await text(page, "#stage")).toMatch(/暂停服务[\s\S]*午休，14:00 开始/);
    expect(screen.complaints).toEqual([]);
  });

  test("offers five options that differ in nothing but stars and words, and prefers none (I10)", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked();
    const looks = await page.locator(".option").evaluateAll((options) =>
      options.map((one) => {
        const { offsetWidth, offsetHeight } = one as unknown as { offsetWidth: number; offsetHeight: number };
        const style = (globalThis as unknown as { getComputedStyle(of: unknown): Record<string, string> }).getComputedStyle(one);
        const { backgroundColor, color, borderColor, borderWidth, fontWeight, animationName, opacity, transform } = style;
        return {
          offsetWidth,
          offsetHeight,
          backgroundColor,
          color,
          borderColor,
          borderWidth,
          fontWeight,
          animationName,
          opacity,
          transform,
        };
      }),
    );
    expect(looks).toHaveLength(5);
    expect(new Set(looks.map((look) => JSON.stringify({ ...look, offsetWidth: Math.round(look.offsetWidth / 2) }))).size).toBe(1);
    await expect
      .poll(() => page.locator(".option").evaluateAll((all) => all.map((one) => one.getAttribute("data-level"))))
      .toEqual(["5", "4", "3", "2", "1"]);
    await expect
      .poll(() => page.locator(".option .stars").evaluateAll((all) => all.map((one) => one.getAttribute("data-count"))))
      .toEqual(["5", "4", "3", "2", "1"]);
    await expect
      .poll(() => page.locator(".option b").allInnerTexts())
      .toEqual(["非常\u200b满意", "满意", "基本\u200b满意", "不满意", "非常\u200b不满意"]);
    expect(await page.evaluate("document.activeElement.tagName")).toBe("BODY");
    expect(await text(page, ".item")).toMatch(/居民身份证换领[\s\S]*37-0001/);
    expect(await page.locator("#stage").innerText()).not.toContain("中共党员");
    expect(screen.answers).toEqual([]);
  });

  test("asks of a bad level as many touches as of a good one, at the same places, and of none more", async () => {
    await using screen = await TouchPage.open(browser, { hasTouch: true });
    const { page } = screen;
    const ways = new Set<string>();
    for (const level of [5, 4, 3, 2, 1]) {
      await screen.asked();
      await page.locator(`[data-level="${level}"]`).tap();
      await screen.untilScene("details");
      const keys = await page.locator("#stage button:visible").evaluateAll((all) =>
        all.map((one) => {
          const { x, y, width, height } = (one as never as Rectangular).getBoundingClientRect();
          return [one.className, one.getAttribute("aria-pressed"), x, y, width, height].join();
        }),
      );
      ways.add(keys.join("\n"));
      await page.locator(".confirm").tap();
      await vi.waitUntil(() => screen.answers.at(-1)?.level === level);
    }
    expect(ways.size).toBe(1);
    expect([...ways][0]).not.toContain("true");
    expect(screen.answers.map(({ reasons }) => reasons.length)).toEqual([0, 0, 0, 0, 0]);
  });

  test("is answered by touch alone, the phone number too", async () => {
    await using screen = await TouchPage.open(browser, { hasTouch: true });
    const { page } = screen;
    const requestId = await screen.asked();
    await page.locator('[data-level="2"]').tap();
    await screen.untilScene("details");
    expect(await page.locator('.reason[aria-pressed="true"]').count()).toBe(0);
    for (const code of [213, 209]) await page.locator(`[data-code="${code}"]`).tap();
    await page.locator(".swap").tap();
    for (const digit of "130000000001") await page.locator(`[data-digit="${digit}"]`).tap();
    await page.locator(".erase").tap();
    await page.locator(".confirm").tap();
    await page.waitForSelector("#pad[data-scene=thanks]");
    const answer = await screen.untilAnswered();
    expect(answer).toMatchObject({ level: 2, reasons: [209, 213], completed: "confirmed" });
    expect(requestIdFromBytes(answer.requestId)).toBe(requestId);
    expect(openContact(answer.sealed, CENTRAL_KEY, answer.requestId)).toEqual({ phone: "13000000000" });
    expect(screen.complaints).toEqual([]);
  });

  test("is answered by mouse alone, with a way back", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked();
    await page.locator('[data-level="1"]').click();
    await screen.untilScene("details");
    await page.locator('[data-code="108"]').click();
    await page.locator(".back").click();
    await page.waitForSelector("#pad[data-scene=options]");
    await screen.untilScene("options");
    await page.locator('[data-level="5"]').click();
    await screen.untilScene("details");
    expect(await text(page, ".chosen")).toContain("非常\u200b满意");
    await page.locator(".confirm").click();
    expect(await screen.untilAnswered()).toMatchObject({ level: 5, reasons: [], completed: "confirmed" });
  });

  test("is answered by keyboard alone, from the number key to the words", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked();
    await page.keyboard.press("4");
    await screen.untilScene("details");
    await tabTo(page, '[data-code="410"]');
    await page.keyboard.press("Space");
    await page.waitForSelector('[data-code="410"][aria-pressed="true"]');
    await tabTo(page, ".swap");
    await page.keyboard.press("Enter");
    await tabTo(page, ".words textarea");
    await page.keyboard.type("1 号窗口很快 thanks");
    await tabTo(page, ".confirm");
    await page.keyboard.press("Enter");
    const answer = await screen.untilAnswered();
    expect(answer).toMatchObject({ level: 4, reasons: [410] });
    expect(openContact(answer.sealed, CENTRAL_KEY, answer.requestId)).toEqual({ words: "1 号窗口很快 thanks" });
  });

  test("reaches an option with Tab and chooses it with Enter; options come before the keys for the look", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked({ ask: 0 });
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate("document.activeElement.dataset.level")).toBe("5");
    await tabTo(page, '[data-level="3"]');
    await page.keyboard.press("Enter");
    expect(await screen.untilAnswered()).toMatchObject({ level: 3 });
  });

  test("takes a second tap on the same place for no answer to what has come there", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked({ ask: 1 });
    await page.locator('[data-level="3"]').dblclick();
    await screen.untilScene("details");
    expect(await page.locator('.reason[aria-pressed="true"]').count()).toBe(0);
    expect(screen.answers).toEqual([]);
  });

  test("takes a finger that trembles, or touches beside a resting hand, for a touch, and two keys at once for none (I10)", async () => {
    await using screen = await TouchPage.open(browser, { hasTouch: true });
    const { page } = screen;
    await screen.asked({ ask: 1 });
    const glass = await page.context().newCDPSession(page);
    const at = async (selector: string, id = 0, off = 0) => {
      const { x, y, width, height } = await page.locator(selector).evaluate((one) => (one as never as Rectangular).getBoundingClientRect());
      return { x: x + width / 2 + off, y: y + height / 2 + off / 2, id };
    };
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: Awaited<ReturnType<typeof at>>[]) =>
      glass.send("Input.dispatchTouchEvent", { type, touchPoints });
    const level = (which: number, off = 0) => at(`[data-level="${which}"]`, which, off);

    // A hand laid on all five, two fingers at once, one that rests on a key, and a finger that slides to the next key.
    await touch("touchStart", await level(1), await level(2), await level(3), await level(4), await level(5));
    await touch("touchEnd");
    await touch("touchStart", await level(5), await level(1));
    await touch("touchEnd");
    await touch("touchStart", await level(5));
    await touch("touchStart", await level(5), await level(1));
    await touch("touchEnd", await level(5));
    await touch("touchEnd");
    await touch("touchStart", await level(5));
    await touch("touchMove", { ...(await level(4)), id: 5 });
    await touch("touchEnd");
    // A finger that slides on one key; and one that touches while the hand rests where no key is.
    await touch("touchStart", await level(2));
    await touch("touchMove", await level(2, 30));
    await touch("touchMove", await level(2, 24));
    await touch("touchEnd");
    await screen.untilScene("details");
    expect(await text(page, ".chosen")).toContain("不满意");
    await expect.poll(() => page.locator(".chosen .stars").getAttribute("data-count")).toBe("2");
    const palm = await at(".question", 7);
    await touch("touchStart", palm);
    await touch("touchStart", palm, await at('[data-code="209"]', 8));
    await touch("touchEnd", await at('[data-code="209"]', 8));
    await page.waitForSelector('[data-code="209"][aria-pressed="true"]');
    await touch("touchEnd");
    await touch("touchStart", await at('[data-code="213"]'));
    await touch("touchMove", await at('[data-code="213"]', 0, 30));
    await touch("touchEnd");
    await page.waitForSelector('[data-code="213"][aria-pressed="true"]');
    await page.locator(".confirm").tap();
    expect(await screen.untilAnswered()).toMatchObject({ level: 2, reasons: [209, 213] });
    expect(screen.answers).toHaveLength(1);
  });

  test("gives a finger that came down on one request to no other (I3)", async () => {
    await using screen = await TouchPage.open(browser);
    const { page, pc } = screen;
    await screen.asked();
    await page.locator('[data-level="1"]').hover();
    await page.mouse.down();
    const next = screen.ask({ itemName: "社会保险登记" });
    await page.getByText("社会保险登记").waitFor();
    await screen.untilScene("options");
    await page.mouse.up();
    await page.locator('[data-level="5"]').click();
    await screen.untilScene("details");
    await page.locator(".confirm").click();
    const answer = await screen.untilAnswered();
    expect([requestIdFromBytes(answer.requestId), answer.level]).toEqual([next, 5]);
    expect(pc.reports.filter((report) => report.type === "touchRated")).toHaveLength(1);
  });

  test("keeps what a citizen wrote in no view, and in no page once it was sent (I9)", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked();
    await page.locator('[data-level="1"]').click();
    await screen.untilScene("details");
    await page.locator(".swap").click();
    await page.locator(".words textarea").fill("机密意见样例");
    await page.locator(".name input").fill("李四样例");
    await page.locator(".phone input").fill("12");
    await page.locator(".confirm").click();
    await page.getByText("请检查电话号码").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.closest('.field').className")).toContain("phone");
    await page.locator(".phone input").fill("13000000000");
    await page.locator(".confirm").click();
    const answer = await screen.untilAnswered();
    expect(openContact(answer.sealed, CENTRAL_KEY, answer.requestId)).toEqual({
      words: "机密意见样例",
      name: "李四样例",
      phone: "13000000000",
    });
    await page.waitForSelector("#pad[data-scene=thanks]");
    const values = "[...document.querySelectorAll('input, textarea')].map((one) => one.value).join()";
    const everything = [await page.content(), await page.evaluate<string>(values), ...screen.views, JSON.stringify(screen.pad.face)].join();
    for (const secret of ["机密意见样例", "李四样例", "13000000000"]) expect(everything).not.toContain(secret);
    await screen.asked();
    await page.locator('[data-level="1"]').click();
    await screen.untilScene("details");
    expect(await page.evaluate<string>(values)).toBe(",,");
  });

  test("shows the seconds left in the last ten, and is then at rest: a time that is over is no rating (I10)", async () => {
    await using screen = await TouchPage.open(browser);
    const { page, pc } = screen;
    screen.ask({ timeoutMs: 12_000 });
    await page.waitForSelector("#pad[data-scene=options]");
    await expect.poll(() => page.locator(".time").isVisible()).toBe(false);
    screen.ask({ timeoutMs: 1500 });
    await page.locator(".time:visible").waitFor();
    expect(await text(page, ".time strong")).toMatch(/^[12]$/);
    await page.waitForSelector("#pad[data-scene=idle]");
    await vi.waitUntil(() => pc.reports.some((report) => report.type === "timedOut"));
    expect(screen.answers).toEqual([]);
  });

  test("speaks in the language shown, and is silent where the browser has no voice", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await screen.asked({ ask: 0 });
    await vi.waitFor(async () => expect(await page.evaluate("said")).toEqual([["zh-CN", "请您对我们的服务进行评价"]]));
    await page.locator("#language").click();
    await page.waitForSelector("html[lang=en]");
    await page.locator('[data-level="5"]').click();
    await vi.waitFor(async () => expect(await page.evaluate("said.at(-1)")).toEqual(["en", "Thank you"]));
    await page.evaluate("speechSynthesis.getVoices = () => [{ lang: 'fr-FR' }]; said.length = 0;");
    await screen.asked({ ask: 0 });
    expect(await page.evaluate("said")).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("shows a language that was dropped in as a file, and where its words are missing the first language", async () => {
    const levels = ["r1", "r2", "r3", "r4", "r5"];
    const region = { format: 1, tag: "x-region", name: "x-region", texts: { "options.headline": "region headline" }, levels, voice: {} };
    await using screen = await TouchPage.open(browser, { assets: assetsOf({ "language/x-region": region }) });
    const { page, pc } = screen;
    pc.send({ ...SCREEN, languages: ["zh-CN", "x-region"] });
    await screen.asked();
    await page.getByRole("button", { name: "x-region" }).click();
    await page.getByText("region headline").waitFor();
    await expect.poll(() => page.locator(".option b").allInnerTexts()).toEqual([...levels].reverse());
    await page.locator('[data-level="4"]').click();
    await screen.untilScene("details");
    expect(await text(page, ".confirm b")).toBe("确认提交");
  });

  test("turns the page where a level has more reasons than there is room for", async () => {
    const reasons = Array.from({ length: 11 }, (_, index) => ({ code: 501 + index, text: { "zh-CN": `原因 ${index + 1}` } }));
    const assets = assetsOf({ "reasons/2031": { format: 1, version: "2031", levels: { 5: reasons } } });
    await using screen = await TouchPage.open(browser, { assets });
    const { page } = screen;
    await screen.asked({ reasonList: "2031", ask: 1 });
    await page.locator('[data-level="5"]').click();
    await screen.untilScene("details");
    await page.locator('[data-code="501"]').click();
    await expect.poll(() => page.locator(".reason").count()).toBe(8);
    await page.locator(".later").click();
    await page.locator('[data-code="511"]').click();
    await expect.poll(() => page.locator(".later").isDisabled()).toBe(true);
    // Turned upright it has room for five, and turned back for the rest.
    await page.setViewportSize({ width: 800, height: 1280 });
    await expect.poll(() => page.locator(".reason").count()).toBe(5);
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(() => page.locator(".reason").count()).toBe(3);
    await page.locator(".confirm").click();
    expect(await screen.untilAnswered()).toMatchObject({ reasons: [501, 511], reasonList: "2031" });
  });

  test("goes dark without power, comes back with it, and says when the simulator is gone", async () => {
    await using screen = await TouchPage.open(browser);
    const { page, pad, panel } = screen;
    pad.powerCut(300);
    await page.waitForSelector("#pad[data-scene=dark]");
    await page.waitForSelector("#pad[data-scene=idle]");
    await panel.close();
    await page.waitForSelector("#pad[data-scene=lost]");
    expect(await text(page, "#stage")).toBe("模拟器没有运行 The simulator is not running");
  });

  test("shows the technician's keys only where the pad's own screen has ended, or when asked", async () => {
    await using screen = await TouchPage.open(browser);
    const { page } = screen;
    await expect.poll(() => page.locator("#tools").isVisible()).toBe(false);
    await page.goto(`${page.url()}#tools`);
    await page.locator("#cable:visible").click();
    await page.getByRole("button", { name: "插线" }).waitFor();
    expect(screen.pad.face.connection).toBe("unplugged");
  });
});
