// npm run test:electron: drives the real Electron app, where there is an Electron to drive.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const HELP = `Drives the window PC under a real Electron: windows, isolation, one rating from the pad to the strip, a second start.

Usage: npm run test:electron -- [--require]

  --require   exit code 3 where it cannot run, instead of 0
  --help      print this

Electron is taken from ELECTRON_OVERRIDE_DIST_PATH, or from node_modules/electron/dist (npx install-electron fetches it). On Linux it needs
a display: DISPLAY or WAYLAND_DISPLAY, for instance by xvfb-run.
Exit codes: 0 passed, or did not run, which one line says; 1 failed; 2 bad usage; 3 did not run with --require.

Examples:
  npm run test:electron
  ELECTRON_OVERRIDE_DIST_PATH=/opt/electron xvfb-run npm run test:electron -- --require
`;

const root = path.resolve(import.meta.dirname, "../..");
const PROGRAM: Readonly<Record<string, string>> = { win32: "electron.exe", darwin: "Electron.app/Contents/MacOS/Electron" };

/** The Electron of this machine, or why there is none. */
export const findElectron = (
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): { readonly path: string } | { readonly why: string } => {
  const installed = path.join(path.dirname(createRequire(import.meta.url).resolve("electron/package.json")), "dist");
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH ?? installed;
  const program = path.join(folder, PROGRAM[platform] ?? "electron");
  if (!existsSync(program)) {
    return { why: `there is no Electron at ${env.ELECTRON_OVERRIDE_DIST_PATH === undefined ? "node_modules/electron/dist" : folder}` };
  }
  if (platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { why: "there is no display" };
  return { path: program };
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: { require: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const electron = findElectron(process.env);
  if ("why" in electron) {
    console.log(`test:electron did not run: ${electron.why}.`);
    return values.require ? 3 : 0;
  }
  const { layElectronApp } = await import("./electron-app.ts");
  const { runTrials } = await import("./electron-trials.ts");
  const work = mkdtempSync(path.join(tmpdir(), "electron-trial-"));
  try {
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
    const cpu = process.arch === "arm64" ? "arm64" : "x64";
    const app = path.join(work, "app");
    const { screens } = await layElectronApp(root, app, { os: process.platform === "win32" ? "win32" : "linux", cpu }, version);
    if (!screens) throw new Error("the screens are not built: run npm run setup");
    const { passed, failed } = await runTrials(electron.path, app, work);
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
  }
}
