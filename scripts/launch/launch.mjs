// Runs on whatever Node started the command (20 or newer): no dependency, no TypeScript here.
import { spawn } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Signals by which people, shells and service managers speak to a command. */
const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGWINCH"]);

/**
 * Runs a command's entry module on the Node that the workspace pins: in this process when it is that Node already, else in a
 * child of it. The entry runs when it is imported and finds its arguments in `process.argv.slice(2)`.
 *
 * @param {URL} entry the `main.ts` to run
 */
export async function launch(entry) {
  const pinned = pinnedNode();
  if (process.version === `v${pinned.version}` || process.execPath === pinned.path) await runHere(entry, pinned.modules);
  else runOn(pinned.path);
}

/**
 * The Node of the npm package `node`, as installed here.
 *
 * @returns {{ path: string, version: string, modules: string }} `modules` is the node_modules folder that holds it
 */
function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const { version, bin } = JSON.parse(readFileSync(manifest, "utf8"));
    const folder = path.dirname(manifest);
    return { path: realpathSync(path.join(folder, bin.node)), version, modules: path.dirname(folder) };
  } catch {
    const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
    console.error(`The Node that runs this command is not installed yet. Run once: cd "${root}" && npm run setup`);
    process.exit(1);
  }
}

/**
 * @param {URL} entry
 * @param {string} modules
 */
async function runHere(entry, modules) {
  module.enableCompileCache?.(path.join(modules, ".cache", "compile"));
  if (process.connected) stopWithLauncher();
  process.argv[1] = fileURLToPath(entry);
  await import(entry.href);
}

/** A launcher that is killed outright must not leave its child behind, holding the port and the database. */
function stopWithLauncher() {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
}

/**
 * Starts this same command once more on the given Node and stands for it: same terminal, signals passed on, same end.
 *
 * The child gets a session of its own. Otherwise Ctrl-C would reach it twice, from the terminal and from us, and the second
 * one reads as "stop at once". It keeps reading and writing the terminal: job control binds only processes of the terminal's session.
 *
 * @param {string} node
 */
function runOn(node) {
  const [, command = "", ...args] = process.argv;
  const windows = process.platform === "win32";
  const child = spawn(node, [...process.execArgv, realpathSync(command), ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: !windows,
  });
  const forwarders = FORWARDED.filter((signal) => !windows || signal === "SIGINT").map((signal) => {
    // A Windows console tells both processes itself.
    const forward = () => windows || child.kill(signal);
    process.on(signal, forward);
    return { signal, forward };
  });
  child.on("error", (error) => {
    console.error(`${node} cannot be started (${error.message}). Run npm run setup again in the workspace.`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const { signal: forwarded, forward } of forwarders) process.off(forwarded, forward);
    process.kill(process.pid, signal);
  });
}
