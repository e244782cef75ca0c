import { existsSync, fsyncSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EMPTY_STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS, WindowPc } from "../../test/window-pc.ts";
import { openStorage, startCentral } from "../central.ts";
import { takeDataFolder } from "../data-folder.ts";
import { SCHEMA_VERSION } from "./migrate.ts";
import { openEmbedded, openPostgres } from "./open.ts";

const silent = pino({ level: "silent" });
const now = () => MORNING_MS;

describe.each(EMPTY_STORAGES)("the schema on $name", ({ create }) => {
  let storage: TestStorage;
  beforeAll(async () => {
    storage = await create();
  });
  afterAll(() => storage.remove());

  const withDatabase = async <T>(work: (db: Awaited<ReturnType<typeof openStorage>>["db"]) => Promise<T>): Promise<T> => {
    const open = await openStorage(storage.storage, now, silent);
    try {
      return await work(open.db);
    } finally {
      await open.close();
    }
  };
  const tables = () =>
    withDatabase(
      async (db) =>
        (
          await sql<{ name: string }>`select relname as name from pg_class where relnamespace = 'public'::regnamespace order by 1`.execute(
            db,
          )
        ).rows,
    );

  test("is made once and recorded, and opened again it stays as it is", async () => {
    const first = await tables();
    expect(await tables()).toEqual(first);
    const versions = await withDatabase((db) => sql<{ version: number }>`select version from schema_versions`.execute(db));
    expect(versions.rows.map(({ version }) => version)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1));
  });

  test("what was received cannot be changed or deleted", async () => {
    const central = await startCentral({ ...storage.storage, port: 0, now });
    const pc = new WindowPc("append-only");
    await pc.enrol(central.url, (await central.makeEnrolmentCode(pc.windowNo)).code);
    const stored = [pc.entry(), pc.entry(pc.notRated()), pc.entry(pc.unbound()), pc.entry("{}")];
    await pc.send(central.url, [...stored, { ...pc.entry(), body: "{}" }], MORNING_MS);
    await central.close();
    await withDatabase(async (db) => {
      for (const table of ["entries", "ratings", "not_rated", "unbound", "set_aside", "incidents"]) {
        const rows = async () => (await sql`select * from ${sql.table(table)}`.execute(db)).rows;
        const before = await rows();
        expect([table, before.length > 0]).toEqual([table, true]);
        for (const change of [`update ${table} set window_pc_id = window_pc_id`, `delete from ${table}`, `truncate ${table} cascade`]) {
          await expect(sql.raw(change).execute(db)).rejects.toThrow(/append-only/);
        }
        expect(await rows()).toEqual(before);
      }
    });
  });

  test("of a newer version is refused with WR7011 and left untouched", async () => {
    await withDatabase((db) => sql`insert into schema_versions values (${SCHEMA_VERSION + 1}, 'from the future', 0)`.execute(db));
    await expect(openStorage(storage.storage, now, silent)).rejects.toMatchObject({
      code: "WR7011",
      detail: `The database has schema version ${SCHEMA_VERSION + 1}, this window-central knows ${SCHEMA_VERSION}`,
    });
    await expect(startCentral({ ...storage.storage, port: 0 })).rejects.toMatchObject({ code: "WR7011" });
  });
});

describe("PostgreSQL", () => {
  let storage: TestStorage;
  beforeAll(async () => {
    storage = await (EMPTY_STORAGES[1] as (typeof EMPTY_STORAGES)[number]).create();
  });
  afterAll(() => storage.remove());

  test("several instances that start together on an empty database make the schema once", async () => {
    const url = "databaseUrl" in storage.storage ? storage.storage.databaseUrl : "";
    const opened = await Promise.all(Array.from({ length: 4 }, () => openPostgres(url, now, () => {})));
    const versions = await sql`select version from schema_versions`.execute(opened[0] as NonNullable<(typeof opened)[0]>);
    expect(versions.rows).toHaveLength(SCHEMA_VERSION);
    for (const db of opened) await db.destroy();
  });

  test("a server that is not there is WR7010", async () => {
    await expect(openPostgres("postgresql://nobody@127.0.0.1:1/none", now, () => {})).rejects.toMatchObject({ code: "WR7010" });
  });
});

describe("the embedded database", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "window-central-embedded-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("reaches the disk before a commit is answered", async () => {
    let synced = 0;
    const db = await openEmbedded(join(folder, "synced"), now, (descriptor) => {
      synced += 1;
      fsyncSync(descriptor);
    });
    const settings = await sql`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`.execute(db);
    expect(settings.rows).toEqual([{ fsync: "on", commit: "on" }]);
    for (let commit = 1; commit <= 20; commit++) {
      const before = synced;
      await sql`insert into enrolment_codes (code_hash, window_no, expires_at_ms) values (${String(commit)}, '3', 0)`.execute(db);
      expect(synced).toBeGreaterThan(before);
    }
    await db.destroy();
  });

  test("is made anew when its making was cut short", async () => {
    const path = join(folder, "cut");
    mkdirSync(`${path}.new`);
    writeFileSync(join(`${path}.new`, "PG_VERSION"), "18\n");
    const db = await openEmbedded(path, now);
    await db.destroy();
    expect(existsSync(join(path, "PG_VERSION"))).toBe(true);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  test("opens to one process at a time: WR7016", () => {
    const path = join(folder, "locked");
    const first = takeDataFolder(path);
    expect(() => takeDataFolder(path)).toThrow(expect.objectContaining({ code: "WR7016" }));
    first.release();
    takeDataFolder(path).release();
  });

  test("cannot be made where no folder can be: WR7010", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => takeDataFolder(join(file, "data"))).toThrow(expect.objectContaining({ code: "WR7010" }));
  });
});
