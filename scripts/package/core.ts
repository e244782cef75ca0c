// npm run package:core: window-host without Electron, as a tarball and as a Debian package.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { layCoreTree } from "./core-tree.ts";
import { buildDeb, debName } from "./deb.ts";
import type { Machine } from "./lock-closure.ts";
import { sourceDate, stampTimes } from "./reproducible.ts";
import { packTarball } from "./tarball.ts";

const HELP = `Packages window-host without Electron: a tarball that runs where it is unpacked, and a .deb with service and udev rules.

Usage: npm run package:core -- [--arch x64|arm64|all] [--only tarball|deb] [--out <folder>] [--sqlite-addon <file>] [--json]

  --arch          processor of the PCs; this machine's by default. The Node of another processor is fetched with npm.
  --only          one of the two; both by default
  --out           where the packages go; dist/packages by default
  --sqlite-addon  machine code of better-sqlite3 that you built on an older system, instead of the one from npm (docs/packages.md)
  --json          print JSON
  --help          print this

SOURCE_DATE_EPOCH sets the time in the packages; the newest commit's by default. The same commit makes the same bytes.
Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  npm run package:core
  npm run package:core -- --arch all --only deb --out /srv/packages
`;

const root = path.resolve(import.meta.dirname, "../..");

interface Packaged {
  readonly file: string;
  readonly oldestGlibc: string;
  readonly screens: boolean;
}

const readFlags = () => {
  const { values } = parseArgs({
    options: {
      arch: { type: "string", default: process.arch },
      only: { type: "string" },
      out: { type: "string", default: path.join(root, "dist/packages") },
      "sqlite-addon": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { arch, only } = values;
  if (arch !== "x64" && arch !== "arm64" && arch !== "all") throw new TypeError(`--arch ${arch}: there are x64, arm64 and all`);
  if (only !== undefined && only !== "tarball" && only !== "deb") throw new TypeError(`--only ${only}: there are tarball and deb`);
  if (arch === "all" && values["sqlite-addon"] !== undefined)
    throw new TypeError("--sqlite-addon is for one processor: name it with --arch");
  const cpus: Machine["cpu"][] = arch === "all" ? ["x64", "arm64"] : [arch];
  return { ...values, only, cpus };
};

const packageFor = async (machine: Machine, flags: ReturnType<typeof readFlags>): Promise<Packaged[]> => {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
  const seconds = sourceDate(root);
  const work = mkdtempSync(path.join(tmpdir(), "window-host-package-"));
  try {
    const name = `window-host-${version}-${machine.os}-${machine.cpu}`;
    const tree = await layCoreTree(root, path.join(work, name), machine, version, flags["sqlite-addon"]);
    stampTimes(tree.folder, seconds);
    const files: string[] = [];
    if (flags.only !== "deb") {
      files.push(path.join(flags.out, `${name}.tar.gz`));
      await packTarball(tree.folder, path.join(flags.out, `${name}.tar.gz`), seconds);
    }
    if (flags.only !== "tarball") {
      files.push(path.join(flags.out, debName(tree)));
      buildDeb(root, tree, path.join(work, "deb"), path.join(flags.out, debName(tree)), seconds);
    }
    return files.map((file) => ({ file, oldestGlibc: tree.needs.glibc, screens: tree.screens }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

const main = async (): Promise<number> => {
  const flags = readFlags();
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  mkdirSync(flags.out, { recursive: true });
  const made: Packaged[] = [];
  for (const cpu of flags.cpus) made.push(...(await packageFor({ os: "linux", cpu }, flags)));
  if (flags.json) console.log(JSON.stringify(made, null, 2));
  else
    for (const { file, oldestGlibc, screens } of made)
      console.log(`${file} (glibc ${oldestGlibc} or newer${screens ? "" : "; without screens"})`);
  return 0;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
