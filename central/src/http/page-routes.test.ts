import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { browserPath, launchBrowser } from "../../test/browser.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS, WindowPc } from "../../test/window-pc.ts";
import { type Central, startCentral } from "../central.ts";

const path = browserPath();

describe.skipIf(path === undefined)("the page (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let storage: TestStorage;
  let central: Central;
  let browser: Browser;
  let page: Page;
  let pc: WindowPc;
  let complaints: string[];

  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    central = await startCentral({ ...storage.storage, port: 0, now: () => MORNING_MS });
    browser = await launchBrowser(path ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await central.close();
    await storage.remove();
  });
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage({ viewport: { width: 420, height: 800 } });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const send = (entries: readonly unknown[]) => pc.send(central.url, entries, MORNING_MS);
  const rows = () => page.locator("#list li");
  const untilShown = async (count: number): Promise<void> => {
    await rows()
      .nth(count - 1)
      .waitFor();
    expect(await rows().count()).toBe(count);
  };

  test("says in words that nothing came yet", async () => {
    await page.goto(central.url);
    await page.getByText("还没有评价").waitFor();
    expect(await page.getByRole("button").count()).toBe(0);
  });

  test("shows a rating by itself, on top, with stars and words, and counts it", async () => {
    pc = new WindowPc("page");
    await pc.enrol(central.url, (await central.makeEnrolmentCode(pc.windowNo)).code);
    await page.goto(central.url);
    await page.getByText("还没有评价").waitFor();
    await send([pc.entry(pc.rating({ level: 5 }))]);
    await untilShown(1);
    await send([pc.entry(pc.rating({ level: 2, circumstance: "after-timeout" }))]);
    await untilShown(2);
    const [top, below] = await rows().allInnerTexts();
    expect(top).toMatch(/★★☆☆☆/);
    expect(top).toMatch(/不满意 Dissatisfied[\s\S]*差评[\s\S]*超时后按下，仍计入本件/);
    expect(below).toMatch(/★★★★★[\s\S]*非常满意/);
    await page.locator("#ratings", { hasText: /^2$/ }).waitFor();
  });

  test("I10: a request without a rating is shown without stars, and marked when it was rated later", async () => {
    await page.goto(central.url);
    const requestId = pc.requestId();
    await send([pc.entry(pc.notRated({ requestId }))]);
    await untilShown(3);
    expect(await rows().first().innerText()).toMatch(/未评价[\s\S]*限时内无人按键/);
    expect(await rows().first().innerText()).not.toMatch(/[★☆]|后已评价/);
    await send([pc.entry(pc.rating({ requestId, level: 4 }))]);
    await untilShown(4);
    expect(await rows().nth(1).innerText()).toContain("之后已评价");
    await page.locator("#notRated", { hasText: /^0$/ }).waitFor();
  });

  test("shows names as text, whatever is in them", async () => {
    await page.goto(central.url);
    const body = pc.rating();
    const clerkName = `<img src=x onerror="alert(1)">`;
    await send([pc.entry({ ...body, binding: { ...body.binding, clerkName, itemName: "<script>alert(1)</script>" } })]);
    await untilShown(5);
    expect(await rows().first().innerText()).toContain(clerkName);
    expect(await page.locator("#list img, #list script").count()).toBe(0);
  });

  test("earlier ratings come by keyboard", async () => {
    await send(pc.entries(60));
    await page.goto(central.url);
    await untilShown(50);
    await page.getByRole("button", { name: "更早的评价" }).focus();
    await page.keyboard.press("Enter");
    await untilShown(65);
    expect(await page.getByRole("button").count()).toBe(0);
  });

  test("fits a frame of 420 pixels on another page of this machine, without sideways scrolling", async () => {
    const frame = `<iframe src="${central.url}" width="420" height="600"></iframe>`;
    const host = createServer((_, response) => response.setHeader("content-type", "text/html").end(frame)).listen(0, "127.0.0.1");
    await new Promise((resolve) => host.once("listening", resolve));
    await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
    const inner = page.frameLocator("iframe");
    await inner.locator("#list li").first().waitFor();
    expect(await inner.locator("html").evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    await new Promise((resolve) => host.close(resolve));
    complaints = complaints.filter((text) => !text.includes("favicon"));
  });

  test("says when the connection is lost, and goes on by itself when central is back", async () => {
    await page.goto(central.url);
    await page.getByText("实时更新").waitFor();
    const port = Number(new URL(central.url).port);
    await central.close();
    await page.getByText("连接中断").waitFor();
    central = await startCentral({ ...storage.storage, port, now: () => MORNING_MS });
    await send([pc.entry(pc.rating({ level: 3 }))]);
    await page.getByText("实时更新").waitFor();
    await page.locator("#list li").first().getByText("基本满意").waitFor();
    complaints = [];
  });
});
