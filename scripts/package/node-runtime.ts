import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import type { Machine } from "./lock-closure.ts";

/** The Node of a machine other than the one that builds, as npm serves it; package-lock.json knows only this machine's. */
export const PINNED: { readonly version: string; readonly integrity: Readonly<Record<string, string>> } = {
  version: "24.21.0",
  integrity: {
    "linux-x64": "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    "linux-arm64": "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    "win-x64": "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  },
};

export interface NodeRuntime {
  readonly binary: string;
  readonly licence: string;
}

/**
 * The pinned Node for a machine: the one that is installed here, or else fetched with npm, checked, and kept in `.cache`.
 * @throws Error with advice if it is not to be had
 */
export const nodeRuntime = (root: string, { os, cpu }: Machine): NodeRuntime => {
  const { version } = JSON.parse(readFileSync(path.join(root, "node_modules/node/package.json"), "utf8")) as { version: string };
  const name = `node-${os === "win32" ? "win" : os}-${cpu}`;
  const program = os === "win32" ? "bin/node.exe" : "bin/node";
  // Its licence is the same for all; the npm package for Windows has none in it.
  const licence = path.join(root, `node_modules/node/node_modules/node-${process.platform}-${process.arch}/LICENSE`);
  if (os === process.platform && cpu === process.arch) return { binary: path.join(root, "node_modules/node", program), licence };
  const folder = path.join(root, ".cache", `${name}-${version}`);
  if (!existsSync(folder)) fetchNode(name, version, folder, program);
  return { binary: path.join(folder, program), licence };
};

const fetchNode = (name: string, version: string, folder: string, program: string): void => {
  const integrity = PINNED.integrity[name.slice("node-".length)];
  if (version !== PINNED.version || integrity === undefined)
    throw new Error(
      `scripts/package/node-runtime.ts knows no ${name}@${version}: put in what "npm view ${name}@${version} dist.integrity" says`,
    );
  const half = `${folder}.half`;
  mkdirSync(half, { recursive: true });
  execFileSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", half], {
    cwd: half,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const archive = path.join(half, `${name}-${version}.tgz`);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity)
    throw new Error(`${name}@${version} is not what was pinned: ${found}. Do not use it; ask whoever runs your registry`);
  execFileSync("tar", ["-xzf", archive, "--strip-components=1", "-C", half, `package/${program}`]);
  renameSync(half, folder);
};
