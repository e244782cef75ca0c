import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { browserPath, launchBrowser } from "../../test/browser.ts";
import { TEST_KEYS } from "../../test/business-world.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { ChannelKeys } from "../channels/keys.ts";
import { codeOfPlace } from "../channels/static-codes.ts";
import { inTransaction } from "../database/transaction.ts";

const path = browserPath();
/** An old phone. */
const PHONE = { viewport: { width: 360, height: 640 }, javaScriptEnabled: false } as const;
/** Where pictures of the pages go, for whoever wants to look at them. */
const PICTURES = process.env.WINDOW_RATING_PICTURES;

describe.skipIf(path === undefined)("citizens' pages without a script (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let bytes = 0;
  let elsewhere: string[] = [];
  let url = "";

  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    citizen = await CitizenWorld.open(storage);
    browser = await launchBrowser(path ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await citizen.close();
    await storage.remove();
  });
  beforeEach(async () => {
    await citizen.calm();
    ({ url } = await citizen.served());
    context = await browser.newContext(PHONE);
    page = await context.newPage();
    bytes = 0;
    elsewhere = [];
    page.on("response", async (response) => {
      if (!response.url().startsWith(citizen.world.url)) elsewhere.push(response.url());
      bytes += (await response.body().catch(() => Buffer.alloc(0))).length;
    });
  });
  afterEach(async () => {
    await context.close();
    expect(elsewhere).toEqual([]);
  });

  const picture = async (name: string): Promise<void> => {
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
  };
  /** Nothing stands out of the phone's width, and everything to touch is large enough for a thumb. */
  const fits = async (): Promise<void> => {
    const boxes = await Promise.all(
      (await page.locator("button, .button, input:not([type=hidden]), textarea, .reason").all()).map((one) => one.boundingBox()),
    );
    for (const box of boxes) {
      expect(box).not.toBeNull();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    }
    const touched = await Promise.all((await page.locator("button, .button, .reason").all()).map((one) => one.boundingBox()));
    for (const box of touched) expect(box?.height).toBeGreaterThanOrEqual(44);
  };

  test("a rating is given with two touches, and all that was loaded is below 80 KB", async () => {
    await page.goto(url);
    const levels = page.locator(".levels button");
    const sizes = await Promise.all(
      (await levels.all()).map(async (one) => JSON.stringify([(await one.boundingBox())?.width, (await one.boundingBox())?.height])),
    );
    expect([sizes.length, new Set(sizes).size]).toEqual([5, 1]);
    await fits();
    await picture("1-levels");
    await page.locator('button[value="2"]').click();
    await page.getByRole("heading", { name: "提交评价" }).waitFor();
    expect(await page.locator("input:checked").count()).toBe(0);
    await fits();
    await picture("2-reasons");
    await page.getByLabel("窗口人员业务不熟练").check();
    await page.getByLabel("您想说的话").fill("等候太久");
    await page.getByRole("button", { name: "提交" }).last().click();
    await page.getByText("回执码 Receipt code", { exact: false }).first().waitFor();
    await picture("3-thanks");
    await expect.poll(() => page.locator(".code").textContent()).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await expect.poll(() => page.locator(".qr svg").count()).toBe(1);
    await page.getByText("继续：评价办理的事项").click();
    await page.getByText("您对这件事的办理满意吗").waitFor();
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(80 * 1024);
  });

  test("a rating is given by keyboard alone, with the focus always to be seen", async () => {
    await page.goto(url);
    for (let tabs = 0; tabs < 3; tabs++) await page.keyboard.press("Tab");
    await expect.poll(() => page.locator(":focus").textContent()).toContain("基本满意");
    await picture("4-keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "提交评价" }).waitFor();
    // Past the button that sends without more, to the first reason.
    for (let tabs = 0; tabs < 2; tabs++) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expect.poll(() => page.locator("input:checked").count()).toBe(1);
    await page.getByLabel("姓名").focus();
    await page.keyboard.press("Enter");
    await page.locator(".code").waitFor();
  });

  test("a receipt is looked up by its code, shows what was rated, and is corrected", async () => {
    await page.goto(url);
    await page.getByRole("button", { name: "非常不满意" }).click();
    await page.getByRole("button", { name: "提交" }).last().click();
    const code = (await page.locator(".code").textContent()) ?? "";
    await page.getByRole("link", { name: "用回执码查询" }).click();
    await picture("5-look-up");
    await page.getByLabel("回执码").fill("0000 0000 0000");
    await page.getByRole("button", { name: "查询" }).click();
    await page.getByRole("alert").getByText("没有这个回执码").waitFor();
    await picture("6-wrong-code");
    await page.getByLabel("回执码").fill(code.toLowerCase());
    await page.getByRole("button", { name: "查询" }).click();
    await page.getByRole("heading", { name: "我的评价" }).waitFor();
    expect(page.url()).not.toContain(code.replaceAll("-", ""));
    await fits();
    await picture("7-receipt");
    await page.locator('button[value="4"]').click();
    await page.getByRole("button", { name: "重新选择" }).click();
    await page.getByRole("heading", { name: "我的评价" }).waitFor();
    await page.locator('button[value="4"]').click();
    await page.getByRole("button", { name: "提交" }).last().click();
    await page.getByRole("heading", { name: "已更正" }).waitFor();
  });

  test("going back and sending again is told to have counted once", async () => {
    await page.goto(url);
    await page.getByRole("button", { name: "非常满意" }).click();
    await page.getByRole("button", { name: "提交" }).last().click();
    await page.locator(".code").waitFor();
    await page.reload();
    await page.getByText("只算一次").waitFor();
    await picture("8-twice");
  });

  test("every page is free of what axe finds: contrast, names, order, language", async () => {
    await citizen.site({ region: "siping", badNeedsReason: true });
    const place = { kind: "hall", subjectNo: "H1" } as const;
    const hall = await inTransaction(citizen.world.db, (tx) =>
      codeOfPlace(tx, new ChannelKeys(TEST_KEYS), place, false, citizen.world.nowMs),
    );
    // axe itself is a script, so here scripts run; the pages have none.
    const seeing = await browser.newContext({ viewport: PHONE.viewport, bypassCSP: true });
    const read = await seeing.newPage();
    const faults = async (): Promise<string[]> => {
      await read.evaluate(axe.source);
      const result = (await read.evaluate("axe.run(document)")) as { violations: { id: string; nodes: { html: string }[] }[] };
      return result.violations.map(({ id, nodes }) => `${read.url()} ${id}: ${nodes[0]?.html}`);
    };
    const found: string[] = [];
    await read.goto(`${citizen.world.url}/W/${hall}`);
    found.push(...(await faults()));
    await read.locator('button[value="1"]').click();
    found.push(...(await faults()));
    await read.getByLabel("姓名").fill("王五样例");
    await read.getByLabel("电话").fill("13800001234");
    await read.getByRole("button", { name: "提交" }).last().click();
    await read.getByRole("alert").waitFor();
    found.push(...(await faults()));
    await read.getByLabel("您想说的话").fill("等候太久");
    await read.getByRole("button", { name: "提交" }).last().click();
    const code = (await read.locator(".code").textContent()) ?? "";
    found.push(...(await faults()));
    for (const address of [`/r/${code}`, "/r/", "/r/0000", "/q/x"]) {
      await read.goto(`${citizen.world.url}${address}`);
      found.push(...(await faults()));
    }
    await seeing.close();
    expect(found).toEqual([]);
  });

  test("large letters of the phone's own make nothing run out of the screen", async () => {
    await page.goto(url);
    await page.setViewportSize({ width: 180, height: 320 });
    const width = await page.locator("main").boundingBox();
    expect((width?.x ?? 0) + (width?.width ?? 0)).toBeLessThanOrEqual(180);
    await picture("9-narrow");
  });
});
