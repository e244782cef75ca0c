import { sql } from "kysely";
import type { z } from "zod";
import type { Scope } from "../src/access/viewer.ts";
import type { Storage } from "../src/central.ts";
import { ratingQuerySchema } from "../src/console/contract/ratings.ts";
import { PlaceBook } from "../src/console/places.ts";
import { countRatings, listRatings } from "../src/console/ratings/list.ts";
import { openPostgres } from "../src/database/open.ts";
import type { CentralDatabase } from "../src/database/tables.ts";
import { agencyCode, CITY, fillRatings, hallNo, itemCode, LIST_DAYS, LIST_FROM_MS, windowNo } from "./list-data.ts";

type Filters = Omit<z.input<typeof ratingQuerySchema>, "after" | "limit">;

/** One page that was asked for. */
export interface PageTime {
  readonly scope: string;
  readonly filters: string;
  readonly page: number;
  readonly ms: number;
  readonly rows: number;
}

export interface ListTimes {
  readonly pages: readonly PageTime[];
  /** Milliseconds of each count up to 10,000. */
  readonly counts: readonly number[];
  /** Counts that were given up. */
  readonly uncounted: number;
  /** Milliseconds of `select … where seq = …` of one row, over the same connection. */
  readonly rowMs: number;
}

const DAY_MS = 86_400_000;
/** Pages that a person goes forward at most before choosing a filter. */
const PAGES = 3;

/** Whole numbers from 0, the same in every run: mulberry32. */
const draws = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

/** Everything that the page of the console can filter by, alone and together. */
const filterMix = (draw: (below: number) => number, rows: number): Filters[] => {
  const fromMs = LIST_FROM_MS + draw(LIST_DAYS - 31) * DAY_MS;
  const period = (days: number) => ({ from: String(fromMs), to: String(fromMs + days * DAY_MS) });
  const hall = draw(CITY.halls);
  const window = windowNo(hall, draw(CITY.windowsEach));
  const item = itemCode(draw(CITY.items));
  const staffNo = String(10_000 + draw(CITY.halls * CITY.windowsEach * CITY.clerksEach));
  const agency = agencyCode(draw(CITY.agencies));
  return [
    {},
    period(1),
    period(31),
    { level: "1" },
    { level: "1,2", ...period(31) },
    { level: "4" },
    { channel: "pad" },
    { channel: "terminal" },
    { channel: "hotline,paper" },
    { given: "no" },
    { given: "yes", level: "3" },
    { origin: "unsecured" },
    { origin: "without-pad", ...period(31) },
    { window },
    { window, level: "1,2" },
    { hall: hallNo(hall) },
    { hall: hallNo(hall), level: "1" },
    { hall: hallNo(hall), item, given: "yes" },
    { agency },
    { agency, channel: "sms", ...period(31) },
    { staffNo },
    { staffNo, level: "1,2" },
    { item },
    { item, level: "1,2" },
    { item, channel: "web" },
    { standing: "beside" },
    { standing: "correction,beside", level: "5" },
    { subject: "item" },
    { subject: "hall" },
    { words: "yes" },
    { words: "yes", level: "1,2" },
    { caseNo: `C-${String(1 + draw(rows)).padStart(8, "0")}` },
  ];
};

/**
 * Asks for pages as a console does, over one connection, after one page that is not measured: every mix of filters in every kind of scope,
 * each page from where the one before ended.
 */
const askPages = async (db: CentralDatabase, rows: number): Promise<ListTimes> => {
  const book = new PlaceBook(db);
  const draw = draws(42);
  const scopes: readonly Scope[] = [
    { is: "all" },
    { is: "hall", hallNo: hallNo(7) },
    { is: "agency", agencyCode: agencyCode(3) },
    { is: "all" },
    { is: "hall", hallNo: hallNo(31) },
  ];
  const pages: PageTime[] = [];
  const counts: number[] = [];
  let uncounted = 0;
  await listRatings(db, ratingQuerySchema.parse({}), await book.places({ is: "all" }));
  for (const scope of scopes) {
    for (const filters of filterMix(draw, rows)) {
      let after: string | undefined;
      for (let page = 1; page <= PAGES; page++) {
        const startedMs = performance.now();
        const query = ratingQuerySchema.parse({ ...filters, after });
        const { ratings, next } = await listRatings(db, query, await book.places(scope, query));
        pages.push({
          scope: JSON.stringify(scope),
          filters: JSON.stringify(filters),
          page,
          ms: performance.now() - startedMs,
          rows: ratings.length,
        });
        if (next === null) break;
        after = next;
      }
      const { after: _after, limit: _limit, ...counted } = ratingQuerySchema.parse(filters);
      const startedMs = performance.now();
      if ((await countRatings(db, counted, await book.places(scope, counted))).count === null) uncounted += 1;
      counts.push(performance.now() - startedMs);
    }
  }
  return { pages, counts, uncounted, rowMs: await askRows(db, draw, rows) };
};

/** What one row by its key takes, for comparison. */
const askRows = async (db: CentralDatabase, draw: (below: number) => number, rows: number): Promise<number> => {
  const times: number[] = [];
  for (let index = 0; index < 200; index++) {
    const startedMs = performance.now();
    await db
      .selectFrom("ratings")
      .selectAll()
      .where("seq", "=", 1 + draw(rows))
      .executeTakeFirstOrThrow();
    times.push(performance.now() - startedMs);
  }
  return times.sort((one, other) => one - other)[100] ?? Number.NaN;
};

/** Generates ratings into an empty database and asks for them. */
export const listGenerated = async (storage: Extract<Storage, { databaseUrl: string }>, rows: number): Promise<ListTimes> => {
  const db = await openPostgres(storage.databaseUrl, Date.now, () => {});
  try {
    const { rows: indexes } = await sql<{ name: string; text: string }>`
      select indexname as name, indexdef as text from pg_indexes
      where schemaname = 'public' and tablename in ('ratings', 'cases', 'visits') and indexname not in (select conname from pg_constraint)`.execute(
      db,
    );
    // Written without them and indexed afterwards: a quarter of the time.
    await sql`alter system set max_wal_size = '8GB'`.execute(db);
    await sql`select pg_reload_conf()`.execute(db);
    for (const { name } of indexes) await sql.raw(`drop index ${name}`).execute(db);
    await fillRatings(db, rows);
    for (const { text } of indexes) await sql.raw(text).execute(db);
    await sql`vacuum analyze`.execute(db);
    return await askPages(db, rows);
  } finally {
    await db.destroy();
  }
};
