import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./program.mjs";
import { SetupError, step } from "./steps.mjs";

/**
 * One app of screens, built by Vite.
 * @typedef {object} Screens
 * @property {string} folder the workspace that it belongs to; its `vite.config.ts` says how it is built
 * @property {string} out where it is built to, within that folder
 * @property {string} title for the line that is printed
 */

/** @type {readonly Screens[]} */
const SCREENS = [
  { folder: "central", out: "dist/web", title: "central's console" },
  { folder: "host-app", out: "dist/ui", title: "the window PC's screens" },
  // The page is the simulator's, and window-host serves it.
  { folder: "firmware-sim", out: "../host-app/dist/citizen", title: "the citizen's page" },
];

/** In each built folder: the files it was made of and their fingerprint. */
const STAMP = ".made-of.json";

/** What decides about every build besides its own sources. */
const COMMON = ["package-lock.json", "scripts/setup/build-screens.mjs"];

/**
 * Builds the screens whose sources changed since they were built last. Nothing changed: nothing is done or said.
 * A build is made aside and put in place when it is whole, so a folder in place is always a whole build.
 *
 * @param {string} root of the repository, with its packages installed
 * @param {string} node the pinned Node
 * @throws {SetupError}
 */
export async function ensureScreens(root, node) {
  for (const screens of SCREENS) {
    if (!existsSync(path.join(root, screens.folder, "vite.config.ts"))) continue;
    const place = path.join(root, screens.folder, screens.out);
    if (!isFresh(root, place)) await step(screens.title, () => build(root, node, screens, place));
  }
}

/**
 * @param {string} root
 * @param {string} place
 */
function isFresh(root, place) {
  const file = path.join(place, STAMP);
  if (!existsSync(file)) return false;
  const { files, fingerprint } = JSON.parse(readFileSync(file, "utf8"));
  // A folder that something else built has no fingerprint of ours.
  return Array.isArray(files) && fingerprint === fingerprintOf(root, files);
}

/**
 * @param {string} root
 * @param {string} node
 * @param {Screens} screens
 * @param {string} place
 */
async function build(root, node, screens, place) {
  const aside = `${place}.${randomUUID()}`;
  mkdirSync(path.dirname(place), { recursive: true });
  try {
    const config = path.join(root, screens.folder, "vite.config.ts");
    const { ok, output } = await run(node, [path.join(root, "scripts/setup/build-screens.mjs"), config, aside, root], { cwd: root });
    if (!ok) throw new SetupError(`Vite could not build ${screens.title}`, "Mend what it says above, then run the command again.", output);
    // What Vite read is known only now. A file that was changed meanwhile makes the next run build again.
    const used = JSON.parse(readFileSync(path.join(aside, STAMP), "utf8"));
    const files = [...new Set([...COMMON, `${screens.folder}/vite.config.ts`, `${screens.folder}/package.json`, ...used])].sort();
    writeFileSync(path.join(aside, STAMP), JSON.stringify({ fingerprint: fingerprintOf(root, files), files }));
    putInPlace(aside, place);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/**
 * A folder cannot be replaced in one step, so the old one steps aside first. Whoever is killed in between leaves nothing in place,
 * and the next run builds again. Of two builders at once the later one's build stays.
 *
 * @param {string} aside
 * @param {string} place
 */
function putInPlace(aside, place) {
  const old = `${place}.${randomUUID()}`;
  for (let tries = 0; ; tries++) {
    if (existsSync(place)) renameSync(place, old);
    try {
      renameSync(aside, place);
      break;
    } catch (error) {
      if (tries === 3) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} files relative to the root, with forward slashes; a missing one counts as changed
 */
function fingerprintOf(root, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const full = path.join(root, file);
    hash.update(`${file}\n`).update(existsSync(full) ? readFileSync(full) : "missing");
  }
  return hash.digest("hex");
}
