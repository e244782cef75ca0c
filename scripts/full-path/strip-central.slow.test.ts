import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCentral } from "@window-rating/central";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { loadConfig, startHost } from "@window-rating/host-app/core";
import pino from "pino";
import { chromium } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { findBrowser } from "../setup/browser.mjs";

const browserPath = findBrowser();
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(browserPath === undefined)("the strip while central goes and comes", () => {
  const undo = new AsyncDisposableStack();
  afterEach(() => undo.disposeAsync());

  test("says that ratings wait and why, how many and since when; and that all is sent when central is back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-strip-"));
    undo.defer(() => rmSync(folder, { recursive: true, force: true }));
    const data = join(folder, "central");
    let central = await startCentral({ data, port: 0 });
    undo.defer(() => central.close());
    const port = Number(new URL(central.url).port);
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "STRIP-0001" });
    undo.defer(() => pad.close());
    const dataDir = join(folder, "window");
    const { token } = await runCommand("window-host", ["pair", "--name", "hall system", "--data", dataDir]);
    const { code } = await central.makeEnrolmentCode("8");
    const flags = {
      pad: pad.path,
      "pad-unpaired": "admit",
      central: central.url,
      "desk-port": "0",
      "screens-port": "0",
      window: "8",
      "sync-max-delay-seconds": "1",
    };
    const host = await startHost({
      config: loadConfig({ dataDir, env: {}, flags }),
      dataDir,
      enrolCode: code,
      logger: pino({ level: "silent" }),
    });
    undo.defer(() => host.close());
    const desk = deskClient(host.deskPort, String(token));
    await desk.signIn({ staffNo: "1001", name: "张三样例" });

    const browser = await chromium.launch({
      executablePath: browserPath as string,
      args: process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS,
    });
    undo.defer(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto((await host.screens.open("strip", undefined)).url);
    const says = (text: string | RegExp): Promise<void> => page.locator("h1").filter({ hasText: text }).waitFor();
    const tells = (text: string | RegExp): Promise<void> => page.locator(".details").filter({ hasText: text }).waitFor();
    const rate = async (caseNo: string): Promise<void> => {
      await desk.startCase({ caseNo, ...ITEMS[0] });
      await desk.endCase(caseNo);
      await says(`请群众评价：办件 ${caseNo}`);
      await pad.press(4);
      await says(`已收到评价：办件 ${caseNo}`);
    };

    await rate("N-1");
    await tells(/全部已上传.*上次同步/);
    await page.locator("main[data-tone=good]").waitFor();

    await central.close();
    await rate("N-2");
    await rate("N-3");
    await tells(/待上传 2 条，最早 \d+ 秒前/);
    await tells(/连不上中心；评价保存在本机，恢复后自动上传。（WR6001）/);
    await page.locator("main[data-tone=look]").waitFor();

    central = await startCentral({ data, port });
    await tells("全部已上传");
    await page.locator("main[data-tone=good]").waitFor();
    expect(await page.locator(".details").innerText()).not.toContain("WR");
  });
});
