import { execFileSync } from "node:child_process";
import path from "node:path";
import { isExecutable } from "../setup/program.mjs";

/**
 * A Node on PATH that is not the pinned one and that may start our commands: version 20 or newer.
 *
 * @param pinned version of the pinned one, such as "24.0.0"
 * @returns undefined where there is none
 */
export function findOtherNode(pinned: string, env: NodeJS.ProcessEnv = process.env): { path: string; version: string } | undefined {
  for (const folder of (env.PATH ?? "").split(path.delimiter)) {
    const node = path.join(folder, "node");
    if (folder === "" || !isExecutable(node)) continue;
    const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
    if (version !== `v${pinned}` && Number.parseInt(version.slice(1), 10) >= 20) return { path: node, version };
  }
  return undefined;
}
