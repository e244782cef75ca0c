import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import type { ConsoleStage } from "./console-stage.ts";

export const rulePages = (stage: ConsoleStage): void => {
  describe("rules and work in the console", () => {
    afterEach(() => stage.browser.expectQuiet());

    test("a region's rules quote their clauses, show both readings side by side, and say which one was chosen, by whom and when", async () => {
      const page = await stage.browser.visitor({ role: "publisher" });
      await stage.browser.go(page, "/policy");
      await page.getByRole("heading", { name: "延期整改" }).waitFor();
      // The site's own region is shown first.
      await expect.poll(() => page.getByRole("radio", { checked: true }).locator("..").innerText()).toMatch(/临夏[\s\S]*本站采用/);
      const rule = page.locator(".rule").filter({ has: page.getByRole("heading", { name: "延期整改" }) });
      await expect.poll(() => rule.locator(".side-by-side .reading").count()).toBeGreaterThanOrEqual(2);
      await expect.poll(() => rule.locator(".reading.chosen").count()).toBe(1);
      expect((await rule.locator("blockquote").allInnerTexts()).join()).toMatch(/10个工作日/);
      await expect.poll(() => rule.locator(".chosen-by").innerText()).toMatch(/于 \d{4}-\d{2}-\d{2} 选定/);
      await page.getByLabel("只看有两种读法的").check();
      await expect.poll(() => page.locator(".rule").count()).toBeGreaterThan(0);
      for (const one of await page.locator(".rule").all()) expect(await one.locator(".two-readings").count()).toBeGreaterThan(0);
      await stage.browser.picture(page, "policy");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.context().close();
    });

    test("a deadline is explained day by day, with a calendar, and can be sent to a colleague as an address", async () => {
      const page = await stage.browser.visitor({ role: "hall", scope: { is: "hall", hallNo: "H1" } });
      await stage.browser.go(page, "/explain");
      await page.getByText("请选择地区和规则，填写起点").waitFor();
      await page.getByLabel("地区").selectOption("weihai-lingang");
      await page.getByLabel("规则", { exact: true }).selectOption("rectification");
      await page.getByLabel("差评分类").selectOption("complex");
      await page.getByLabel("评价渠道").selectOption("online");
      await page.getByLabel("起点（北京时间）").fill("2022-03-01T10:00");
      await page.getByRole("button", { name: "计算" }).click();
      await page.getByText("2022-03-22 24:00 之前").first().waitFor();
      await expect.poll(() => page.locator(".counted-day[data-kind=counted]").count()).toBe(14);
      await expect.poll(() => page.locator(".counted-day[data-kind=due]").innerText()).toMatch(/22\s*止15/);
      await expect.poll(() => page.locator("blockquote").first().innerText()).toMatch(/15个工作日/);
      await stage.browser.picture(page, "explain");
      expect(await stage.browser.faults(page)).toEqual([]);
      const address = page.url();
      const colleague = await page.context().newPage();
      await colleague.goto(address);
      await colleague.getByText("2022-03-22 24:00 之前").first().waitFor();
      await colleague.close();
      // A year without a paper is refused, with what to do.
      await page.getByLabel("起点（北京时间）").fill("2035-03-01T10:00");
      await page.getByRole("button", { name: "计算" }).click();
      await page.getByRole("alert").getByText("WR7104 计算要用到的年份还没有放假通知").waitFor();
      // A class that decides is asked for.
      await stage.browser.go(page, "/explain?region=weihai-lingang&rule=rectification&at=2022-03-01T10:00");
      await page.getByRole("alert").getByText("WR7106").waitFor();
      await page.context().close();
    });

    test("a step without a number waits in the list until somebody who is signed in sets its date, with the reason", async () => {
      const page = await stage.browser.visitor({ role: "supervisor" });
      await stage.browser.go(page, "/steps");
      await page.getByText("没有这种状态的步骤").waitFor();
      await page.getByRole("button", { name: "开始一个步骤" }).click();
      const begin = page.getByRole("dialog");
      await begin.getByLabel("评价编号").fill("1");
      await begin.getByLabel("步骤").selectOption("verification");
      await begin.getByLabel("差评分类").selectOption("complex");
      await begin.getByLabel("评价渠道").selectOption("onsite");
      await begin.getByLabel("起算时间（北京时间）").fill("2026-03-02T09:00");
      await begin.getByRole("button", { name: "开始一个步骤" }).click();
      const table = page.getByRole("region", { name: "处理步骤" });
      await table.getByText("回访核实").waitFor();
      await table.getByText("待设定", { exact: true }).waitFor();
      await page.getByRole("button", { name: "设定日期" }).click();
      const form = page.getByRole("dialog", { name: /设定“回访核实”的日期/ });
      await form.getByLabel("到期日（当天24:00为止）").fill("2030-01-02");
      await form.getByRole("button", { name: "设定日期" }).click();
      await form.getByRole("alert").getByText("请写明理由。").waitFor();
      await form.getByLabel("理由").fill("评价人下周回国，约定届时回访");
      await stage.browser.picture(page, "step-date");
      await form.getByRole("button", { name: "设定日期" }).click();
      await page.getByText("没有这种状态的步骤").waitFor();
      await page.getByLabel("状态").selectOption("open");
      await page.getByRole("button", { name: "查询" }).click();
      await table.getByText("2030-01-02 24:00").waitFor();
      await table.getByText(/设定：评价人下周回国/).waitFor();
      await stage.browser.picture(page, "steps");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.context().close();
    });

    test("the calendar shows a year with its paper, holidays and make-up days, and says when a year has none", async () => {
      const page = await stage.browser.visitor({ role: "auditor" });
      await stage.browser.go(page, "/calendar?year=2025");
      await page.getByText("国办发明电〔2024〕12号").first().waitFor();
      await expect.poll(() => page.locator(".month").count()).toBe(12);
      const day = (date: string) => page.locator(`.day[title^="${date}"]`);
      await expect.poll(() => day("2025-01-28").getAttribute("data-kind")).toBe("holiday");
      await expect.poll(() => day("2025-01-26").getAttribute("data-kind")).toBe("make-up");
      await expect.poll(() => day("2025-01-28").innerText()).toMatch(/28\s*休/);
      await expect.poll(() => page.getByLabel("年份").inputValue()).toBe("2025");
      await stage.browser.picture(page, "calendar");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.getByLabel("地区").selectOption("xishuangbanna");
      await page.getByRole("button", { name: "显示" }).click();
      await page.getByText("地方节假日").waitFor();
      await expect.poll(() => day("2025-04-14").getAttribute("data-kind")).toBe("local-holiday");
      await stage.browser.go(page, "/calendar?year=2027");
      await page.getByText("2027 年还没有放假通知").waitFor();
      await page.context().close();
    });

    test("the jobs say what they did, what is due and what each will do next; messages are listed without a phone", async () => {
      const page = await stage.browser.visitor({ role: "it" });
      await stage.browser.go(page, "/jobs");
      await page.getByRole("cell", { name: "提醒评价" }).first().waitFor();
      await page.getByText("规则地区：临夏", { exact: false }).waitFor();
      await expect.poll(() => page.locator(".table").first().innerText()).toMatch(/运行中[\s\S]*做了 2 件[\s\S]*现在没有要做的/);
      await stage.browser.picture(page, "jobs");
      expect(await stage.browser.faults(page)).toEqual([]);
      await stage.browser.go(page, "/sms");
      await page.getByText("短信平台已接收").last().waitFor();
      expect(await page.locator("main").innerText()).not.toContain("138");
      await stage.browser.picture(page, "sms");
      await page.getByText("收到的回复").click();
      await page.getByText("还没有回复").waitFor();
      await page.context().close();
    });

    test("a file is tried before it is taken: every bad row is listed, nothing is written, and the mended file is taken once", async () => {
      const page = await stage.browser.visitor({ role: "it" });
      await stage.browser.go(page, "/imports");
      const { db } = stage.console.world;
      const clerks = () => db.selectFrom("registry").selectAll().where("kind", "=", "clerk").execute();
      const before = (await clerks()).length;
      await page.getByLabel("内容").selectOption("clerks");
      await page.getByRole("button", { name: "试读文件" }).click();
      await page.getByText("请先选择文件").waitFor();
      const choose = (text: string) =>
        page
          .getByLabel("文件（CSV 或 XLSX，最大 16 MB）")
          .setInputFiles({ name: "人员.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      await choose(`staffNo,name\n2001,赵六样例\n,孙七样例\n2003,${"长".repeat(80)}\n`);
      await page.getByRole("button", { name: "试读文件" }).click();
      await page.getByText("有 2 处问题，请在文件中改正后重新选择").waitFor();
      await expect.poll(() => page.locator(".card .table tbody").count()).toBe(2);
      await expect.poll(() => page.getByRole("button", { name: /正式导入/ }).count()).toBe(0);
      await stage.browser.picture(page, "import-bad");
      expect(await stage.browser.faults(page)).toEqual([]);
      await choose("staffNo,name\n2001,赵六样例\n2002,孙七样例\n");
      await expect.poll(() => page.getByText("有 2 处问题").count()).toBe(0);
      await page.getByRole("button", { name: "试读文件" }).click();
      await page.getByText("试读通过：2 行，2 行是新的，0 行已登记过").waitFor();
      expect((await clerks()).length).toBe(before);
      await page.getByRole("button", { name: "正式导入 2 行" }).click();
      await page.getByText("已导入：2 行新登记").waitFor();
      expect((await clerks()).length).toBe(before + 2);
      await page.getByRole("cell", { name: "人员.csv" }).waitFor();
      await stage.browser.go(page, "/registry?kind=clerk&text=2001");
      await page.getByRole("cell", { name: "赵六样例" }).waitFor();
      await page.getByText("变更历史").click();
      await page.locator(".versions li").first().waitFor();
      await stage.browser.picture(page, "registry");
      expect(await stage.browser.faults(page)).toEqual([]);
      await page.context().close();
    });

    test("a window PC's whole chain is verified while one watches", async () => {
      const page = await stage.browser.visitor({ role: "auditor" });
      await stage.browser.go(page, "/window-pcs?window=3");
      await page.getByRole("button", { name: "核验全链" }).click();
      await page.getByText(/条，全部相符/).waitFor();
      await stage.browser.picture(page, "window-pcs");
      expect(await stage.browser.faults(page)).toEqual([]);
      const { db } = stage.console.world;
      await sql`alter table entries disable trigger user`.execute(db);
      await db
        .updateTable("entries")
        .set({ hash: "00".repeat(32) })
        .where("number", "=", 2)
        .execute();
      await page.getByRole("button", { name: "核验全链" }).click();
      await page.getByText(/发现 \d+ 处不符/).waitFor();
      await page.context().close();
    });
  });
};
