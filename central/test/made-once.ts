import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MIGRATIONS } from "../src/database/migrations.ts";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/window-central", import.meta.url));

/** Part of the name of what is kept: other steps of the schema make another database. */
export const SCHEMA_KEY = createHash("sha256").update(JSON.stringify(MIGRATIONS)).digest("hex").slice(0, 16);

/**
 * The files of a database that is made once and then copied by every test, which is many times as fast as to make it.
 * @param name says everything that the files depend on
 * @param make makes them in a new folder within the given one, and says which
 */
export const madeOnce = async (name: string, make: (folder: string) => Promise<string>): Promise<string> => {
  const made = join(CACHE, name);
  if (existsSync(made)) return made;
  mkdirSync(CACHE, { recursive: true });
  const own = mkdtempSync(join(CACHE, "making-"));
  try {
    renameSync(await make(own), made);
  } catch (error) {
    // Another test was first.
    if (!existsSync(made)) throw error;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return made;
};

/** Copies what was made once. Never into a folder that is there already. */
export const copyOf = (made: string, to: string): void => cpSync(made, to, { recursive: true, errorOnExist: true, force: false });
