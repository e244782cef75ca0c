import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STORAGES } from "../storages.ts";
import { ConsoleBrowser } from "./console-browser.ts";
import { ConsoleWorld } from "./console-world.ts";

/** A central with something to show, and a browser to look at it. */
export interface ConsoleStage {
  readonly console: ConsoleWorld;
  readonly browser: ConsoleBrowser;
  close(): Promise<void>;
}

/** @param browserPath the browser's program */
export const setConsoleStage = async (browserPath: string): Promise<ConsoleStage> => {
  const folder = mkdtempSync(join(tmpdir(), "console-keys-"));
  const storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  const world = await ConsoleWorld.open(storage, folder);
  const browser = await ConsoleBrowser.open(browserPath, world.world);
  return {
    console: world,
    browser,
    async close() {
      await browser.close();
      await world.close();
      await storage.remove();
      rmSync(folder, { recursive: true });
    },
  };
};
