import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { printedPages } from "./test/printed-pages.ts";
import { qrModulesOn, qrText, qrTextOn } from "./test/qr-reader.ts";
import { axeViolations, BROWSER, isSound, isTold, openBrowser, openPage, says } from "./test/screen-browser.ts";
import { type ScreenStage, setScreenStage, ZHANG } from "./test/screen-stage.ts";

/** Paper, and the printable width of it, in millimetres. */
const PAPERS = [
  { paper: "A6", widthMm: 105, heightMm: 148, margin: 10 },
  // Printers for 58 mm print on 48 of them.
  { paper: "58 mm", widthMm: 58, heightMm: 150, margin: 5 },
] as const;

describe.skipIf(BROWSER === undefined)("A printed receipt (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let browser: Browser;
  let stage: ScreenStage;
  beforeAll(async () => {
    browser = await openBrowser();
    stage = await setScreenStage({ settings: { "screen-case-qr": "https://rate.example/c/{requestId}?case={caseNo}" } });
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  /** What the strip hands over to be printed, on a page of its own. */
  const receiptOf = async (caseNo: string, itemName: string, paper: string): Promise<Page> => {
    const watched = await openPage(await browser.newContext());
    const { page } = watched;
    await page.goto(await stage.openStrip());
    await stage.desk("/clerk/sign-in", { staffNo: ZHANG.staffNo, name: ZHANG.name });
    await page.locator(".details").filter({ hasText: ZHANG.name }).waitFor();
    await stage.desk("/cases", { caseNo, itemCode: "110101", itemName });
    await stage.desk(`/cases/${encodeURIComponent(caseNo)}/end`);
    await says(page, "请群众评价");
    await page.keyboard.press("Alt+8");
    await page.getByTestId("panel-code").getByRole("radio", { name: paper }).check();
    // What the citizen's phone reads from the screen, and from the paper below: the link of this very case.
    const { request } = await stage.state();
    expect(request?.code?.text).toContain(`?case=${encodeURIComponent(caseNo)}`);
    const code = page.getByTestId("panel-code").locator("svg.qr");
    expect(await qrTextOn(code)).toBe(request?.code?.text);
    const modules = await qrModulesOn(code);
    // No phone reads it turned over; nor does this reader.
    expect(() => qrText(modules.map((row, index) => row.map((_, column) => modules[column]?.[index] === true)))).toThrow();
    const frame = page.frame({ url: /receipt\.html/ });
    await frame?.evaluate(
      'window.print = () => { window.wasPrinted = true; }; addEventListener("message", ({ data }) => { window.told = data; })',
    );
    await page.getByRole("button", { name: "打印回执" }).click();
    await isTold(page, "已送打印");
    await vi.waitUntil(() => frame?.evaluate<boolean>("window.wasPrinted === true"));
    const told = await frame?.evaluate("window.told");
    await isSound(watched);
    // The frame cannot be printed by itself here; its page alone can, with the same content.
    await page.goto(new URL("/receipt.html", page.url()).href);
    await page.evaluate(`window.print = () => {}; window.postMessage(${JSON.stringify(told)}, location.origin)`);
    await page.locator("h1").waitFor();
    return page;
  };

  const LONG = { caseNo: "A-20261121-".repeat(5).concat("123456789"), itemName: "居民身份证补领换发及迁移（样例）".repeat(8) };

  for (const { paper, widthMm, heightMm, margin } of PAPERS)
    for (const { caseNo, itemName } of [
      { caseNo: `R-${paper.slice(0, 2)}`, itemName: "居民身份证补领（样例）" },
      { ...LONG, caseNo: `${LONG.caseNo.slice(0, 60)}-${paper.slice(0, 2)}` },
    ])
      test(`on ${paper} is one page of that size with all of its text on the paper, for a case number of ${caseNo.length} characters`, async () => {
        const page = await receiptOf(caseNo, itemName, paper);
        const pages = printedPages(await page.pdf({ preferCSSPageSize: true }));
        expect(pages).toHaveLength(1);
        const [printed] = pages;
        expect(Math.abs((printed?.widthMm ?? 0) - widthMm)).toBeLessThan(0.3);
        expect(Math.abs((printed?.heightMm ?? 0) - heightMm)).toBeLessThan(0.3);
        const texts = printed?.texts ?? [];
        expect(texts.length).toBeGreaterThan(20);
        for (const { xMm, yMm, sizeMm } of texts) {
          expect(xMm).toBeGreaterThanOrEqual(margin - 0.3);
          // A hyphen is a third as wide as it is high, and nothing is less.
          expect(xMm + sizeMm / 4).toBeLessThanOrEqual(widthMm - margin + 0.3);
          expect(yMm).toBeGreaterThan(3);
          expect(yMm).toBeLessThan(heightMm - 3);
          // 8.5 points and more: old eyes read it.
          expect(sizeMm).toBeGreaterThan(2.9);
        }
        expect(await axeViolations(page)).toEqual([]);
        const receipt = await page.locator("#receipt").innerText();
        expect(receipt.replaceAll("\n", "")).toContain(caseNo);
        expect(receipt).not.toContain(ZHANG.name);
        // The case number is never cut, and the code is large enough for a phone: half a millimetre a module and more.
        const [cut, moduleMm] = await page.evaluate<[number, number]>(`(() => {
          const cut = [...document.querySelectorAll("dd:not([data-name])")].filter((one) => one.scrollHeight > one.clientHeight + 1).length;
          const svg = document.querySelector("svg");
          return [cut, svg.getBoundingClientRect().width / svg.viewBox.baseVal.width * 25.4 / 96];
        })()`);
        const wide = await page.evaluate('document.querySelector("#receipt").scrollWidth - document.querySelector("#receipt").clientWidth');
        expect([cut, wide]).toEqual([0, 0]);
        expect(moduleMm).toBeGreaterThan(0.5);
        await page.emulateMedia({ media: "print" });
        expect(await qrTextOn(page.locator("svg"))).toBe((await stage.state()).request?.code?.text);
        await stage.desk(`/cases/${encodeURIComponent(caseNo)}/cancel`);
        await page.context().close();
      });
});
