import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { runCommand } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";
import { packedElectron, pinFuses } from "./pin-fuses.ts";

const PATIENCE = 60_000;
const CLERK = { staffNo: "1001", name: "张三样例" };
const ITEM = { itemCode: "110101", itemName: "居民身份证补领" };

interface Stage {
  readonly app: ElectronApplication;
  readonly strip: Page;
  readonly pad: SimulatedPad;
  readonly dataDir: string;
  readonly token: string;
  /** For files of a trial. */
  readonly work: string;
}

/** What is tried of the running app, one after the other. */
const TRIALS: readonly (readonly [string, (stage: Stage) => Promise<void>])[] = [
  [
    "the strip is a page of our own scheme, on top of all windows, and did not take the focus",
    async ({ app, strip }) => {
      assert.equal(strip.url(), "window-rating-app://screens/strip.html?window=12");
      const [window] = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((each) => ({ top: each.isAlwaysOnTop(), focused: each.isFocused(), visible: each.isVisible() })),
      );
      assert.deepEqual(window, { top: true, focused: false, visible: true });
    },
  ],
  [
    "a page has no Node, no Electron, no net, no other window, and no permission",
    async ({ strip }) => {
      const found = await strip.evaluate(async () => {
        const page = globalThis as unknown as Record<string, unknown> & { open(url: string): unknown };
        const reached = await fetch("http://127.0.0.1:9/").then(
          () => true,
          () => false,
        );
        return { require: typeof page.require, process: typeof page.process, opened: page.open("https://example.org/") !== null, reached };
      });
      assert.deepEqual(found, { require: "undefined", process: "undefined", opened: false, reached: false });
    },
  ],
  [
    "a press on the pad reaches the strip, and the level does not",
    async ({ strip, pad, dataDir, token }) => {
      const { deskPort } = JSON.parse(readFileSync(path.join(dataDir, "control.json"), "utf8")) as { deskPort: number };
      const desk = deskClient(deskPort, token);
      await until("the pad", PATIENCE, async () => (await desk.state()).pad.connection === "ready");
      await desk.signIn(CLERK);
      await desk.startCase({ caseNo: "ELECTRON-1", ...ITEM });
      const { requestId } = await desk.endCase("ELECTRON-1");
      await until("the invitation", PATIENCE, () => pad.face.phase === "inviting" && pad.face.requestId === requestId);
      await pad.press(1);
      await strip.getByText("已收到评价").first().waitFor({ timeout: PATIENCE });
      assert.doesNotMatch(await strip.locator("body").innerText(), /非常不满意/);
    },
  ],
  [
    "the fuses of this Electron are those that we decide about, no more and no fewer, and can be burnt in and read back",
    async ({ app, work }) => {
      const program = await app.evaluate(({ app: running }) => running.getPath("exe"));
      // A copy: burning changes the file. `pinFuses` throws when one is missing, new, or not as decided afterwards.
      const packed = { appOutDir: path.join(work, "fuses"), electronPlatformName: process.platform, executableName: "electron" };
      mkdirSync(packed.appOutDir);
      copyFileSync(program, packedElectron(packed));
      await pinFuses(packed);
    },
  ],
  [
    "the core is in a process of its own: a strip that crashes costs it nothing, and comes back by itself",
    async ({ app, strip, dataDir, token }) => {
      const corePid = (): Promise<number | undefined> =>
        app.evaluate(({ app: running }) => running.getAppMetrics().find(({ name }) => name === "window-rating core")?.pid);
      const before = await corePid();
      assert.ok(before !== undefined);
      const crashed = strip.waitForEvent("crash", { timeout: PATIENCE });
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
      await crashed;
      const { deskPort } = JSON.parse(readFileSync(path.join(dataDir, "control.json"), "utf8")) as { deskPort: number };
      assert.equal((await deskClient(deskPort, token).state()).pad.connection, "ready");
      assert.equal(await corePid(), before);
      await until("the strip", PATIENCE, () =>
        app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]
            ?.webContents.executeJavaScript("document.querySelector('main.strip h1') !== null")
            .catch(() => false),
        ),
      );
    },
  ],
];

/** Starts the app on a window PC with a simulated pad, and tries everything. */
export const runTrials = async (electron: string, appFolder: string, work: string): Promise<{ passed: number; failed: number }> => {
  const undo = new AsyncDisposableStack();
  const counts = { passed: 0, failed: 0 };
  try {
    const dataDir = path.join(work, "data");
    const pad = new SimulatedPad({ port: await TcpPort.open(0), storeFile: path.join(work, "pad.store"), serialNumber: "ELECTRON-1" });
    undo.defer(() => pad.close());
    const settings = { windowNo: "12", deskPort: "0", "pad.port": pad.path, "pad.unpaired": "admit" };
    const sets = Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    await runCommand("window-host", ["config", ...sets, "--data", dataDir]);
    const { token } = await runCommand("window-host", ["pair", "--name", "hall", "--data", dataDir]);
    // Root has no sandbox in Chromium; everybody else keeps it.
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const app = await _electron.launch({
      executablePath: electron,
      args: [...asRoot, `--user-data-dir=${path.join(work, "user")}`, appFolder],
      env: { ...(process.env as Record<string, string>), WINDOW_RATING_DATA: dataDir },
      timeout: PATIENCE,
    });
    undo.defer(() => app.close());
    const strip = await app.firstWindow({ timeout: PATIENCE });
    await strip.waitForLoadState();
    for (const [name, trial] of TRIALS) {
      try {
        await trial({ app, strip, pad, dataDir, token: String(token), work });
        counts.passed++;
        console.log(`ok     ${name}`);
      } catch (error) {
        counts.failed++;
        console.log(`failed ${name}: ${(error as Error).message}`);
      }
    }
  } finally {
    await undo.disposeAsync();
  }
  return counts;
};
