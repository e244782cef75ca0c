import { mkdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import { listBackups } from "../store/backup.ts";
import type { Backup } from "./care-shape.ts";

export const backupsFolder = (dataDir: string): string => join(dataDir, "backups");
export const quarantineFolder = (dataDir: string): string => join(dataDir, "quarantine");

/** What was found of each backup when it was last read; only a note, made anew by looking again. */
const notesSchema = z.record(z.string(), z.object({ atMs: z.number().int(), ok: z.boolean() }));

const notesPath = (dataDir: string): string => join(backupsFolder(dataDir), "checked.json");

const readNotes = (dataDir: string): z.infer<typeof notesSchema> => {
  try {
    return notesSchema.parse(JSON.parse(readIfPresent(notesPath(dataDir)) ?? "{}"));
  } catch {
    return {};
  }
};

/** window-20260302T010000Z.db */
const timeIn = (name: string): number =>
  Date.parse(name.replace(/^window-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.db$/, "$1-$2-$3T$4:$5:$6Z"));

/** Newest first. */
export const backupsOf = (dataDir: string): Backup[] => {
  const notes = readNotes(dataDir);
  return listBackups(backupsFolder(dataDir))
    .reverse()
    .flatMap((name) => {
      const { size } = statSync(join(backupsFolder(dataDir), name), { throwIfNoEntry: false }) ?? {};
      return size === undefined ? [] : [{ name, atMs: timeIn(name), sizeBytes: size, verified: notes[name] ?? null }];
    });
};

/** Remembers how a backup was found; what is remembered of backups that are gone goes, too. */
export const noteVerified = (dataDir: string, name: string, verified: NonNullable<Backup["verified"]>): void => {
  const there = new Set(listBackups(backupsFolder(dataDir)));
  const notes = { ...readNotes(dataDir), [name]: verified };
  replaceFile(notesPath(dataDir), `${JSON.stringify(Object.fromEntries(Object.entries(notes).filter(([one]) => there.has(one))))}\n`);
};

/** @param name of the list, or "newest" @throws WR4009 if there is no such backup */
export const backupNamed = (dataDir: string, name: string): Backup => {
  const found = backupsOf(dataDir).find((backup) => name === "newest" || backup.name === name);
  if (found === undefined) throw new WindowRatingError("WR4009", name.slice(0, 80));
  return found;
};

/**
 * Copies a backup into a folder of its own in the quarantine, to be read there; the backup itself is not opened and nothing is put back.
 * @returns path of the copy
 */
export const quarantineBackup = async (dataDir: string, { name }: Backup): Promise<string> => {
  const folder = join(quarantineFolder(dataDir), name.replace(/\.db$/, ""));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "window.db");
  dropCopy(path);
  await copyFile(join(backupsFolder(dataDir), name), path);
  return path;
};

/** A copy of before is only a copy: the backup is what counts. */
const dropCopy = (path: string): void => {
  for (const old of [path, `${path}-wal`, `${path}-shm`]) rmSync(old, { force: true });
};

/** Takes a copy out of the quarantine, and its folder unless something else lies there. @param path as `quarantineBackup` gave it */
export const dropQuarantined = (path: string): void => {
  dropCopy(path);
  try {
    rmdirSync(dirname(path));
  } catch {
    // Exported entries lie beside it.
  }
};
