import { execFileSync } from "node:child_process";
import { chmodSync, lutimesSync, readdirSync } from "node:fs";
import path from "node:path";

/**
 * The time that every file of a package bears: SOURCE_DATE_EPOCH (reproducible-builds.org), or else that of the newest commit, so that the
 * same commit makes the same bytes.
 * @returns seconds since 1970
 */
export const sourceDate = (root: string, env: NodeJS.ProcessEnv = process.env): number => {
  const given = env.SOURCE_DATE_EPOCH;
  const text = given ?? execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  const seconds = Number(text.trim());
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new Error(`SOURCE_DATE_EPOCH is ${text.trim()}: give seconds since 1970`);
  return seconds;
};

/** Gives everything under a folder, and the folder, that time, and folders the usual rights. */
export const stampTimes = (folder: string, seconds: number): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) stampTimes(place, seconds);
    else lutimesSync(place, seconds, seconds);
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, seconds, seconds);
};
