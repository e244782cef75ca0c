import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCentral } from "@window-rating/central";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { loadConfig, startHost } from "@window-rating/host-app/core";
import Database from "better-sqlite3";
import pino from "pino";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommand } from "../../rig/child.ts";
import { findBrowser } from "../../setup/browser.mjs";
import { buildClient, CLIENT_FILE } from "./build-client.ts";
import { type BusinessSystem, startBusinessSystem } from "./server.ts";

const browserPath = findBrowser();
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];

const undo = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "window-rating-example-"));
undo.defer(() => rmSync(folder, { recursive: true, force: true }));
const client = join(folder, "client", CLIENT_FILE);

const AXE = join(import.meta.dirname, "..", "..", "..", "node_modules", "axe-core", "axe.min.js");

/** What axe finds on the page as it stands, of WCAG 2.1 A and AA. */
const axeViolations = async (page: Page): Promise<string[]> => {
  // Through the protocol of the browser, which the page's content security policy does not bind.
  await page.evaluate(readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
};

/** The addresses of links that were clicked, as the browser would hand them to the system; it starts no program here. */
const linksClicked = async (page: Page): Promise<readonly string[]> => {
  const devtools = await page.context().newCDPSession(page);
  const urls: string[] = [];
  devtools.on("Page.frameRequestedNavigation", ({ url, reason }) => {
    if (reason === "anchorClick") urls.push(url);
  });
  await devtools.send("Page.enable");
  return urls;
};

/** Opens a link as the system does: by what the handler of the package says to start. */
const openAsSystem = async (url: string, deskPort: number): Promise<unknown> => {
  const entry = readFileSync(join(import.meta.dirname, "..", "..", "package", "debian", "window-rating-link.desktop"), "utf8");
  const words = /^Exec=window-host (.*)$/m.exec(entry)?.[1]?.split(" ") ?? [];
  expect(words).toContain("%u");
  return runCommand("window-host", [...words.map((word) => (word === "%u" ? url : word)), "--port", String(deskPort)]);
};

beforeAll(() => buildClient(join(folder, "client")), 60_000);
afterAll(() => undo.disposeAsync(), 30_000);

describe("The built browser client", () => {
  test("is one module of less than 5 KB that imports nothing, with its types beside it", () => {
    const code = readFileSync(client);
    expect(code.length).toBeLessThan(5000);
    expect(code.toString()).not.toMatch(/\bimport\b|\brequire\(/);
    const types = readFileSync(client.replace(".js", ".d.ts"), "utf8");
    expect(types).toContain("export declare const connectDesk");
    expect(types).not.toMatch(/\bimport\b|from "/);
  });
});

describe.skipIf(browserPath === undefined)("The example page in a real browser, with a real window-host and central", () => {
  const dataDir = join(folder, "window");
  let system: BusinessSystem;
  let browser: Browser;
  let deskPort: number;
  let pad: SimulatedPad;

  beforeAll(async () => {
    const centralData = join(folder, "central");
    const central = await startCentral({ data: centralData, port: 0 });
    undo.defer(() => central.close());
    const { token } = await runCommand("window-host", ["pair", "--name", "server part", "--data", dataDir]);
    const added = await runCommand("window-central", ["system", "add", "--name", "server part", "--scope", "push", "--data", centralData]);
    pad = new SimulatedPad({ port: await TcpPort.open(0) });
    undo.defer(() => pad.close());
    const flags = { pad: pad.path, "pad-unpaired": "admit", central: central.url, "desk-port": "0", window: "1" };
    const { code } = await central.makeEnrolmentCode("1");
    const config = loadConfig({ dataDir, env: {}, flags });
    const host = await startHost({ config, dataDir, enrolCode: code, logger: pino({ level: "silent" }) });
    undo.defer(() => host.close());
    deskPort = host.deskPort;
    system = await startBusinessSystem(client);
    undo.defer(() => system.close());
    const pairing = { name: "server part", token: String(token) };
    const deskUrl = `http://127.0.0.1:${deskPort}`;
    system.show({ windowNo: "1", deskUrl, centralUrl: central.url, systemToken: String(added.token), pairing });
    browser = await chromium.launch({ executablePath: browserPath as string, args: FLAGS });
    undo.defer(() => browser.close());
  });

  const newestRequest = (): string => {
    const database = new Database(join(dataDir, "window.db"), { readonly: true });
    try {
      return database.prepare<[], { id: string }>("SELECT request_id AS id FROM requests ORDER BY rowid DESC LIMIT 1").get()?.id ?? "";
    } finally {
      database.close();
    }
  };

  test("is paired by a person who compares the code, and ends cases in all three ways; each time the pad asks, and a link asks once", async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    const clicked = await linksClicked(page);
    await page.goto(system.origin);
    await page.click("#pair");
    await page
      .locator("#code")
      .filter({ hasText: /^\d{3}-\d{3}$/ })
      .waitFor();
    const code = await page.locator("#code").innerText();
    expect(await axeViolations(page)).toEqual([]);
    const listed = await runCommand("window-host", ["pair", "--list", "--data", dataDir]);
    expect(listed.waiting).toMatchObject([{ name: "业务系统网页示例", origin: system.origin, code }]);
    await runCommand("window-host", ["pair", "--confirm", code, "--data", dataDir]);
    await page.locator("#window").waitFor();

    await page.click("#start");
    await page.locator("#trouble").filter({ hasText: "WR5004 No clerk signed in" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.click("#sign-in");
    await page.locator("#state").filter({ hasText: "张三样例" }).waitFor();
    for (const [index, way] of (["desk", "push", "link"] as const).entries()) {
      await page.click("#start");
      await page.locator("#state").filter({ hasText: "EX-" }).waitFor();
      await page.click(`[data-end=${way}]`);
      if (way === "link") {
        await page.locator("#link").waitFor();
        expect(await axeViolations(page)).toEqual([]);
        await page.click("#link");
        await vi.waitUntil(() => clicked.length === 1);
        await openAsSystem(clicked[0] ?? "", deskPort);
      }
      await page.locator("#log li").filter({ hasText: ": waiting" }).nth(index).waitFor();
      await page.locator("#state").filter({ hasText: "无办件" }).waitFor();
      const requestId = newestRequest();
      await vi.waitFor(() => expect(pad.face.requestId).toBe(requestId));
    }
    await expect(openAsSystem(clicked[0] ?? "", deskPort)).rejects.toThrow(/WR5036.*it was used before/s);
    await expect.poll(() => page.locator("#trouble").innerText()).toBe("");
    expect(broken).toEqual([]);
    const database = new Database(join(dataDir, "window.db"), { readonly: true });
    const rows = database
      .prepare<[], { trigger: string; by: string }>(
        "SELECT binding ->> '$.trigger' AS trigger, binding ->> '$.triggeredBy' AS by FROM requests ORDER BY rowid",
      )
      .all();
    database.close();
    expect(rows).toEqual([
      { trigger: "business-system", by: "业务系统网页示例" },
      { trigger: "push", by: "server part" },
      { trigger: "link", by: "server part" },
    ]);
  });
});
