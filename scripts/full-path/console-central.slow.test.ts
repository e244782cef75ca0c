import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCentral } from "@window-rating/central";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { loadConfig, type startHost as Start, startHost } from "@window-rating/host-app/core";
import pino from "pino";
import { chromium, type Page } from "playwright-core";
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
// A dependency of the screens that are looked at here.
const AXE = createRequire(new URL("../../host-app/package.json", import.meta.url)).resolve("axe-core/axe.min.js");

/** Serious and critical violations of WCAG 2.1 A and AA on the page as it stands. */
const violations = async (page: Page): Promise<unknown> => {
  // Through the protocol of the browser, which the page's content security policy does not bind.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(readFileSync(AXE, "utf8"));
  return page.evaluate(`axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => id + ": " + nodes[0].html))`);
};

describe.skipIf(browserPath === undefined)("the console of a window PC with a real central", () => {
  const undo = new AsyncDisposableStack();
  afterEach(() => undo.disposeAsync());

  test("takes a new PC from an address and a code to a window that sends: site file, enrolment, versions, a central that is away, refused entries", async () => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-console-"));
    undo.defer(() => rmSync(folder, { recursive: true, force: true }));
    const at = (name: string): string => join(folder, name);
    const startAt = (port: number) => startCentral({ data: at("central"), port });
    let central = await startAt(0);
    undo.defer(() => central.close());
    const { url } = central;
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "CONSOLE-0001" });
    undo.defer(() => pad.close());

    // What IT staff did at another PC: a file for the hall, signed.
    writeFileSync(at("windows.csv"), `窗口,工作人员,端口\n8,1001 张三样例,${pad.path}\n9,1002 李四样例,\n`);
    await runCommand("window-host", ["site", "key", "--out", at("key.pem")]);
    await runCommand("window-host", ["config", "--set", "pad.unpaired=admit", "--data", at("model")]);
    const exported = ["site", "export", "--out", at("site.json"), "--name", "样例大厅", "--csv", at("windows.csv"), "--data", at("model")];
    await runCommand("window-host", exported);
    await runCommand("window-host", ["site", "sign", "--site", at("site.json"), "--key-file", at("key.pem")]);

    const start = async (dataDir: string, enrolCode?: string, flags: Readonly<Record<string, string>> = {}): ReturnType<typeof Start> =>
      startHost({
        config: loadConfig({ dataDir, env: {}, flags: { "desk-port": "0", "screens-port": "0", "sync-max-delay-seconds": "1", ...flags } }),
        dataDir,
        logger: pino({ level: "silent" }),
        ...(enrolCode === undefined ? {} : { enrolCode }),
      });
    const { token } = await runCommand("window-host", ["pair", "--name", "hall system", "--data", at("pc")]);
    let host = await start(at("pc"));
    undo.defer(() => host.close());

    const browser = await chromium.launch({
      executablePath: browserPath as string,
      args: process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS,
    });
    undo.defer(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const open = async (name: string, title: string): Promise<void> => {
      await page.evaluate(`location.hash = ${JSON.stringify(name)}`);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    };
    const openConsole = async (): Promise<void> => {
      await page.goto((await host.screens.open("console", undefined)).url);
      await page.getByRole("heading", { level: 1, name: "概况" }).waitFor();
    };
    const factOf = (name: string) =>
      page
        .locator(".facts > div")
        .filter({ has: page.getByText(name, { exact: true }) })
        .locator("dd");
    await openConsole();

    // What needs a hand leads to the page that says how.
    await page.getByText("还没有设置中心地址", { exact: false }).waitFor();
    await page.getByRole("link", { name: "去处理：中心与上传" }).first().click();
    await page.getByText("还没有中心地址。请到“窗口与本单位设置”页面", { exact: false }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator("main").getByRole("link", { name: "窗口与本单位设置" }).click();
    await page.getByRole("heading", { level: 1, name: "窗口与本单位设置" }).waitFor();

    // An address that leads nowhere, a code that is none, a central without a file: each in words, nothing is changed.
    const fetchFile = async (address: string, code: string): Promise<void> => {
      await page.getByLabel("中心地址").fill(address);
      await page.getByLabel("一次性代码", { exact: false }).fill(code);
      await page.getByRole("button", { name: "从中心取来并查看改动" }).click();
    };
    const refusal = page.getByRole("alert");
    await fetchFile("central.hall", "K7QM-2XWD-9TPA");
    await refusal.filter({ hasText: /中心地址须以 http.*WR5103/ }).waitFor();
    await fetchFile("http://127.0.0.1:9", "K7QM-2XWD-9TPA");
    await refusal.filter({ hasText: /连不上中心；请检查中心地址和网络.*WR6001/ }).waitFor();
    await fetchFile(url, "K7QM-2XWD-9TPA");
    await refusal.filter({ hasText: /登记码无效.*请在中心重新取一个.*WR7003/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await fetchFile(url, (await central.makeEnrolmentCode("8")).code);
    await refusal.filter({ hasText: /中心还没有配置文件.*WR8014/ }).waitFor();
    await runCommand("window-central", ["site-file", "put", at("site.json"), "--data", at("central")]);
    await runCommand("window-central", ["site", "--region", "linxia", "--by", "信息技术样例", "--data", at("central")]);
    // The code enrolled this PC; it needs no second one.
    await page.getByRole("button", { name: "从中心取来并查看改动" }).click();
    await page.getByRole("region", { name: "将要改动" }).getByText("pad.unpaired").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "采用第 1 版" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "采用第 1 版" }).click();
    await page.getByText("已采用。", { exact: false }).waitFor();
    expect(JSON.parse(readFileSync(join(at("pc"), "config.json"), "utf8"))).toMatchObject({ windowNo: "8", central: url });

    await host.close();
    host = await start(at("pc"));
    await openConsole();
    await open("queue", "中心与上传");
    await page.getByText("尚未登记").waitFor({ state: "detached" });
    // Versions of what central has told; central alone counts by the calendar.
    await expect.poll(() => factOf("名册版本").innerText()).toMatch(/^\d+$/);
    await expect.poll(() => factOf("评价原因版本").innerText()).toMatch(/^\d{4}/);
    await expect.poll(() => factOf("本单位规定版本").innerText()).toMatch(/^\d+$/);
    await expect.poll(() => factOf("工作日历").innerText()).toMatch(/^\d{4}–\d{4} 年，版本 [0-9a-f]+（期限由中心计算）$/);

    // Enrolled anew with a code: a bad one is refused in words, a good one holds at once.
    await page.getByLabel("一次性登记码").fill("K7QM");
    await page.getByRole("button", { name: "重新登记" }).click();
    await refusal.filter({ hasText: /一次性代码不完整/ }).waitFor();
    await page.getByLabel("一次性登记码").fill((await central.makeEnrolmentCode("8")).code);
    await page.getByRole("button", { name: "重新登记" }).click();
    await page.getByText("登记成功。").waitFor();
    await refusal.waitFor({ state: "detached" });

    // A central that is away, and is back.
    const port = Number(new URL(url).port);
    await central.close();
    await page.getByRole("button", { name: "立即联系中心" }).click();
    await page.getByText(/原因：连不上中心；请检查中心地址和网络.*WR6001/).waitFor();
    expect(await violations(page)).toEqual([]);
    central = await startAt(port);
    await page.getByRole("button", { name: "立即联系中心" }).click();
    await page.getByText(/原因：/).waitFor({ state: "detached" });
    await expect.poll(() => factOf("中心上次应答").innerText()).toMatch(/\d{4}/);

    // A folder that was copied to a second PC: the copy sends first, and what this PC then sends under the same number is refused.
    const rate = async (caseNo: string): Promise<void> => {
      const desk = deskClient(host.deskPort, String(token));
      await expect.poll(async () => (await desk.state()).pad.connection).toBe("ready");
      await desk.signIn({ staffNo: "1001", name: "张三样例" });
      await desk.startCase({ caseNo, ...ITEMS[0] });
      await desk.endCase(caseNo);
      await expect.poll(async () => (await desk.state()).request?.state).toBe("shown");
      await pad.press(4);
      await expect.poll(async () => (await desk.state()).request?.state).toBe("rated");
      await expect.poll(async () => (await desk.state()).queue.waiting).toBe(0);
    };
    await host.close();
    mkdirSync(at("copy"));
    for (const name of ["identity.json", "config.json", "pairings.json"]) copyFileSync(join(at("pc"), name), join(at("copy"), name));
    host = await start(at("copy"));
    await rate("N-1");
    await host.close();
    host = await start(at("pc"));
    await rate("N-2");
    await openConsole();
    await page.getByText("中心退回了 1 条记录", { exact: false }).waitFor();
    await open("queue", "中心与上传");
    const row = page.getByRole("region", { name: "被退回的记录" }).getByRole("row").filter({ hasText: "N-2" });
    await row.getByText("此编号在中心已有另一条记录。本机是否恢复过旧的数据库？", { exact: false }).waitFor();
    await row.getByText("WR7007").waitFor();
    expect(await row.innerText()).not.toMatch(/满意/);
    expect(await violations(page)).toEqual([]);
  });
});
