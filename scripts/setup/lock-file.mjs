import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, [field: string]: unknown }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages by their place, such as "node_modules/zod"; the root is ""
 */

/** The file in which npm records what it has installed. */
const INSTALLED = "node_modules/.package-lock.json";

/** Our own note of what was installed *and* tried out. Inside node_modules, so that it goes when that goes. */
const STAMP = "node_modules/.window-rating-set-up";

/** The fields of a package.json that decide what is installed. */
const DECIDING = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "bin", "workspaces"];

/**
 * @param {string} file
 * @returns {any}
 */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * @param {string} root
 * @returns {string[]} "" and the folder of each workspace
 */
function manifestFolders(root) {
  return ["", ...readJson(path.join(root, "package.json")).workspaces];
}

/**
 * What decides about the installed packages, in one short text: the lock file, every package.json, and the kind of machine.
 *
 * @param {string} root
 */
export function fingerprint(root) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of ["package-lock.json", ...manifestFolders(root).map((folder) => path.join(folder, "package.json"))]) {
    hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

/** @param {string} root */
export function readStamp(root) {
  const file = path.join(root, STAMP);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * @param {string} root
 * @param {string} stamp
 */
export function writeStamp(root, stamp) {
  writeFileSync(path.join(root, STAMP), stamp);
}

/**
 * @param {string} root
 * @returns {LockedPackages}
 */
export function lockedPackages(root) {
  return readJson(path.join(root, "package-lock.json")).packages;
}

/**
 * Where node_modules and the lock file, or the lock file and a package.json, do not fit together; empty when nothing need be installed,
 * whoever installed what is there.
 *
 * @param {string} root
 * @returns {string[]} places such as "node_modules/zod" or "central/package.json"
 */
export function misfits(root) {
  if (!existsSync(path.join(root, INSTALLED))) return ["node_modules"];
  const locked = lockedPackages(root);
  const installed = /** @type {LockedPackages} */ (readJson(path.join(root, INSTALLED)).packages);
  const places = Object.entries(locked)
    .filter(([place, { version, link, optional }]) => {
      if (!place.includes("node_modules/")) return false;
      const there = installed[place];
      if (there === undefined) return optional !== true;
      return (link !== true && there.version !== version) || !existsSync(path.join(root, place));
    })
    .map(([place]) => place);
  const manifests = manifestFolders(root)
    .filter((folder) => !sameNeeds(readJson(path.join(root, folder, "package.json")), locked[folder]))
    .map((folder) => path.join(folder, "package.json"));
  return [...places, ...manifests];
}

/**
 * @param {Record<string, unknown>} manifest
 * @param {LockedPackage | undefined} locked
 */
function sameNeeds(manifest, locked) {
  return DECIDING.every((field) => sorted(manifest[field]) === sorted(locked?.[field]));
}

/** @param {unknown} value */
function sorted(value) {
  return JSON.stringify(typeof value === "object" && value !== null ? Object.entries(value).sort() : value);
}
