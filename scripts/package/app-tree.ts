import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleOf } from "./bundle.ts";
import { type LockedPlace, lockClosure, type Machine } from "./lock-closure.ts";
import { ownSources, readWorkspace } from "./own-sources.ts";
import { isInventory, isShipped } from "./shipped-file.ts";

export interface AppTree {
  readonly root: string;
  /** Made here; must not be there yet. */
  readonly target: string;
  readonly machine: Machine;
  readonly version: string;
  /** Modules of host-app that are started, from the root of the repository. */
  readonly entries: readonly string[];
  /** Dependencies of host-app that these entries do without. */
  readonly left: readonly string[];
  /** Packages that stay packages, while everything else becomes one bundle; without it each module stays a file, and each package a package. */
  readonly besideBundle?: readonly string[];
  /** An own build of better-sqlite3's machine code, for systems that are older than the one in its npm package. */
  readonly sqliteAddon?: string;
}

const HOST_APP = "host-app";

/** Data that our code reads beside itself. */
const DATA = ["device-profiles/profiles", "protocol/vectors"];

/** Built screens and citizen's pages; a tree without them serves none. */
const BUILT = "host-app/dist";

/**
 * Lays out the program as it is installed: our own code as JavaScript, the npm packages it needs, of each only what this machine runs.
 * Of a package that is in the bundle its licence and its package.json are left, which tell what the bundle holds.
 *
 * @returns whether the screens were built and are in it
 */
export const layAppTree = async (tree: AppTree): Promise<{ screens: boolean }> => {
  const { root, target, machine, version, entries, left, besideBundle, sqliteAddon } = tree;
  const locked: Record<string, LockedPlace> = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const places = lockClosure(locked, HOST_APP, machine, left);
  const workspaces = places.filter((place) => !place.includes("node_modules/")).map((folder) => readWorkspace(root, folder));
  const shippedFolder = (folder: string): string => {
    const name = workspaces.find((workspace) => workspace.folder === folder)?.name;
    return folder === HOST_APP || name === undefined ? folder : `node_modules/${name}`;
  };
  const put = (file: string, content: string | Buffer): void => {
    const to = path.join(target, file);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, content, { flag: "wx" });
  };
  const shippedPath = (file: string): string => {
    const folder = file.slice(0, file.indexOf("/"));
    return shippedFolder(folder) + file.slice(folder.length);
  };

  put("package.json", json({ name: "window-rating", version, type: "module", license: "Apache-2.0", main: firstAsJavascript(entries) }));
  for (const { folder, manifest } of workspaces) put(`${shippedFolder(folder)}/package.json`, json({ ...manifest, version }));
  if (besideBundle === undefined) for (const [file, text] of ownSources(root, workspaces, entries)) put(shippedPath(file), text);
  else
    for (const entry of entries)
      for (const [file, text] of await bundleOf({ root, entry, shippedPath, external: besideBundle })) put(file, text);
  const screens = existsSync(path.join(root, BUILT, "ui"));
  for (const folder of [...DATA, ...(screens ? [BUILT] : [])]) {
    for (const file of filesIn(path.join(root, folder)).filter((name) => !name.includes("/.") && !name.startsWith("."))) {
      const to = shippedPath(`${folder}/${file}`);
      if (!existsSync(path.join(target, to))) put(to, readFileSync(path.join(root, folder, file)));
    }
  }
  const whole = new Set(besideBundle?.flatMap((name) => lockClosure(locked, `node_modules/${name}`, machine)) ?? places);
  for (const place of places) {
    if (!place.includes("node_modules/")) continue;
    const folder = place.startsWith("node_modules/") ? "" : place.slice(0, place.indexOf("/"));
    const to = folder === "" ? place : shippedFolder(folder) + place.slice(folder.length);
    for (const file of filesIn(path.join(root, place))) {
      if (whole.has(place) ? isShipped(file, machine) : isInventory(file)) put(`${to}/${file}`, readFileSync(path.join(root, place, file)));
    }
  }
  if (sqliteAddon !== undefined) {
    cpSync(sqliteAddon, path.join(target, `node_modules/better-sqlite3/prebuilds/${machine.os}-${machine.cpu}.node`));
  }
  normaliseModes(target);
  return { screens };
};

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const firstAsJavascript = ([first = ""]: readonly string[]): string => first.replace(/\.ts$/, ".js");

/** Every file below, with forward slashes, sorted; of an npm package without the packages inside it, which have a place of their own. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((file) => !file.startsWith("node_modules/"))
    .sort();

/** What is installed does not depend on the umask of whoever built it. */
const normaliseModes = (folder: string): void => {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) normaliseModes(place);
    else chmodSync(place, 0o644);
  }
};
