import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { readIfPresent } from "../config/durable-file.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { quarantineFolder } from "./backups.ts";
import { type RescueHindrance, type RescueReport, rescueReportSchema } from "./care-shape.ts";
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

/** The newest rescue, if there is one: its report, and why its file must not be used. */
export const newestRescue = (dataDir: string): { readonly report: RescueReport; readonly hindrance: RescueHindrance | null } | null => {
  const [report] = rescuesOf(dataDir);
  return report === undefined ? null : { report, hindrance: hindranceOf(report, standingOf(report, dataDir)) };
};

/** The newest rescue whose file was put in the place of the damaged one, which is kept. */
export const adoptedRescue = (dataDir: string): { readonly entries: number; readonly damaged: string } | null => {
  const found = rescuesOf(dataDir).find((report) => existsSync(join(keptAt(report), "window.db")));
  return found === undefined ? null : { entries: found.entries, damaged: keptAt(found) };
};

const keptAt = ({ path }: RescueReport): string => join(dirname(path), "damaged");

/**
 * Puts the newest rescued file in the place of the damaged one, which is kept beside the rescued one. No window-host may run on the folder.
 * @param centralHighest highest number that central has, as a person has read it there; null: it was not looked at here
 * @returns where the damaged file lies now
 * @throws WR4005 a window-host runs, WR4009 nothing was rescued, WR4010 the file must not be used, WR4003
 */
export const adoptRescued = (
  dataDir: string,
  centralHighest: number | null = null,
): { readonly report: RescueReport; readonly damaged: string } => {
  const unlock = lockFolder(dataDir);
  try {
    const [report] = rescuesOf(dataDir);
    if (report === undefined) throw new WindowRatingError("WR4009", "nothing was rescued yet: run window-host database rescue first");
    const damaged = keptAt(report);
    const hindrance = hindranceOf(report, standingOf(report, dataDir), centralHighest);
    if (hindrance !== null) throw new WindowRatingError("WR4010", hindranceText(hindrance));
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

interface Standing {
  /** Whether the damaged file is as it was when it was rescued. */
  readonly isOriginal: boolean;
}

const standingOf = (report: RescueReport, dataDir: string): Standing => {
  const { database, log } = originalOf(dataDir);
  // Whoever was cut off in the middle goes on: then the log may be gone from its place, and is kept.
  const isLogSame = log === report.original.log || (log === "absent" && existsSync(join(keptAt(report), "window.db")));
  return { isOriginal: database === report.original.database && isLogSame };
};

/** Why a rescued file must not be used; null: it may be. */
const hindranceOf = (
  { highest, highestSeen, check: { faults } }: Pick<RescueReport, "highest" | "highestSeen" | "check">,
  { isOriginal }: Standing,
  centralHighest: number | null = null,
): RescueHindrance | null => {
  if (!isOriginal) return { why: "changed" };
  if (faults[0] !== undefined) return { why: "unsound", fault: faults[0] };
  if (highestSeen > highest) return { why: "newer-lost", first: highest + 1, last: highestSeen };
  if ((centralHighest ?? 0) > highest) return { why: "central-has-newer", first: highest + 1, last: centralHighest as number };
  return null;
};

const hindranceText = (hindrance: RescueHindrance): string => {
  switch (hindrance.why) {
    case "changed":
      return "the damaged file has changed since it was rescued; rescue it anew";
    case "unsound":
      return `the rescued file is not sound: ${hindrance.fault}`;
    case "newer-lost":
      return `entries ${hindrance.first} to ${hindrance.last} were made and could not be rescued: new entries would take their numbers`;
    case "central-has-newer":
      return `central has entries ${hindrance.first} to ${hindrance.last}, which could not be rescued: new entries would take their numbers`;
  }
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
