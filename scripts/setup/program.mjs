import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/**
 * Runs a program to its end and keeps what it prints.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<{ ok: boolean, output: string }>} standard output and standard error as they came; a program that cannot be started is not ok
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/**
 * @param {string} file
 * @returns {boolean} whether it is there and may be run
 */
export function isExecutable(file) {
  return mayAccess(file, constants.X_OK);
}

/**
 * @param {string} folder
 * @returns {boolean} whether it is there and files may be put into it
 */
export function isWritable(folder) {
  return mayAccess(folder, constants.W_OK);
}

/**
 * @param {string} place
 * @param {number} mode
 */
function mayAccess(place, mode) {
  try {
    accessSync(place, mode);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds a program in the folders of PATH.
 *
 * @param {readonly string[]} names in order of preference
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} its full path
 */
export function findOnPath(names, env = process.env) {
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const candidates = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return candidates.find(isExecutable);
}
