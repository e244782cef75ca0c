import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Storage } from "../src/central.ts";
import { makeEmbedded } from "../src/database/open.ts";
import { startPostgres } from "./postgres.ts";

/** A database to run a suite on, empty at first. */
export interface TestStorage {
  readonly storage: Storage;
  remove(): Promise<void>;
}

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** An embedded database with nothing in it, made once for each version of PGlite: to copy one is twenty times as fast. */
const emptyDatabase = async (): Promise<string> => {
  const { version } = JSON.parse(readFileSync(join(NODE_MODULES, "@electric-sql/pglite/package.json"), "utf8")) as { version: string };
  const cache = join(NODE_MODULES, ".cache", "window-central");
  const made = join(cache, `pglite-${version}`);
  if (existsSync(made)) return made;
  mkdirSync(cache, { recursive: true });
  const own = mkdtempSync(join(cache, "making-"));
  await makeEmbedded(join(own, "pg"));
  try {
    renameSync(join(own, "pg"), made);
  } catch (error) {
    // Another test was first.
    if (!existsSync(made)) throw error;
  }
  rmSync(own, { recursive: true, force: true });
  return made;
};

/** A data folder with an empty database in it. */
export const newDataFolder = async (): Promise<string> => {
  const data = mkdtempSync(join(tmpdir(), "window-central-"));
  cpSync(await emptyDatabase(), join(data, "pg"), { recursive: true });
  return data;
};

/** Both kinds of storage of central: a suite that runs on one runs on the other. */
export const STORAGES: readonly { readonly name: string; create(): Promise<TestStorage> }[] = [
  {
    name: "PGlite",
    async create() {
      const data = await newDataFolder();
      return { storage: { data }, remove: async () => rmSync(data, { recursive: true, force: true }) };
    },
  },
  {
    name: "PostgreSQL",
    async create() {
      const server = await startPostgres();
      return { storage: { databaseUrl: await server.createDatabase() }, remove: () => server.stop() };
    },
  },
];
