import { sql } from "kysely";
import type { Storage } from "../src/central.ts";
import { openPostgres } from "../src/database/open.ts";
import type { CentralDatabase } from "../src/database/tables.ts";
import { inTransaction } from "../src/database/transaction.ts";
import { createJobs, type JobReport } from "../src/jobs/jobs.ts";
import { openRuleBook } from "../src/policy/rule-book.ts";
import { changeSite } from "../src/ratings/site.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** 2026-03-02 00:00 in China, a Monday. */
const FIRST_MS = Date.UTC(2026, 2, 1, 16);
/** An outage of ten days: all but the newest have their reminder due, more than a third their default rating. */
const DAYS = 10;

export interface Sweep {
  readonly seconds: number;
  readonly report: JobReport;
  /** Most memory that the process had meanwhile, megabytes. */
  readonly peakMB: number;
  /** Seconds of one bare statement each that writes the same number of ratings, reminders and messages and marks the cases. */
  readonly bareSeconds: number;
}

/**
 * Completed cases with one open visit each, spread over ten days in the hours of work; numbers follow time, as those of business systems
 * do. Every second has a contact.
 */
const generate = async (db: CentralDatabase, visits: number): Promise<void> => {
  const tenths = sql`(n::bigint - 1) * ${DAYS}`;
  const at = sql`${FIRST_MS}::bigint + ${tenths} / ${visits} * ${DAY_MS} + ${9 * HOUR_MS} + ${tenths} % ${visits} * ${8 * HOUR_MS} / ${visits}`;
  const caseNo = sql`'S-' || lpad(n::text, 8, '0')`;
  await sql`
    insert into cases (case_no, item_code, item_name, completed_at_ms, told_by, told_at_ms, received_at_ms)
    select ${caseNo}, 'ITEM-' || n % 50, '样例事项' || n % 50, ${at}, 'system 1', ${at}, ${at} from generate_series(1, ${visits}::int) n`.execute(
    db,
  );
  await sql`
    insert into visits (case_no, visit_no, window_no, staff_no, clerk_name, ended_at_ms, told_by, told_at_ms, received_at_ms)
    select ${caseNo}, 1, (n % 200)::text, (1000 + n % 200)::text, '张三样例', ${at}, 'system 1', ${at}, ${at}
    from generate_series(1, ${visits}::int) n`.execute(db);
  await sql`
    insert into case_contacts (case_no, sealed, received_at_ms)
    select ${caseNo}, repeat('x', 200), ${FIRST_MS}::bigint from generate_series(2, ${visits}::int, 2) n`.execute(db);
  await sql`vacuum analyze`.execute(db);
};

/** The same rows by statements that know nothing: what the database itself needs for them. */
const writeBare = async (db: CentralDatabase, { reminder = 0, "default-rating": defaults = 0 }: JobReport): Promise<number> => {
  const startedMs = performance.now();
  await sql`create table bare_reminders (like reminders including indexes including identity)`.execute(db);
  await sql`create table bare_ratings (like ratings including indexes including defaults)`.execute(db);
  await sql`create table bare_cases (like cases including indexes)`.execute(db);
  await sql`insert into bare_reminders overriding system value select * from reminders limit ${reminder}`.execute(db);
  await sql`insert into bare_ratings select * from ratings limit ${defaults}`.execute(db);
  // An update writes a whole row and its index entries.
  await sql`insert into bare_cases select * from cases limit ${reminder}`.execute(db);
  return (performance.now() - startedMs) / 1000;
};

/** Works off everything that is due among so many open visits, as one instance does after an outage. */
export const sweepOpenVisits = async (storage: Extract<Storage, { databaseUrl: string }>, visits: number): Promise<Sweep> => {
  const db = await openPostgres(storage.databaseUrl, Date.now, () => {});
  try {
    const book = openRuleBook();
    await inTransaction(db, (tx) => changeSite(tx, book, { region: "linxia" }, "bench", FIRST_MS));
    await generate(db, visits);
    const nowMs = FIRST_MS + DAYS * DAY_MS + 9 * HOUR_MS;
    let highestBytes = 0;
    const watch = setInterval(() => {
      highestBytes = Math.max(highestBytes, process.memoryUsage().rss);
    }, 50);
    const startedMs = performance.now();
    const report = await createJobs({ db, book, now: () => nowMs }).run();
    const seconds = (performance.now() - startedMs) / 1000;
    clearInterval(watch);
    return { seconds, report, peakMB: highestBytes / 1e6, bareSeconds: await writeBare(db, report) };
  } finally {
    await db.destroy();
  }
};
