import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pino } from "pino";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestPc } from "../care/test-pc.ts";
import { loadConfig } from "../config/index.ts";
import { openIdentity } from "../identity/identity.ts";
import { startWindowPc, type WindowPc } from "../window-pc.ts";
import { axeViolations, BROWSER, isSound, openBrowser, openPage, says, tabTo, type WatchedPage } from "./test/screen-browser.ts";

describe.runIf(BROWSER !== undefined)("A damaged database, on the console (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let dataDir: string;
  let pc: WindowPc;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let strip: Page;
  const start = async (): Promise<void> => {
    const config = loadConfig({
      dataDir,
      env: {},
      flags: { pad: "tcp://127.0.0.1:9", "desk-port": "0", "screens-port": "0", window: "12" },
    });
    pc = await startWindowPc({ config, dataDir, logger: pino({ level: "silent" }) });
  };
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "window-rating-damaged-"));
    const made = openTestPc(dataDir);
    made.serve(1, 30);
    made.close();
    const enrolment = {
      centralUrl: "http://127.0.0.1:9/",
      token: "a-token-of-nobody-in-particular-0000",
      enrolledAt: "2026-03-02T01:00:00Z",
    };
    openIdentity(dataDir).keepEnrolment(enrolment);
    await start();
    browser = await openBrowser();
    const context = await browser.newContext({ acceptDownloads: true });
    watched = await openPage(context);
    ({ page } = watched);
    ({ page: strip } = await openPage(context));
    await strip.goto((await pc.running.host.screens.open("strip", "12")).url);
    await says(strip, "评价器");
    await page.goto((await pc.running.host.screens.open("console", undefined)).url);
    await page.getByRole("heading", { level: 1, name: "概况" }).waitFor();
    await pc.close();
    writeFileSync(join(dataDir, "window.db"), Buffer.alloc(4096, 0xee), { flag: "r+" });
    await start();
  });
  afterAll(async () => {
    await browser?.close();
    await pc?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const isAccessible = (): Promise<void> => expect.poll(() => axeViolations(page)).toEqual([]);
  const press = async (name: string): Promise<void> => {
    await tabTo(page, page.getByRole("button", { name, exact: true }));
    await page.keyboard.press("Enter");
  };

  test("is said on strip and console, which shows its rescue, the doctor and nothing else", async () => {
    await says(strip, "本机数据库损坏，请立即联系信息技术人员（WR4001）");
    await page.getByRole("heading", { level: 1, name: "抢救数据库" }).waitFor();
    await page.getByText("本机只提供抢救").waitFor();
    await page.getByText("file is not a database").waitFor();
    await expect.poll(() => page.locator(".menu a").allTextContents()).toEqual(["抢救数据库", "体检与日志"]);
    await isAccessible();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { level: 1, name: "Rescue of the database" }).waitFor();
    const chinese = `[...document.querySelectorAll("main, nav")].map((one) => one.innerText).filter((text) => /\\p{Script=Han}/u.test(text))`;
    await expect.poll(() => page.evaluate(chinese)).toEqual([]);
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("heading", { level: 1, name: "抢救数据库" }).waitFor();
  });

  test("is found by the doctor, and its log bundle can be saved", async () => {
    await tabTo(page, page.getByRole("link", { name: "体检与日志" }));
    await page.keyboard.press("Enter");
    await page.locator('.findings li[data-level="fail"]').filter({ hasText: "WR4001" }).first().waitFor();
    await isAccessible();
    await press("生成日志包");
    await page.getByText("已存到本机").waitFor();
    const coming = page.waitForEvent("download");
    await press("下载到浏览器");
    const saved = await coming;
    expect(saved.suggestedFilename()).toMatch(/^window-rating-.*\.tar\.gz$/);
    expect(gunzipSync(readFileSync(await saved.path())).includes("doctor.json")).toBe(true);
    await tabTo(page, page.getByRole("link", { name: "抢救数据库" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "抢救数据库" }).waitFor();
  });

  test("is rescued, compared with central and left behind by keyboard alone; every entry is there in the usual console", async () => {
    await press("开始抢救");
    await page.getByText("30 条，最大编号 30").waitFor();
    await page.getByText("没有，全部找到").waitFor();
    await isAccessible();
    // Central cannot be asked from here, so a person looks there.
    await page.getByText("找到本窗口一行").waitFor();
    const central = page.getByLabel("中心已有的最大编号");
    await tabTo(page, central);
    await page.keyboard.type("33");
    await page.getByText("中心还有编号 31 到 33").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "启用抢救出的数据库" }).isDisabled()).toBe(true);
    await isAccessible();
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("28");
    await page.getByText("可以启用：中心到 28 号，救出的到 30 号").waitFor();
    await press("启用抢救出的数据库");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("损坏的文件原样保存").waitFor();
    await isAccessible();
    await tabTo(page, dialog.getByRole("button", { name: "启用抢救出的数据库" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "数据库", exact: true }).waitFor();
    await page.getByText("本数据库由抢救而来：救出 30 条记录").waitFor();
    await press("立即检查");
    await page.getByText("30 条记录全部接得上").waitFor();
    await expect.poll(() => page.locator(".menu a").count()).toBe(9);
    await says(strip, "评价器");
    await isSound(watched);
  });
});
