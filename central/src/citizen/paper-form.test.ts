import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { browserPath, launchBrowser } from "../../test/browser.ts";
import { faultOn, openPage } from "../../test/citizen.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";

const path = browserPath();

describe("the paper form", () => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    citizen = await CitizenWorld.open(storage);
  });
  afterAll(async () => {
    await citizen.close();
    await storage.remove();
  });
  beforeEach(() => citizen.calm());

  const open = (query: Readonly<Record<string, string>> = {}) => openPage(`${citizen.world.url}/F/?${new URLSearchParams(query)}`);
  const boxesOn = (text: string): string[] =>
    [...text.matchAll(/<td><span class="box"><\/span>(.*?)<\/td>/gs)].map(([, cell = ""]) => cell.replace(/<[^>]+>/g, "").trim());

  test("has five equal boxes with nothing ticked, in the region's words, and room for everything else", async () => {
    const blank = await open();
    expect(blank.status).toBe(200);
    const boxes = boxesOn(blank.text);
    expect(boxes).toHaveLength(5);
    expect(boxes[0]).toContain("非常满意");
    expect(boxes[4]).toContain("非常不满意");
    // Nothing to type into, nothing that could be chosen beforehand.
    expect(blank.text).not.toMatch(/<(input|select|textarea|button|form|script)/);
    expect(blank.text).toContain("不得由被评价的工作人员录入");
    expect(blank.text).not.toContain("必填");
    await citizen.site({ region: "linxia" });
    expect((await open()).text).toContain("姓名（必填）");
  });

  test("bears what was given with its address, as text, and looks nothing up", async () => {
    const { text, status } = await open({ case: "B-1<b>", visit: "2", item: "样例事项", window: "3" });
    expect([status, text.includes("B-1&lt;b&gt;"), text.includes("样例事项")]).toEqual([200, true, true]);
    const unknown = await open({ case: "NOBODY-KNOWS-1" });
    expect([unknown.status, unknown.text.includes("NOBODY-KNOWS-1")]).toEqual([200, true]);
    for (const query of [{ visit: "100" }, { case: "" }, { staffNo: "1001" }, { case: "a\0b" }])
      expect((await open(query as Record<string, string>)).status).toBe(400);
  });

  test("draws the code of a case if central made it, and none that it did not", async () => {
    const { url } = await citizen.served();
    const code = url.split("/").at(-1) ?? "";
    const pictures = (text: string): number => text.match(/<svg/g)?.length ?? 0;
    expect([pictures((await open()).text), pictures((await open({ code })).text)]).toEqual([1, 2]);
    const forged = await open({ code: `${code.slice(0, -1)}${code.endsWith("0") ? "1" : "0"}` });
    expect([forged.status, faultOn(forged)]).toEqual([404, "WR7040"]);
  });

  test("is not handed out where the site takes no paper", async () => {
    await citizen.site({ closedChannels: ["paper"] });
    expect(faultOn(await open())).toBe("WR7026");
  });

  describe.skipIf(path === undefined)("in a browser (WINDOW_RATING_BROWSER names one)", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser(path ?? "");
    });
    afterAll(() => browser.close());

    test("fits one sheet of A4, and its five boxes are of one size", async () => {
      await citizen.site({ region: "linxia" });
      const { url } = await citizen.served();
      const query = new URLSearchParams({
        case: "371002-2026-000123",
        visit: "1",
        item: "居民身份证换领",
        window: "3",
        code: url.split("/").at(-1) ?? "",
      });
      const page = await browser.newPage({ javaScriptEnabled: false });
      await page.goto(`${citizen.world.url}/F/?${query}`);
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
      await page.emulateMedia({ media: "print" });
      const boxes = await Promise.all((await page.locator(".box").all()).map((box) => box.boundingBox()));
      const cells = await Promise.all((await page.locator(".boxes td").all()).map((cell) => cell.boundingBox()));
      expect(new Set(boxes.map((box) => `${box?.width} ${box?.height}`)).size).toBe(1);
      const widths = cells.map((cell) => cell?.width ?? 0);
      expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(1);
      expect(new Set(cells.map((cell) => cell?.height)).size).toBe(1);
      await page.close();
    });
  });
});
