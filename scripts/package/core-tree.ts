import { chmodSync, cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { layAppTree } from "./app-tree.ts";
import type { Machine } from "./lock-closure.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { type SystemNeeds, systemNeeds } from "./system-needs.ts";

export interface CoreTree {
  readonly folder: string;
  readonly machine: Machine;
  readonly version: string;
  readonly screens: boolean;
  readonly needs: SystemNeeds;
}

/**
 * What the bundle does without: machine code, which lies in files of its own, and what fastify would load for schemas and trial requests of
 * its kind, which we have none of. Unread, it is no memory.
 */
const BESIDE_BUNDLE = [
  "better-sqlite3",
  "@serialport/bindings-cpp",
  "@fastify/ajv-compiler",
  "@fastify/fast-json-stringify-compiler",
  "light-my-request",
];

/**
 * Lays out window-host without Electron: the Node it runs on, the program, and on Linux `bin/window-host`. Runs wherever the folder is put.
 * @param sqliteAddon better-sqlite3's machine code, built on an older system than the one in its npm package
 */
export const layCoreTree = async (
  root: string,
  folder: string,
  machine: Machine,
  version: string,
  sqliteAddon?: string,
): Promise<CoreTree> => {
  const runtime = nodeRuntime(root, machine);
  const { screens } = await layAppTree({
    root,
    target: path.join(folder, "app"),
    machine,
    version,
    entries: ["host-app/src/core/main.ts"],
    left: ["electron-updater"],
    besideBundle: BESIDE_BUNDLE,
    ...(sqliteAddon === undefined ? {} : { sqliteAddon }),
  });
  const put = (from: string, to: string, mode: number): void => {
    mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
    cpSync(from, path.join(folder, to));
    chmodSync(path.join(folder, to), mode);
  };
  put(runtime.binary, machine.os === "win32" ? "runtime/node.exe" : "runtime/node", 0o755);
  put(runtime.licence, "runtime/LICENSE", 0o644);
  put(path.join(root, "LICENSE"), "LICENSE", 0o644);
  if (machine.os === "linux") {
    put(path.join(import.meta.dirname, "debian/program.sh"), "bin/window-host", 0o755);
    put(path.join(import.meta.dirname, "debian/window-host.service"), "system/window-host.service", 0o644);
    put(path.join(root, "scripts/udev/70-window-rating.rules"), "system/70-window-rating.rules", 0o644);
    put(path.join(import.meta.dirname, "debian/window-rating-link.desktop"), "system/window-rating-link.desktop", 0o644);
  }
  return { folder, machine, version, screens, needs: systemNeeds(folder, machine) };
};
