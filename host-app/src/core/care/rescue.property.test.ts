import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "@window-rating/protocol/sync";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authenticity, ENTRY_SELECT } from "./entry-rows.ts";
import { rescueDatabase } from "./rescue.ts";
import { NOW, openTestPc, type TestPc } from "./test-pc.ts";

const CASES = 60;
const PAGE = 4096;

/** Genuine entries that somebody with SQLite alone reads from a copy: along the table, from its end, by number, by id. */
const plainlyReadable = (path: string, copy: string, ids: readonly string[], publicKey: string): Set<number> => {
  for (const part of ["", "-wal"]) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
  const isAuthentic = authenticity(publicKey);
  const read = new Set<number>();
  const note = (row: unknown): void => {
    if (isAuthentic(row)) read.add(row.number);
  };
  try {
    const database = new Database(copy);
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch {
        // This way is damaged.
      }
    };
    attempt(() => {
      for (const row of database.prepare(`SELECT ${ENTRY_SELECT} FROM entries`).iterate()) note(row);
    });
    attempt(() => {
      for (const row of database.prepare(`SELECT ${ENTRY_SELECT} FROM entries ORDER BY number DESC`).iterate()) note(row);
    });
    for (const [index, id] of ids.entries()) {
      attempt(() => note(database.prepare(`SELECT ${ENTRY_SELECT} FROM entries WHERE number = ?`).get(index + 1)));
      attempt(() => note(database.prepare(`SELECT ${ENTRY_SELECT} FROM entries WHERE entry_id = ?`).get(id)));
    }
    attempt(() => database.close());
  } catch {
    // Not even opened.
  }
  return read;
};

const damageArbitrary = fc.record({
  part: fc.constantFrom("" as const, "-wal" as const),
  /** Of the whole file. */
  at: fc.double({ min: 0, max: 0.9999, noNaN: true }),
  kind: fc.constantFrom("page-of-noise" as const, "page-of-zeros" as const, "a-few-bytes" as const, "page-header" as const),
  seed: fc.integer({ min: 1, max: 0x7fff_ffff }),
});

const noise = (seed: number, length: number): Buffer => {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 48_271) % 0x7fff_ffff;
      return state & 0xff;
    }),
  );
};

const damage = (path: string, { at, kind, seed }: { at: number; kind: string; seed: number }): void => {
  const { size } = statSync(path);
  const place = Math.floor(size * at);
  const page = place - (place % PAGE);
  const file = openSync(path, "r+");
  if (kind === "page-of-noise") writeSync(file, noise(seed, PAGE), 0, PAGE, page);
  if (kind === "page-of-zeros") writeSync(file, Buffer.alloc(PAGE), 0, PAGE, page);
  if (kind === "a-few-bytes") writeSync(file, noise(seed, 7), 0, 7, place);
  if (kind === "page-header") writeSync(file, noise(seed, 12), 0, 12, page);
  closeSync(file);
};

describe("A rescue", () => {
  let pc: TestPc;
  let master: string;
  let ids: string[];
  beforeAll(() => {
    pc = openTestPc();
    pc.database.pragma("wal_autocheckpoint = 0");
    pc.serve(1, CASES / 2);
    pc.database.pragma("wal_checkpoint(TRUNCATE)");
    // The other half lies in the log alone, as after a power cut.
    pc.serve(CASES / 2 + 1, CASES / 2);
    master = join(pc.dataDir, "master.db");
    for (const part of ["", "-wal"]) copyFileSync(pc.path + part, master + part);
    ids = pc.database
      .prepare<[], Entry>(`SELECT ${ENTRY_SELECT} FROM entries ORDER BY number`)
      .all()
      .map(({ entryId }) => entryId);
  });
  afterAll(() => pc.remove());

  test("loses no entry that somebody could have read from the damaged file, whatever was damaged; touches no byte of it; and gives a sound file", () => {
    let run = 0;
    let found = 0;
    fc.assert(
      fc.property(fc.array(damageArbitrary, { minLength: 1, maxLength: 6 }), (damages) => {
        const dataDir = join(pc.dataDir, `run-${run++}`);
        mkdirSync(dataDir);
        const path = join(dataDir, "window.db");
        for (const part of ["", "-wal"]) copyFileSync(master + part, path + part);
        for (const one of damages) damage(path + one.part, one);
        const before = ["", "-wal"].map((part) => readFileSync(path + part));
        const readable = plainlyReadable(path, join(dataDir, "plain.db"), ids, pc.publicKey);

        const report = rescueDatabase({ dataDir, publicKey: pc.publicKey, wallMs: NOW, nowMs: () => 0 });
        const rescued = new Database(report.path, { readonly: true });
        const entries = rescued.prepare<[], Entry>(`SELECT ${ENTRY_SELECT} FROM entries`).all();
        const queued = rescued.prepare<[], { n: number }>("SELECT count(*) AS n FROM outbox").get()?.n;
        rescued.close();

        const numbers = new Set(entries.map(({ number }) => number));
        expect([...readable].filter((number) => !numbers.has(number))).toEqual([]);
        expect(entries.filter((entry) => ids[entry.number - 1] !== entry.entryId)).toEqual([]);
        expect(queued).toBe(entries.length);
        expect(report.check.faults).toEqual([]);
        expect(report.check.foreignKeys).toBe(0);
        expect(["", "-wal"].map((part, index) => readFileSync(path + part).equals(before[index] as Buffer))).toEqual([true, true]);
        found += numbers.size - readable.size;
      }),
      { seed: 20_260_302, numRuns: 40 },
    );
    // It reads more than SQLite alone does, or it would be no rescue.
    expect(found).toBeGreaterThan(CASES);
  });
});
