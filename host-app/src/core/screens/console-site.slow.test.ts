import { generateKeyPairSync } from "node:crypto";
import type { AskedPairing, CollectedPairing } from "@window-rating/protocol/desk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { siteFileText } from "../site/site-file.ts";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { BROWSER } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

const SITE = siteFileText(
  {
    schema: 1,
    site: "样例大厅",
    version: 3,
    madeAt: "2026-03-02T01:00:00.000Z",
    settings: { "rating.timeoutSeconds": 20 },
    padProfiles: [],
    businessSystems: [{ name: "hall queue", origins: ["https://queue.example"] }],
    windows: [{ windowNo: "12", clerks: [{ staffNo: "1001", name: "张三样例" }], port: null, profile: null, serialNumber: null }],
  },
  generateKeyPairSync("ed25519").privateKey,
);

describe.runIf(BROWSER !== undefined)("The console's pages of the site (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let opened: ConsoleStage;
  let stage: ScreenStage;
  let page: Page;
  beforeAll(async () => {
    opened = await openConsoleStage();
    ({ stage, page } = opened);
  });
  afterAll(async () => {
    await opened?.close();
  });

  test("take a signed site file: its changes first, then the decision; the token of a new business system is shown once", async () => {
    await opened.open("site");
    await page.getByLabel("本机窗口号", { exact: false }).fill("12");
    await page
      .getByLabel("选择配置文件（site.json）")
      .setInputFiles({ name: "site.json", mimeType: "application/json", buffer: Buffer.from(SITE) });
    await page.getByRole("button", { name: "查看改动", exact: true }).click();
    await page.getByText("这是本机第一份配置文件", { exact: false }).waitFor();
    await page.getByRole("region", { name: "将要改动" }).getByText("rating.timeoutSeconds").waitFor();
    await page.getByRole("button", { name: "采用第 3 版" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "采用第 3 版" }).click();
    await page.getByText("只显示这一次，请立即交给该系统", { exact: false }).waitFor();
    await page.getByText(/wrdesk_/).waitFor();
    await page.getByText("样例大厅，第 3 版").first().waitFor();
    await opened.open("clerks");
    await page.getByRole("button", { name: "管理 张三样例（1001）" }).waitFor();
    await opened.open("site");
    await page.getByRole("heading", { name: "正在使用的设置" }).waitFor();
    expect(await page.getByText(/wrdesk_/).count()).toBe(0);
  });

  test("refuse what is no site file, with code and what to do", async () => {
    await opened.open("site");
    await page
      .getByLabel("选择配置文件（site.json）")
      .setInputFiles({ name: "site.json", mimeType: "application/json", buffer: Buffer.from("{}") });
    await page.getByRole("button", { name: "查看改动", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "WR8012" }).waitFor();
  });

  test("change a setting by keyboard alone: a value that cannot be is refused with what may be, a good one holds from the next start", async () => {
    await opened.open("site");
    await page.getByLabel("查找设置").fill("timeoutSeconds");
    const change = page.getByRole("button", { name: "修改 rating.timeoutSeconds" });
    await change.focus();
    await page.keyboard.press("Enter");
    const field = page.getByLabel("rating.timeoutSeconds 的新值");
    await field.fill("1");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "WR8001" }).waitFor();
    await field.fill("45");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("已保存 rating.timeoutSeconds。", { exact: false }).waitFor();
    await page.getByText("配置现为 45", { exact: false }).waitFor();
    await field.waitFor({ state: "detached" });
  });

  test("name a clerk and give a one-time code by keyboard alone; the code is shown once and lets the clerk choose a PIN", async () => {
    await opened.open("clerks");
    await page.getByLabel("工号").fill("1002");
    await page.getByLabel("姓名").focus();
    await page.keyboard.type("李四样例");
    await page.keyboard.press("Tab");
    await page.keyboard.type("综合窗口");
    await page.keyboard.press("Tab");
    await page.keyboard.type("74");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("已添加 1002。").waitFor();
    await page.getByText("综合窗口 ★★★★ 党员", { exact: false }).waitFor();
    const manage = page.getByRole("button", { name: "管理 李四样例（1002）" });
    await manage.focus();
    await page.keyboard.press("Enter");
    const give = page.getByRole("dialog").getByRole("button", { name: "给一次性代码" });
    await give.focus();
    await page.keyboard.press("Enter");
    const shown = page.getByRole("dialog").locator(".secret");
    await shown.waitFor();
    const code = (await shown.textContent()) ?? "";
    expect(code).toMatch(/^\d{4}-\d{4}$/);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("cell", { name: "已给一次性代码" }).waitFor();
    await manage.click();
    await page.getByRole("dialog").getByRole("button", { name: "给一次性代码" }).waitFor();
    expect(await page.getByText(code).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await stage.desk("/clerk/pin/set", { windowNo: "12", staffNo: "1002", code, newPin: "961427" });
    await page.getByRole("cell", { name: "本人已设置" }).waitFor();
  });

  test("pair a business system after its code was compared, and revoke it", async () => {
    await opened.open("systems");
    const { requestId, secret, code } = await stage.desk<AskedPairing>("/pairings", { name: "sample system" });
    await page.getByText(code).waitFor();
    await page.getByRole("button", { name: "核对码一致，确认配对" }).click();
    await page.getByRole("dialog").getByText(code).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "核对码一致，确认配对" }).click();
    await page.getByRole("cell", { name: "sample system", exact: true }).waitFor();
    await page.getByRole("row").filter({ hasText: "sample system" }).getByRole("cell", { name: "未见使用" }).waitFor();
    expect(await stage.desk<CollectedPairing>("/pairings/collect", { requestId, secret })).toMatchObject({ state: "confirmed" });
    await page.getByRole("button", { name: "撤销 sample system" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "撤销 sample system" }).click();
    await page.getByRole("cell", { name: "sample system", exact: true }).waitFor({ state: "detached" });
    await opened.isSound();
  });
});
