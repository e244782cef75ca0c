import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { size } from "../quantities.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** A day of a busy window needs less than one megabyte; below these, something else fills the disk. */
const LITTLE_BYTES = 500_000_000;
const TOO_LITTLE_BYTES = 20_000_000;
const OLDEST_NODE = 24;

export const nodeFinding = (version: string): Finding =>
  Number.parseInt(version, 10) >= OLDEST_NODE
    ? ok("Node", version)
    : fail("Node", `${version}; ${OLDEST_NODE} or newer is needed`, "WR8008");

export const diskFinding = (freeBytes: number): Finding => {
  if (freeBytes < TOO_LITTLE_BYTES) return fail("Disk", `${size(freeBytes)} free`, "WR4003");
  if (freeBytes < LITTLE_BYTES) return warn("Disk", `${size(freeBytes)} free`, "WR4003");
  return ok("Disk", `${size(freeBytes)} free`);
};

export const dataFolderFindings = (dataDir: string): Finding[] => {
  if (!existsSync(dataDir))
    return [
      warn("Data folder", `${dataDir} does not exist yet`, "WR8006", "Check --data; window-host makes the folder at its first start"),
    ];
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return [fail("Data folder", `${dataDir} may not be written to by this user`, "WR8006")];
  }
  const { bavail, bsize } = statfsSync(dataDir);
  return [ok("Data folder", `${dataDir}, writable`), diskFinding(bavail * bsize)];
};

/** ModemManager sends its own bytes to every new serial port for some seconds. */
export const modemManagerFindings = (processNames: readonly string[]): Finding[] =>
  processNames.includes("ModemManager")
    ? [
        warn(
          "ModemManager",
          "runs and talks to new serial ports, pads among them",
          "WR3003",
          'Add ENV{ID_MM_DEVICE_IGNORE}="1" to a udev rule for the pad, or stop it: sudo systemctl disable --now ModemManager',
        ),
      ]
    : [];

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
