import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { BROWSER, launchTablet } from "../../../test/tablet/browser.ts";
import { freePort } from "../../../test/tablet/cable.ts";
import { CAN_MAKE_CERTIFICATES } from "../../../test/tablet/certificate.ts";
import { Tablet } from "../../../test/tablet/hall.ts";
import { PageRig } from "../../../test/tablet/rig.ts";
import { BUILT_PAGE } from "./page-files.ts";

const canRun = BROWSER !== undefined && CAN_MAKE_CERTIFICATES;
const why = canRun ? "" : " (skipped: no Chromium, Chrome or Edge on PATH, or no openssl)";

describe.skipIf(!canRun)(`the page of a tablet when window-host brings a newer one${why}`, () => {
  test("is loaded anew while nobody is asked anything, and the tablet is still the pad", async () => {
    await using end = new AsyncDisposableStack();
    const newer = mkdtempSync(join(tmpdir(), "window-rating-newer-"));
    end.defer(() => rmSync(newer, { recursive: true, force: true }));
    cpSync(BUILT_PAGE, newer, { recursive: true });
    const edit = (name: string, from: RegExp, to: string): void => {
      const text = readFileSync(join(newer, name), "utf8");
      expect(text).toMatch(from);
      writeFileSync(join(newer, name), text.replace(from, to));
    };
    edit("index.html", /<title>.*<\/title>/, "<title>newer</title>");
    edit("worker.js", /[0-9a-f]{16}/, "newer");

    const port = await freePort();
    const settings = { port, bind: "127.0.0.1", certificate: null, certificateKey: null, origin: null };
    const before = await PageRig.open({ windowNos: ["12"], settings });
    end.defer(() => rmSync(before.folder, { recursive: true, force: true }));
    const browser = await launchTablet();
    end.defer(() => browser.close());
    const tablet = end.use(await Tablet.open(browser));
    await tablet.join(before.pads.offer("12", false).url);
    await tablet.page.waitForFunction("navigator.serviceWorker.controller !== null");
    // The first load was not yet under the worker's control.
    await tablet.reload();
    await vi.waitUntil(() => before.pads.list().windows[0]?.tablet?.isConnected === true);
    await before.pads.close();
    const after = end.use(await PageRig.open({ windowNos: ["12"], settings, dataDir: before.folder, built: newer }));
    await vi.waitUntil(async () => (await tablet.page.title().catch(() => "")) === "newer", { timeout: 60_000 });
    await vi.waitUntil(() => after.pads.list().windows[0]?.tablet?.isConnected === true, { timeout: 30_000 });
  });
});
