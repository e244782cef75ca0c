import { sql } from "kysely";
import type { CentralDatabase } from "../database/tables.ts";
import { cutPage, type Page } from "./page.ts";

/** Incidents, newest first, and the holes that are open now: an entry that comes late closes its hole by coming. */
export const readIncidents = async (db: CentralDatabase, page: Page) => {
  const rows = await db
    .selectFrom("incidents")
    .innerJoin("window_pcs", "window_pcs.window_pc_id", "incidents.window_pc_id")
    .select([
      "seq",
      "incidents.window_pc_id as windowPcId",
      "window_no as windowNo",
      "kind",
      "code",
      "entry_id as entryId",
      "number",
      "detail",
      "noticed_at_ms as noticedAtMs",
    ])
    .$if(page.after !== undefined, (select) => select.where("seq", "<", page.after as number))
    .orderBy("seq", "desc")
    .limit(page.limit + 1)
    .execute();
  const cut = cutPage(rows, page.limit);
  return { incidents: cut.rows, holes: await readHoles(db, page.limit), next: cut.next };
};

/** Numbers that are missing although later ones have come, oldest first. */
const readHoles = (db: CentralDatabase, limit: number) =>
  db
    .selectFrom("received_ranges as range")
    .innerJoin("window_pcs", "window_pcs.window_pc_id", "range.window_pc_id")
    .select([
      "range.window_pc_id as windowPcId",
      "window_no as windowNo",
      sql<number>`coalesce((
        select max(before.last) from received_ranges before
        where before.window_pc_id = range.window_pc_id and before.first < range.first), 0) + 1`.as("firstMissing"),
      sql<number>`range.first - 1`.as("lastMissing"),
      "began_at_ms as sinceMs",
    ])
    .where("first", ">", 1)
    .orderBy("began_at_ms")
    .limit(limit)
    .execute();

/** Refused entries, whole, newest first; also those that were taken after all. */
export const readSetAside = async (db: CentralDatabase, page: Page) => {
  const rows = await db
    .selectFrom("set_aside")
    .innerJoin("window_pcs", "window_pcs.window_pc_id", "set_aside.window_pc_id")
    .leftJoin("retaken_entries as again", "again.set_aside", "set_aside.seq")
    .select([
      "seq",
      "set_aside.window_pc_id as windowPcId",
      "window_no as windowNo",
      "set_aside.entry_id as entryId",
      "set_aside.number",
      "code",
      "detail",
      "entry",
      "received_at_ms as receivedAtMs",
      "taken_at_ms as takenAtMs",
    ])
    .$if(page.after !== undefined, (select) => select.where("seq", "<", page.after as number))
    .orderBy("seq", "desc")
    .limit(page.limit + 1)
    .execute();
  const cut = cutPage(rows, page.limit);
  return { setAside: cut.rows, next: cut.next };
};
