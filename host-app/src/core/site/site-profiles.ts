import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import { windowProfile } from "../pads/window-profile.ts";
import type { SiteContent } from "./site-file.ts";

type PadProfiles = SiteContent["padProfiles"];

const FOLDER = "profiles";

const isFile = (name: string): boolean => name.split("#")[0]?.endsWith(".json") === true;

/** A profile file of a model PC, as a site file carries it, and the name that every PC then knows it by. @throws WR2001, WR2002 */
export const carriedProfile = (name: string, dataDir: string): { readonly name: string; readonly file: PadProfiles[number] | null } => {
  if (!isFile(name)) return { name, file: null };
  windowProfile(name, dataDir);
  const [path = "", variant] = name.split("#");
  const file = basename(path).toLowerCase();
  const profile = JSON.parse(readFileSync(resolve(dataDir, path), "utf8")) as Record<string, unknown>;
  return { name: `./${FOLDER}/${file}${variant === undefined ? "" : `#${variant}`}`, file: { file, profile } };
};

/** Why a profile that a window names cannot be used; null: it can. `auto` always can. */
export const troubleOfProfile =
  (carried: PadProfiles) =>
  (name: string): string | null => {
    if (name === "auto") return null;
    if (isFile(name)) {
      const file = /^\.\/profiles\/([^/#]+)/.exec(name)?.[1];
      if (carried.some((one) => one.file === file)) return null;
      return carried.length === 0
        ? "the site file carries no profile files"
        : `the site file carries ${carried.map((one) => `./${FOLDER}/${one.file}`).join(", ")}`;
    }
    try {
      findProfile(name);
      return null;
    } catch (error) {
      return (error as WindowRatingError).detail;
    }
  };

/** Whether every profile of a site file can be used here. @throws WR2001 with what is wrong */
export const checkProfiles = (carried: PadProfiles): void => {
  if (carried.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "site-profiles-"));
  try {
    for (const { file, profile } of carried) {
      writeFileSync(join(folder, file), textOf(profile));
      findProfile(join(folder, file));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @returns the files that were written; one that is there already is left alone @throws WR8006 */
export const keepProfiles = (dataDir: string, carried: PadProfiles): string[] => {
  const folder = join(dataDir, FOLDER);
  try {
    if (carried.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
    return carried.flatMap(({ file, profile }) => {
      const path = join(folder, file);
      if (readIfPresent(path) === textOf(profile)) return [];
      replaceFile(path, textOf(profile));
      return [file];
    });
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${folder} cannot be written: ${(cause as Error).message}`, cause);
  }
};

const textOf = (profile: unknown): string => `${JSON.stringify(profile, null, 2)}\n`;
