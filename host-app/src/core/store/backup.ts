import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Sqlite } from "./database.ts";

const NAME = /^window-\d{8}T\d{6}Z\.db$/;

const nameAt = (wallMs: number): string => `window-${new Date(wallMs).toISOString().replace(/[-:]|\.\d+/g, "")}.db`;

/** Backups in a folder, oldest first. */
export const listBackups = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort();
  } catch {
    return [];
  }
};

/**
 * Copies the database while it is in use, then removes the oldest copies beyond `keep`. The copy gets its name only when it is whole.
 * @returns path of the copy
 */
export const backUp = async (database: Sqlite, folder: string, keep: number, wallMs: number): Promise<string> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, "partial.db");
  rmSync(partial, { force: true });
  await database.backup(partial);
  const file = openSync(partial, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const path = join(folder, nameAt(wallMs));
  renameSync(partial, path);
  const backups = listBackups(folder);
  for (const name of backups.slice(0, Math.max(0, backups.length - keep))) rmSync(join(folder, name), { force: true });
  return path;
};
