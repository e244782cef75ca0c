import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MIGRATIONS } from "../src/database/migrations.ts";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/window-central", import.meta.url));

/** What decides about every database: the steps of the schema, and how they are recorded. */
const SCHEMA = [JSON.stringify(MIGRATIONS), readFileSync(new URL("../src/database/migrate.ts", import.meta.url), "utf8")];

/**
 * The files of a database that is made once and then copied by every test, which is many times as fast as to make it.
 * @param dependsOn what they depend on besides the schema: something else makes others
 * @param make makes them in a new folder within the given one, and says which
 */
export const madeOnce = async (name: string, dependsOn: readonly string[], make: (folder: string) => Promise<string>): Promise<string> => {
  const key = createHash("sha256").update(JSON.stringify([...SCHEMA, ...dependsOn]));
  const made = join(CACHE, `${name}-${key.digest("hex").slice(0, 16)}`);
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
