import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Storage } from "../src/central.ts";
import { startPostgres } from "./postgres.ts";

/** A database to run a suite on, empty at first. */
export interface TestStorage {
  readonly storage: Storage;
  remove(): Promise<void>;
}

/** Both kinds of storage of central: a suite that runs on one runs on the other. */
export const STORAGES: readonly { readonly name: string; create(): Promise<TestStorage> }[] = [
  {
    name: "PGlite",
    async create() {
      const data = mkdtempSync(join(tmpdir(), "window-central-"));
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
