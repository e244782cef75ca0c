import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { size } from "../quantities.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** A day of a busy window needs less than one megabyte; below these, something else fills the disk. */
const LITTLE_BYTES = 500_000_000;
const TOO_LITTLE_BYTES = 20_000_000;
const OLDEST_NODE = 24;

export const nodeFinding = (version: string): Finding =>
  Number.parseInt(version, 10) >= OLDEST_NODE ? ok("nodeFine", { version }) : fail("nodeOld", "WR8008", { version, oldest: OLDEST_NODE });

export const diskFinding = (freeBytes: number): Finding => {
  const facts = { free: size(freeBytes) };
  if (freeBytes < TOO_LITTLE_BYTES) return fail("disk", "WR4003", facts);
  return freeBytes < LITTLE_BYTES ? warn("disk", "WR4003", facts) : ok("disk", facts);
};

export const dataFolderFindings = (dataDir: string): Finding[] => {
  const facts = { path: dataDir };
  if (!existsSync(dataDir)) return [warn("folderAbsent", "WR8006", facts)];
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return [fail("folderClosed", "WR8006", facts)];
  }
  const { bavail, bsize } = statfsSync(dataDir);
  return [isOpenToAll(dataDir) ? warn("folderOpen", "WR8006", facts) : ok("folderFine", facts), diskFinding(bavail * bsize)];
};

/** Whether any user of this PC may look into the folder. On Windows other rights than these decide. */
const isOpenToAll = (path: string): boolean => process.platform !== "win32" && (statSync(path).mode & 0o007) !== 0;

/** ModemManager sends its own bytes to every new serial port for some seconds. */
export const modemManagerFindings = (processNames: readonly string[]): Finding[] =>
  processNames.includes("ModemManager") ? [warn("modemManager", "WR3003")] : [];

/** Names of the processes of this PC; empty where the system does not tell. */
export const processNames = (): string[] => {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/comm`, "utf8").trim()];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
};
