// `npm run commands`: puts window-host, window-central and pad-sim into a folder of PATH, so that any shell finds them.
// They are links into this checkout; `npm run commands -- --remove` takes them away again.
import { existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isWritable } from "./program.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const COMMANDS = {
  "window-host": path.join(root, "host-app/bin/window-host.mjs"),
  "window-central": path.join(root, "central/bin/window-central.mjs"),
  "pad-sim": path.join(root, "firmware-sim/bin/pad-sim.mjs"),
};

const HELP = `Usage: npm run commands -- [--into <folder>] [--remove]

  npm run commands                       link the commands into npm's global folder, or into ~/.local/bin
  npm run commands -- --into ~/bin       link them into another folder
  npm run commands -- --remove           take the links away again
`;

/** @param {NodeJS.ProcessEnv} env */
function foldersOnPath(env) {
  return (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
}

/**
 * The first folder that shells look into and that we may write to.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
function chooseFolder(env) {
  const onPath = new Set(foldersOnPath(env).map((folder) => path.resolve(folder)));
  const globalPrefix = env.npm_config_global_prefix;
  const candidates = [path.join(homedir(), ".local/bin")];
  if (globalPrefix !== undefined) candidates.unshift(path.join(globalPrefix, "bin"));
  return candidates.find((folder) => onPath.has(folder) && isWritable(existsSync(folder) ? folder : path.dirname(folder)));
}

/**
 * @param {string} link
 * @param {string} target
 * @returns {"none" | "ours" | "other"} what stands at the place of the link; only what is ours may be replaced
 */
function standsAt(link, target) {
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there === undefined) return "none";
  return there.isSymbolicLink() && path.basename(readlinkSync(link)) === path.basename(target) ? "ours" : "other";
}

/** How to reach the commands where no folder is fit for links; npm has put them into node_modules/.bin already. */
function printHowTo() {
  const bin = path.join(root, "node_modules", ".bin");
  const line = process.platform === "win32" ? `setx PATH "%PATH%;${bin}"` : `export PATH="${bin}:$PATH"`;
  console.log(`No folder of PATH can be written to. Add the folder of the commands to your PATH:\n  ${line}`);
}

function main() {
  const { values } = parseArgs({
    options: { into: { type: "string" }, remove: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const folder = values.into ?? (process.platform === "win32" ? undefined : chooseFolder(process.env));
  if (folder === undefined) {
    printHowTo();
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, target] of Object.entries(COMMANDS)) {
    const link = path.join(folder, name);
    const there = standsAt(link, target);
    if (there === "other") {
      console.error(`${link} belongs to another program and was left alone. Choose another folder with --into.`);
      process.exitCode = 1;
      continue;
    }
    rmSync(link, { force: true });
    if (!values.remove) symlinkSync(realpathSync(target), link);
    console.log(values.remove ? `removed ${link}` : `${link} → ${target}`);
  }
}

try {
  main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  process.exitCode = 2;
}
