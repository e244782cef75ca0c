import { existsSync } from "node:fs";
import path from "node:path";
import { lockedPackages } from "./lock-file.mjs";
import { run } from "./program.mjs";
import { SetupError, step } from "./steps.mjs";

const PROGRESS_MS = 250;

/** What npm's error codes ask of the person who reads them. The first that fits is told. */
const ADVICE = /** @type {const} */ ([
  [/\bEUSAGE\b/, "package.json and package-lock.json do not fit together: run npm install once and commit the lock file."],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/,
    "The npm registry cannot be reached: check the network or npm's proxy and registry settings, then run the command again.",
  ],
  [
    /\b(EINTEGRITY|E404|ETARGET)\b/,
    "The registry in use does not serve the locked packages: check npm's registry setting (npm config get registry).",
  ],
  [/\b(EACCES|EPERM)\b/, "npm may not write here: make this folder and npm's cache your own, then run the command again."],
  [/\bENOSPC\b/, "The disk is full: free about 1 GB, then run the command again."],
]);

/**
 * Installs what the lock file names, all of it, silently. npm's warnings are about its own choices on this machine and never about
 * what the reader can mend here, so they are kept for the case that it fails.
 *
 * @param {string} root
 */
export async function installPackages(root) {
  const places = placesToFill(root);
  await step("packages from package-lock.json", async (update) => {
    const count = setInterval(() => update(filled(root, places), places.length), PROGRESS_MS);
    const { ok, output } = await npm(
      [
        "ci",
        "--loglevel=error",
        "--no-audit",
        "--no-fund",
        "--no-progress",
        "--ignore-scripts=false",
        "--include=dev",
        "--include=optional",
      ],
      root,
    );
    clearInterval(count);
    if (!ok) throw new SetupError("npm ci failed", adviceFor(output), output);
  });
}

/**
 * @param {string} output what npm printed
 */
export function adviceFor(output) {
  const known = ADVICE.find(([pattern]) => pattern.test(output));
  return known?.[1] ?? "Mend what npm says above, then run the command again.";
}

/**
 * @param {string} root
 * @returns {string[]} the places that npm will fill, but for packages of other platforms
 */
function placesToFill(root) {
  return Object.entries(lockedPackages(root))
    .filter(([place, { link, optional }]) => place.includes("node_modules/") && link !== true && optional !== true)
    .map(([place]) => path.join(place, "package.json"));
}

/**
 * @param {string} root
 * @param {readonly string[]} places
 */
function filled(root, places) {
  return places.filter((place) => existsSync(path.join(root, place))).length;
}

/**
 * Runs the npm that started this command, or the one on PATH.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const { npm_execpath: cli, npm_node_execpath: node = process.execPath } = process.env;
  if (cli?.endsWith(".js")) return run(node, [cli, ...args], { cwd });
  return run("npm", args, { cwd, shell: process.platform === "win32" });
}
