import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { builderConfig, EXECUTABLE, PRODUCT } from "@window-rating/host-app/electron-builder";
import type { Configuration } from "electron-builder";
import { layAppTree } from "./app-tree.ts";
import { layCoreTree } from "./core-tree.ts";
import type { Machine } from "./lock-closure.ts";
import { pinFuses } from "./pin-fuses.ts";

/** Modules that Electron starts; everything else they name themselves. */
const ENTRIES = [
  "host-app/src/electron/main.ts",
  "host-app/src/electron/core-process.ts",
  "host-app/src/electron/preload.cjs",
  "host-app/src/core/main.ts",
];

/**
 * Lays out the app as it goes into Electron's archive. The program is in a folder of its own, because electron-builder leaves out what is
 * called node_modules at the top.
 * @param folder made here
 */
export const layElectronApp = async (root: string, folder: string, machine: Machine, version: string): Promise<{ screens: boolean }> => {
  const laid = await layAppTree({ root, target: path.join(folder, "app"), machine, version, entries: ENTRIES, left: [] });
  const manifest = {
    name: "window-rating",
    // Electron calls the user's folder of the app by it.
    productName: PRODUCT,
    version,
    description: "The window PC of Window Rating",
    author: "Window Rating <window-rating@hall.invalid>",
    homepage: "https://window-rating.invalid/",
    license: "Apache-2.0",
    type: "module",
    main: "app/host-app/src/electron/main.js",
  };
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return laid;
};

/**
 * Lays out window-host as a command, with a Node of its own: the app's program runs no scripts (its fuse RunAsNode is off), and set-up,
 * rescue and doctor must work where it does not start. There is no npm package of Node for Windows on ARM, which runs programs for x64.
 */
export const layCommand = async (root: string, folder: string, { os, cpu }: Machine, version: string): Promise<void> => {
  await layCoreTree(root, folder, { os, cpu: os === "win32" ? "x64" : cpu }, version);
};

/** The configuration for an app and a command that were laid out, for the Electron that is in package-lock.json. */
export const configFor = (app: string, command: string, out: string): Configuration => {
  const { version } = createRequire(import.meta.url)("electron/package.json") as { version: string };
  return builderConfig({
    app,
    command,
    out,
    electronVersion: version,
    afterPack: ({ appOutDir, electronPlatformName }) => pinFuses({ appOutDir, electronPlatformName, executableName: EXECUTABLE }),
  });
};
