// Makes a fresh clone ready: `npm start`, `npm test` and the other commands run it first. It does nothing when nothing changed.
// Runs on whatever Node is on the machine (20 or newer), before anything is installed: no dependency, no TypeScript.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowser } from "./browser.mjs";
import { fingerprint, misfits, readStamp, writeStamp } from "./lock-file.mjs";
import { installPackages } from "./packages.mjs";
import { run } from "./program.mjs";
import { ensureScreens } from "./screens.mjs";
import { ensureSer2net } from "./ser2net.mjs";
import { SetupError, step } from "./steps.mjs";

const OLDEST_NODE = 20;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const pinnedNode = path.join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

async function prepare() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetupError(
      `this is Node ${process.version}`,
      `Install Node ${OLDEST_NODE} or newer; the Node that the project runs on comes with its packages.`,
    );
  }
  const wanted = fingerprint(root);
  if (readStamp(root) !== wanted || !existsSync(pinnedNode)) {
    if (misfits(root).length > 0 || !existsSync(pinnedNode)) await installPackages(root);
    await tryNativeModules();
    writeStamp(root, wanted);
  }
  await ensureScreens(root, pinnedNode);
  if (process.argv[2] === "test") {
    for (const missing of [await ensureBrowser(), await ensureSer2net()]) {
      if (missing !== undefined) process.stderr.write(`set-up: ${missing}\n`);
    }
  }
}

async function tryNativeModules() {
  await step("the pinned Node and the modules with machine code", async () => {
    const { ok, output } = await run(pinnedNode, [path.join(root, "scripts/setup/native-modules.mjs")]);
    if (!ok) {
      const advice = `There may be no ready-made build for ${process.platform} ${process.arch}: see the module's page, or delete node_modules and run the command again.`;
      throw new SetupError("a module does not load", advice, output);
    }
  });
}

try {
  await prepare();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.output}set-up: ${error.message}. ${error.advice}\n`);
  process.exit(1);
}
