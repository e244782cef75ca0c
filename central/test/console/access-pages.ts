import { afterEach, describe, expect, test } from "vitest";
import type { ConsoleStage } from "./console-stage.ts";

export const accessPages = (stage: ConsoleStage): void => {
  describe("accounts and records in the console", () => {
    const { browser } = stage;
    afterEach(() => browser.expectQuiet());

    test("IT makes an account, reads its start password once, and resets, disables and enables it", async () => {
      const page = await browser.visitor({ role: "it" });
      await browser.go(page, "/accounts");
      await page.getByRole("button", { name: "新建账号" }).click();
      const dialog = page.getByRole("dialog", { name: "新建账号" });
      await dialog.getByRole("button", { name: "确定" }).click();
      await dialog.getByRole("alert").waitFor();
      await dialog.getByLabel("账号名").fill("hall-one");
      await dialog.getByLabel("姓名").fill("王五样例");
      await dialog.getByRole("button", { name: "确定" }).click();
      await dialog.getByText("大厅管理员须选一个大厅").waitFor();
      await browser.picture(page, "account-form");
      expect(await browser.faults(page)).toEqual([]);
      await dialog.getByLabel("范围").selectOption({ label: "一个大厅：一号政务服务大厅样例" });
      await dialog.getByRole("button", { name: "确定" }).click();
      const told = page.locator(".start-password");
      await told.waitFor();
      const password = await told.innerText();
      const row = page.locator("tbody", { hasText: "hall-one" });
      await expect.poll(() => row.innerText()).toMatch(/王五样例[\s\S]*大厅管理员[\s\S]*大厅 H1[\s\S]*尚未改初始密码/);
      await browser.picture(page, "accounts");
      expect(await browser.faults(page)).toEqual([]);

      await row.getByRole("button", { name: "重置密码" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "重置密码" }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      expect(await told.innerText()).not.toBe(password);
      await row.getByRole("button", { name: "停用" }).click();
      await page.getByRole("dialog").getByText("立即结束其全部登录").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
      await row.getByText("已停用").waitFor();
      await row.getByRole("button", { name: "启用" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "启用" }).click();
      await row.getByText("尚未改初始密码").waitFor();

      await row.getByRole("button", { name: "修改" }).click();
      await page.getByRole("dialog").getByLabel("姓名").fill("王五样例二");
      await page.getByRole("dialog").getByRole("button", { name: "确定" }).click();
      await page.locator("tbody", { hasText: "王五样例二" }).waitFor();
      await page.context().close();
    });

    test("IT sees the keys, and the auditor who did what; neither sees the other's page", async () => {
      const it = await browser.visitor({ role: "it" });
      await browser.go(it, "/keys");
      await it.getByRole("heading", { name: "密钥", level: 1 }).waitFor();
      expect(await it.getByRole("navigation").getByRole("link").allInnerTexts()).not.toContain("查看与登录记录");
      await browser.go(it, "/audit");
      await it.getByText("您的角色不能查看这个页面").waitFor();
      await it.context().close();

      const auditor = await browser.visitor({ role: "auditor" });
      await browser.go(auditor, "/audit?tab=events");
      await auditor.getByRole("cell", { name: "新建账号" }).first().waitFor();
      await auditor.getByRole("cell", { name: "重置密码" }).waitFor();
      await browser.picture(auditor, "audit-events");
      expect(await browser.faults(auditor)).toEqual([]);
      await auditor.getByText("个人信息查看记录").click();
      await auditor.getByText("还没有人查看过个人信息").waitFor();
      expect(await auditor.getByRole("navigation").getByRole("link").allInnerTexts()).not.toContain("账号");
      await auditor.context().close();
    });

    test("everybody sees where they are signed in, and in the menu what their role may see", async () => {
      const page = await browser.visitor({ role: "publisher" });
      await browser.go(page, "/mine");
      await page.getByText("正在使用的这个").waitFor();
      await expect.poll(() => page.getByRole("button", { name: "结束", exact: true }).count()).toBe(0);
      await browser.picture(page, "mine");
      expect(await browser.faults(page)).toEqual([]);
      // A publisher's menu has what publishers need and nothing else.
      await expect
        .poll(() => page.getByRole("navigation").getByRole("link").allInnerTexts())
        .toEqual(["统计图", "评价", "规则", "期限计算", "工作日历"]);
      await page.context().close();
    });
  });
};
