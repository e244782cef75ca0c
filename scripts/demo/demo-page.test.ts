import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWebPanel } from "@window-rating/firmware-sim/web-panel";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../setup/browser.mjs";
import { servePage } from "./page-server.ts";
import { type Stage, setStage } from "./stage.ts";

const browserPath = findBrowser();
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const PATIENCE = 60_000;

describe.skipIf(browserPath === undefined)("the page of the demo in a real browser", () => {
  const undo = new AsyncDisposableStack();
  let stage: Stage;
  let origin: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-page-"));
    undo.defer(() => rmSync(folder, { recursive: true, force: true }));
    const served = await servePage(0);
    undo.defer(() => served.close());
    origin = served.origin;
    stage = await setStage({ folder, origin, timeoutSeconds: 60, say: () => {} });
    undo.defer(() => stage.close());
    const panel = await startWebPanel(stage.pad, { port: 0 });
    undo.defer(() => panel.close());
    served.show(stage, panel.url);
  });
  afterAll(() => undo.disposeAsync(), 30_000);

  test("lets a clerk end a case, a citizen press a star, and the rating appear at central, also after the window PC was killed", async () => {
    const browser = await chromium.launch({ executablePath: browserPath as string, args: FLAGS });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 860 } });
      page.setDefaultTimeout(PATIENCE);
      const broken: string[] = [];
      page.on("pageerror", (error) => broken.push(error.message));
      await page.goto(origin);
      const pad = page.frameLocator("#pad");
      const central = page.frameLocator("#central");
      const serve = async (level: number): Promise<void> => {
        await page.locator("#line[data-tone=good]").waitFor();
        await page.click("#end");
        await pad.locator(`[data-key="${level}"]`).waitFor();
        await page.locator("#log li").filter({ hasText: "请群众评价" }).first().waitFor();
        await pad.locator(`[data-key="${level}"]`).click();
        await page.locator("#log li").first().filter({ hasText: "已评价" }).waitFor();
      };
      await serve(4);
      await central.locator(".latest li", { hasText: "★★★★☆" }).waitFor();
      await page.click("[data-post='/crash-host']");
      await page.locator("#log li").first().filter({ hasText: "窗口电脑断电重启" }).waitFor();
      await serve(2);
      await central.locator(".latest li", { hasText: "★★☆☆☆" }).waitFor();
      // The clerk's own column never tells a level.
      expect(await page.locator(".clerk").innerText()).not.toMatch(/不满意|★/);
      expect(broken).toEqual([]);
      const picture = process.env.WINDOW_RATING_PICTURE;
      if (picture !== undefined) {
        for (const level of [5, 3, 5]) await serve(level);
        await page.click("#end");
        await page.locator("#log li").first().filter({ hasText: "请群众评价" }).waitFor();
        await page.screenshot({ path: picture });
      }
    } finally {
      await browser.close();
    }
  });

  test("serves its token to its own page alone: another host name and another origin are refused", async () => {
    const other = origin.replace("127.0.0.1", "localhost");
    expect((await fetch(`${other}/stage.json`)).status).toBe(403);
    expect((await fetch(`${origin}/crash-host`, { method: "POST", headers: { origin: "http://evil.example" } })).status).toBe(403);
    expect((await fetch(`${origin}/crash-host`, { method: "POST" })).status).toBe(403);
  });
});
