// The core in a process of its own, which Electron calls a utility process: a screen that hangs or crashes costs no rating.

import { createHostLogger } from "../core/commands/logger.ts";
import { prepareDataDir } from "../core/config/data-dir.ts";
import { configOf, settingsInForce } from "../core/config/index.ts";
import { type ParentPort, serveCore } from "./core-service.ts";

const { parentPort } = process as unknown as { readonly parentPort: ParentPort };
const [, , dataDir = ""] = process.argv;

await serveCore(
  parentPort,
  async () => {
    const config = configOf(settingsInForce({ dataDir, env: process.env, flags: {} }));
    prepareDataDir(dataDir);
    const { startWindowPc } = await import("../core/window-pc.ts");
    return startWindowPc({ config, dataDir, logger: createHostLogger(config.log, dataDir) });
  },
  globalThis,
);
process.exit(0);
