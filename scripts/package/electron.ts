// npm run package:electron: the window PC with Electron, for Windows and Linux.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Arch, build, Platform } from "electron-builder";
import { configFor, layCommand, layElectronApp } from "./electron-app.ts";
import type { Machine } from "./lock-closure.ts";

const HELP = `Packages the window PC with Electron: an installer for Windows (NSIS), or a Debian package and an AppImage for Linux.

Usage: npm run package:electron -- [--for win|linux] [--arch x64|arm64] [--dir] [--out <folder>]

  --for    system of the PCs; linux by default
  --arch   processor of the PCs; this machine's by default
  --dir    only the unpacked program, to try it
  --out    where the packages go; dist/packages by default
  --help   print this

electron-builder fetches Electron and its tools when it runs first: ELECTRON_MIRROR and ELECTRON_BUILDER_BINARIES_MIRROR name other places
for them. Signing on Windows takes CSC_LINK and CSC_KEY_PASSWORD. The fuses are burnt in and read back; a wrong one fails the build.
Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  npm run package:electron -- --for win --arch x64
  npm run package:electron -- --dir
`;

const root = path.resolve(import.meta.dirname, "../..");

const readFlags = () => {
  const { values } = parseArgs({
    options: {
      for: { type: "string", default: "linux" },
      arch: { type: "string", default: process.arch },
      dir: { type: "boolean", default: false },
      out: { type: "string", default: path.join(root, "dist/packages") },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.for !== "win" && values.for !== "linux") throw new TypeError(`--for ${values.for}: there are win and linux`);
  if (values.arch !== "x64" && values.arch !== "arm64") throw new TypeError(`--arch ${values.arch}: there are x64 and arm64`);
  const machine: Machine = { os: values.for === "win" ? "win32" : "linux", cpu: values.arch };
  return { ...values, machine };
};

const main = async (): Promise<void> => {
  const { machine, dir, out, help } = readFlags();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
  const work = mkdtempSync(path.join(tmpdir(), "window-rating-app-"));
  try {
    const app = path.join(work, "app");
    const { screens } = await layElectronApp(root, app, machine, version);
    if (!screens) throw new Error("the screens are not built: run npm run setup");
    const command = path.join(work, "command");
    await layCommand(root, command, machine, version);
    const platform = machine.os === "win32" ? Platform.WINDOWS : Platform.LINUX;
    const targets = platform.createTarget(dir ? "dir" : undefined, machine.cpu === "x64" ? Arch.x64 : Arch.arm64);
    const files = await build({ projectDir: root, targets, config: configFor(app, command, path.resolve(out)), publish: "never" });
    for (const file of files) console.log(file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
