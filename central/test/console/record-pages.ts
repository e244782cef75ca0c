import type { Entry } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { makeEnrolmentCode } from "../../src/enrolment.ts";
import { WindowPc } from "../window-pc.ts";
import type { ConsoleStage } from "./console-stage.ts";

/** These two run in the page. */
const kindsOf = (items: unknown): (string | undefined)[] =>
  (items as { dataset: Record<string, string> }[]).map(({ dataset }) => dataset.kind);
const timesOf = (items: unknown): string[] => (items as { dateTime: string }[]).map(({ dateTime }) => dateTime);

export const recordPages = (stage: ConsoleStage): void => {
  describe("records in the console", () => {
    afterEach(() => stage.browser.expectQuiet());

    test("ratings are filtered by keyboard; the filter stands in the address and survives reloading and going back", async () => {
      const page = await stage.browser.visitor({ role: "supervisor" });
      await stage.browser.go(page, "/ratings");
      const rows = page.locator(".table tbody");
      await rows.first().waitFor();
      const all = await rows.count();
      await expect.poll(() => page.locator(".count-place").innerText()).toBe(`${all} 条`);
      await stage.browser.picture(page, "ratings");
      await page.getByLabel("等级").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.getByRole("button", { name: "查询" }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/level=1%2C2/);
      const bad = page.getByText(/已显示 [1-9] 条/);
      await bad.waitFor();
      const [shown, levels] = [await bad.innerText(), await page.locator(".level").allInnerTexts()];
      expect(levels).toContain("★☆☆☆☆ 非常不满意");
      expect(levels.filter((text) => !text.endsWith("不满意"))).toEqual([]);
      await page.reload();
      await page.getByText(shown).waitFor();
      await expect.poll(() => page.getByLabel("等级").inputValue()).toBe("1,2");
      await page.goBack();
      await page.getByText(`已显示 ${all} 条`).waitFor();
      await page.getByLabel("等级").selectOption("2");
      await page.getByLabel("渠道").selectOption("hotline");
      await page.getByRole("button", { name: "查询" }).click();
      await page.getByText("没有符合条件的记录").waitFor();
      await page.getByRole("button", { name: "清除条件" }).click();
      await page.getByText(`已显示 ${all} 条`).waitFor();
      await page.context().close();
    });

    test("default ratings are marked in words wherever they stand, and can be asked for apart", async () => {
      const page = await stage.browser.visitor({ role: "publisher" });
      await stage.browser.go(page, "/ratings?given=no");
      await page.getByText("系统默认，非群众评价").first().waitFor();
      const texts = await page.locator(".table tbody").allInnerTexts();
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => !text.includes("系统默认，非群众评价"))).toEqual([]);
      await page.context().close();
    });

    test("one rating says in words what was verified just now, and shows a change in the database", async () => {
      const page = await stage.browser.visitor({ role: "auditor" });
      await stage.browser.go(page, "/ratings?channel=pad");
      await page.locator(".table tbody a").first().click();
      await page.getByText("核验通过").waitFor();
      await expect.poll(() => page.locator(".checks li").count()).toBeGreaterThanOrEqual(4);
      await expect.poll(() => page.locator(".checks").innerText()).toMatch(/签名：通过/);
      await stage.browser.picture(page, "rating");
      expect(await stage.browser.faults(page)).toEqual([]);
      const ratingNo = Number(new URL(page.url()).pathname.split("/").at(-1));
      const { db } = stage.console.world;
      // Whoever has the database itself can get past what guards its rows.
      await sql`alter table ratings disable trigger user`.execute(db);
      await db.updateTable("ratings").set({ level: 3 }).where("seq", "=", ratingNo).execute();
      await page.reload();
      await page.getByRole("status").getByText("核验不符").waitFor();
      await stage.browser.picture(page, "rating-bad");
      await page.context().close();
    });

    test("what a citizen wrote is shown after purpose and reason alone, and the look is on the case's story and the record", async () => {
      const page = await stage.browser.visitor({ role: "supervisor" });
      await stage.browser.go(page, "/ratings?words=yes");
      await page.locator(".table tbody a").first().click();
      await page.getByRole("button", { name: "查看留言与联系方式" }).click();
      const dialog = page.getByRole("dialog", { name: "查看个人信息" });
      await dialog.getByRole("button", { name: "记录并查看" }).click();
      await dialog.getByText("请选择用途").last().waitFor();
      await dialog.getByLabel("用途").selectOption("return-visit");
      await dialog.getByLabel("理由").fill("太短");
      await dialog.getByRole("button", { name: "记录并查看" }).click();
      await dialog.getByText("理由至少 10 个字").waitFor();
      await stage.browser.picture(page, "look");
      expect(await stage.browser.faults(page)).toEqual([]);
      await dialog.getByLabel("理由").fill("回访这条差评，核实窗口等候时间");
      await dialog.getByRole("button", { name: "记录并查看" }).click();
      await dialog.getByText("等候太久，没有人说明原因").waitFor();
      await dialog.getByText("13800001234").waitFor();
      await dialog.getByRole("button", { name: "关闭" }).last().click();
      await dialog.waitFor({ state: "hidden" });
      expect(await page.content()).not.toContain("13800001234");
      await stage.browser.go(page, `/cases/${stage.console.storyCaseNo}`);
      await page.locator(".story li[data-kind=look]").waitFor();
      const auditor = await stage.browser.visitor({ role: "auditor" });
      await stage.browser.go(auditor, "/audit");
      await auditor.getByText("回访这条差评，核实窗口等候时间").waitFor();
      await stage.browser.picture(auditor, "audit-looks");
      // Whoever keeps the keys and whoever audits never look.
      for (const role of ["it", "auditor"] as const) {
        const other = await stage.browser.visitor({ role });
        await stage.browser.go(other, "/ratings?words=yes");
        await other.locator(".table tbody a").first().click();
        await other.getByText("核验", { exact: false }).first().waitFor();
        await expect.poll(() => other.getByRole("button", { name: "查看留言与联系方式" }).count()).toBe(0);
        await other.context().close();
      }
      await auditor.context().close();
      await page.context().close();
    });

    test("a case tells its whole story in order: visit, deadline with its clause, reminder, message, default rating, and the rating given afterwards", async () => {
      const page = await stage.browser.visitor({ role: "agency", scope: { is: "agency", agencyCode: "A1" } });
      await stage.browser.go(page, "/cases");
      await page.getByLabel("办件编号开头").fill("STORY");
      await page.keyboard.press("Enter");
      await page.getByText("已显示 1 条").waitFor();
      await page.getByRole("link", { name: stage.console.storyCaseNo }).click();
      await page.locator(".story li").first().waitFor();
      const kinds = await page.locator(".story li").evaluateAll(kindsOf);
      for (const kind of ["told", "completed", "reminder", "sms", "rating"]) expect(kinds).toContain(kind);
      const times = await page.locator(".story time").evaluateAll(timesOf);
      expect(times).toEqual([...times].sort());
      const ratings = await page.locator(".story li[data-kind=rating]").allInnerTexts();
      expect(ratings.some((text) => text.includes("系统默认，非群众评价"))).toBe(true);
      expect(ratings.some((text) => text.includes("不满意"))).toBe(true);
      await stage.browser.picture(page, "case");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.getByText("期限与提醒").click();
      await expect.poll(() => page.locator(".story li[data-kind=rating]").count()).toBe(0);
      await page.context().close();
    });

    test("a refused report is shown with what to do, and taken again once its cause is gone", async () => {
      const page = await stage.browser.visitor({ role: "it" });
      await stage.browser.go(page, "/troubles");
      const row = page.locator(".table tbody").first();
      await row.getByText("completedAt").first().waitFor();
      await stage.browser.picture(page, "refused");
      expect(await stage.browser.faults(page)).toEqual([]);
      await row.getByRole("button", { name: "重新接收" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "重新接收" }).click();
      await page.getByRole("status").getByText("仍被拒绝").waitFor();
      await page.getByText("搁置的记录").click();
      const aside = page.locator(".table tbody").first();
      await aside.getByText("WR7009 这次请求已经评价过").waitFor();
      await stage.browser.picture(page, "set-aside");
      expect(await stage.browser.faults(page)).toEqual([]);
      await aside.getByRole("button", { name: "重新接收" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "重新接收" }).click();
      await page.getByRole("status").getByText("仍被拒绝").waitFor();
      await page.getByRole("button", { name: "全部重新接收（1）" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "全部重新接收（1）" }).click();
      await page.getByRole("status").getByText("已接收 0 条，早已收到 0 条，仍被拒绝 1 条").waitFor();
      await page.getByText("异常", { exact: true }).last().click();
      await page.getByText("没有异常").waitFor();
      await page.context().close();
      const hall = await stage.browser.visitor({ role: "supervisor" });
      await stage.browser.go(hall, "/troubles");
      await hall.getByText("completedAt").first().waitFor();
      await expect.poll(() => hall.getByRole("button", { name: "重新接收" }).count()).toBe(0);
      await hall.context().close();
    });

    test("a file of a window PC's lost entries is taken in, a supervisor decides without seeing a level, and a PC that is gone is retired", async () => {
      const { world } = stage.console;
      const pc = new WindowPc("lost and found", "2");
      await pc.enrol(world.url, (await makeEnrolmentCode(world.db, "2", 60, world.nowMs)).code);
      const [one, ...lost] = [pc.entry(), pc.entry(pc.rating({ level: 1 })), pc.entry()] as [Entry, ...Entry[]];
      pc.goBackTo(one);
      await pc.send(world.url, [one, pc.entry(), pc.entry()], world.nowMs);
      const buffer = Buffer.from(JSON.stringify(pc.entryFile(lost)));

      const it = await stage.browser.visitor({ role: "it" });
      await stage.browser.go(it, "/troubles?tab=set-aside&window=2");
      await it.getByText("接收窗口电脑导出的记录文件").click();
      await it.getByRole("button", { name: "接收文件" }).click();
      await it.getByText("请先选择文件").waitFor();
      const file = it.getByLabel("文件（missing-entries.json");
      await file.setInputFiles({ name: "missing-entries.json", mimeType: "application/json", buffer: Buffer.from("{}") });
      await it.getByRole("button", { name: "接收文件" }).click();
      await it.getByText("WR7018").first().waitFor();
      await file.setInputFiles({ name: "missing-entries.json", mimeType: "application/json", buffer });
      await it.getByRole("button", { name: "接收文件" }).click();
      await it.getByRole("status").getByText("2 号窗口电脑的文件：共 2 条，计入 0 条，早已收到 0 条，搁置 2 条").waitFor();
      await it.getByText("来自导出文件").first().waitFor();
      await expect.poll(() => it.getByRole("button", { name: "不计入" }).count()).toBe(0);
      await stage.browser.picture(it, "entry-file");
      expect(await stage.browser.faults(it)).toEqual([]);

      const supervisor = await stage.browser.visitor({ role: "supervisor" });
      await stage.browser.go(supervisor, "/troubles?tab=set-aside&window=2");
      await supervisor.getByText("决定计入之前不显示等级和原文", { exact: false }).first().waitFor();
      await stage.browser.picture(supervisor, "undecided");
      expect(await stage.browser.faults(supervisor)).toEqual([]);
      // By keyboard alone; the oldest stands last.
      await supervisor.getByRole("button", { name: "计入", exact: true }).last().focus();
      await supervisor.keyboard.press("Enter");
      const dialog = supervisor.getByRole("dialog", { name: "2 号窗口电脑的第 2 条记录是否计入？" });
      await dialog.getByLabel("理由").waitFor();
      await stage.browser.picture(supervisor, "decide");
      expect(await stage.browser.faults(supervisor)).toEqual([]);
      await dialog.getByRole("button", { name: "计入", exact: true }).focus();
      await supervisor.keyboard.press("Enter");
      await dialog.getByText("请写明理由。").waitFor();
      await dialog.getByLabel("理由").focus();
      await supervisor.keyboard.type("已与评价器日志核对");
      await supervisor.keyboard.press("Tab");
      await supervisor.keyboard.press("Enter");
      await supervisor.getByRole("status").getByText("已接收").waitFor();
      await supervisor.locator(".table tbody", { hasText: "第 3 条" }).getByRole("button", { name: "不计入" }).click();
      const other = supervisor.getByRole("dialog", { name: "2 号窗口电脑的第 3 条记录是否计入？" });
      await other.getByLabel("理由").fill("当日停用，无法核对");
      await other.getByRole("button", { name: "不计入" }).click();
      await supervisor.getByRole("status").getByText("已决定不计入").waitFor();
      await supervisor.getByText("没有搁置的记录").waitFor();
      await stage.browser.go(supervisor, "/ratings?window=2&level=1");
      await supervisor.getByText("经人工决定计入").first().waitFor();
      await supervisor.locator(".table tbody", { hasText: "经人工决定计入" }).getByRole("link").first().click();
      await supervisor.getByText("已与评价器日志核对").waitFor();
      await expect.poll(() => supervisor.locator(".checks").innerText()).toMatch(/签名：通过/);
      await stage.browser.picture(supervisor, "rating-by-decision");
      expect(await stage.browser.faults(supervisor)).toEqual([]);

      await stage.browser.go(supervisor, "/window-pcs?window=2");
      await supervisor.getByRole("button", { name: "核验全链" }).waitFor();
      await expect.poll(() => supervisor.getByRole("button", { name: "停用" }).count()).toBe(0);
      await supervisor.context().close();
      await stage.browser.go(it, "/window-pcs?window=2");
      await it.getByRole("button", { name: "停用" }).focus();
      await it.keyboard.press("Enter");
      const retiring = it.getByRole("dialog", { name: "停用 2 号窗口的这台电脑？" });
      await retiring.getByLabel("理由").fill("电脑损坏，已报废");
      await stage.browser.picture(it, "retire");
      expect(await stage.browser.faults(it)).toEqual([]);
      await retiring.getByRole("button", { name: "停用" }).click();
      await it.getByText("已停用或已被替换").waitFor();
      await retiring.waitFor({ state: "hidden" });
      await expect.poll(() => it.getByRole("button", { name: "停用" }).count()).toBe(0);
      await stage.browser.picture(it, "retired");
      expect(await stage.browser.faults(it)).toEqual([]);
      await it.context().close();
      const auditor = await stage.browser.visitor({ role: "auditor" });
      await stage.browser.go(auditor, "/audit?tab=events");
      for (const text of ["停用窗口电脑", "决定计入记录", "决定不计入记录", "接收导出的记录文件"])
        await auditor.getByText(text).first().waitFor();
      await auditor.context().close();
    });

    test("charts keep given and default ratings apart, and say every number in a table", async () => {
      const page = await stage.browser.visitor({ role: "publisher" });
      await stage.browser.go(page, "/charts");
      await page.getByRole("heading", { name: "每日评价，按等级（仅群众评价）" }).waitFor();
      await page.locator(".chart canvas").first().waitFor();
      await page.getByText("看数字表格").first().click();
      const cells = await page.locator(".picture").first().locator("tbody").last().locator("td").allInnerTexts();
      // Today: five, four, three, two, one, default, not rated, share.
      expect(
        cells
          .slice(1, 8)
          .map(Number)
          .reduce((sum, value) => sum + value, 0),
      ).toBeGreaterThan(0);
      expect(cells[6]).toBe("0");
      await page.getByRole("heading", { name: "每日默认评价（系统设定）" }).waitFor();
      await stage.browser.picture(page, "charts");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.context().close();
    });
  });
};
