import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Storage } from "../src/central.ts";
import { openEmbedded } from "../src/database/open.ts";
import { copyOf, madeOnce } from "./made-once.ts";
import { startPostgres } from "./postgres.ts";

/** A database to run a suite on. */
export interface TestStorage {
  readonly storage: Storage;
  remove(): Promise<void>;
}

/** Version of PGlite: another one may make other files. */
const pgliteVersion = (): string => {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  return (JSON.parse(readFileSync(join(dirname(main), "..", "package.json"), "utf8")) as { version: string }).version;
};

/** An embedded database as central leaves it after its first start: the schema of today, and nothing in it. */
const embeddedDatabase = (): Promise<string> =>
  madeOnce("pglite", [pgliteVersion()], async (folder) => {
    const made = join(folder, "pg");
    await (await openEmbedded(made, Date.now)).destroy();
    return made;
  });

/** A data folder with such a database in it. */
export const newDataFolder = async (): Promise<string> => {
  const data = mkdtempSync(join(tmpdir(), "window-central-"));
  copyOf(await embeddedDatabase(), join(data, "pg"));
  return data;
};

interface NamedStorage {
  readonly name: string;
  create(): Promise<TestStorage>;
}

const embeddedIn = (data: string): TestStorage => ({
  storage: { data },
  remove: async () => rmSync(data, { recursive: true, force: true }),
});

/** Both kinds of storage of central: a suite that runs on one runs on the other. The schema is made, as after the first start. */
export const STORAGES: readonly NamedStorage[] = [
  { name: "PGlite", create: async () => embeddedIn(await newDataFolder()) },
  {
    name: "PostgreSQL",
    async create() {
      const server = await startPostgres();
      return { storage: { databaseUrl: await server.createDatabase() }, remove: () => server.stop() };
    },
  },
];

/** The same before the first start: a folder that is empty, and a database without a table. */
export const EMPTY_STORAGES: readonly NamedStorage[] = [
  { name: "PGlite", create: async () => embeddedIn(mkdtempSync(join(tmpdir(), "window-central-"))) },
  {
    name: "PostgreSQL",
    async create() {
      const server = await startPostgres();
      return { storage: { databaseUrl: await server.createEmptyDatabase() }, remove: () => server.stop() };
    },
  },
];
