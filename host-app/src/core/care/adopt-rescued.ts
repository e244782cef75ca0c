import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { readIfPresent } from "../config/durable-file.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { quarantineFolder } from "./backups.ts";
import { type RescueReport, rescueReportSchema } from "./care-shape.ts";
import { originalOf } from "./rescue.ts";

const PARTS = ["", "-wal", "-shm"];

/** The reports of all rescues, newest first. */
const rescuesOf = (dataDir: string): RescueReport[] => {
  const folder = quarantineFolder(dataDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith("rescue-"))
    .sort()
    .reverse()
    .flatMap((name) => {
      try {
        return rescueReportSchema.parse(JSON.parse(readIfPresent(join(folder, name, "report.json")) ?? "null"));
      } catch {
        return [];
      }
    });
};

/**
 * Puts the newest rescued file in the place of the damaged one, which is kept beside the rescued one. No window-host may run on the folder.
 * @returns where the damaged file lies now
 * @throws WR4005 a window-host runs, WR4009 nothing was rescued, WR4010 the file must not be used, WR4003
 */
export const adoptRescued = (dataDir: string): { readonly report: RescueReport; readonly damaged: string } => {
  const unlock = lockFolder(dataDir);
  try {
    const [report] = rescuesOf(dataDir);
    if (report === undefined) throw new WindowRatingError("WR4009", "nothing was rescued yet: run window-host database rescue first");
    const damaged = join(dirname(report.path), "damaged");
    refuseUnsound(report, dataDir, damaged);
    const inUse = join(dataDir, "window.db");
    keepDamaged(inUse, damaged);
    const fresh = `${inUse}.rescued`;
    copyFileSync(report.path, fresh);
    sync(fresh);
    // A log of the damaged file beside the rescued one would be taken for its own.
    for (const part of ["-wal", "-shm"]) rmSync(inUse + part, { force: true });
    renameSync(fresh, inUse);
    return { report, damaged };
  } finally {
    unlock();
  }
};

const refuseUnsound = (report: RescueReport, dataDir: string, damaged: string): void => {
  const { database, log } = originalOf(dataDir);
  // Whoever was cut off in the middle goes on: then the log may be gone from its place, and is kept.
  const isLogSame = log === report.original.log || (log === "absent" && existsSync(join(damaged, "window.db")));
  if (database !== report.original.database || !isLogSame)
    throw new WindowRatingError("WR4010", "the damaged file has changed since it was rescued; rescue it anew");
  if (report.check.faults.length > 0) throw new WindowRatingError("WR4010", `the rescued file is not sound: ${report.check.faults[0]}`);
  if (report.highestSeen > report.highest)
    throw new WindowRatingError(
      "WR4010",
      `entries ${report.highest + 1} to ${report.highestSeen} were made and could not be rescued: new entries would take their numbers`,
    );
};

/** Copied first and removed last, so that whatever happens in between, nothing of it is lost. */
const keepDamaged = (inUse: string, damaged: string): void => {
  const kept = join(damaged, "window.db");
  if (existsSync(kept)) return;
  mkdirSync(damaged, { recursive: true, mode: 0o700 });
  // The database itself comes last: where it is, all is.
  for (const part of PARTS.toReversed()) {
    if (!existsSync(inUse + part)) continue;
    const partial = `${kept}${part}.partial`;
    copyFileSync(inUse + part, partial);
    sync(partial);
    if (statSync(partial).size !== statSync(inUse + part).size) throw new WindowRatingError("WR4003", `${partial} is not whole`);
    renameSync(partial, kept + part);
  }
};

const sync = (path: string): void => {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
