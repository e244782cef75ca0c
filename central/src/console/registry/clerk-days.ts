import { sql } from "kysely";
import type { z } from "zod";
import type { CentralDatabase } from "../../database/tables.ts";
import type { clerkDayListSchema, clerkDayQuerySchema } from "../contract/registry.ts";
import { cursorOf, cutPage, readCursor } from "../cursor.ts";
import type { Places } from "../places.ts";
import { readInTime } from "../reading.ts";

type Days = z.output<typeof clerkDayListSchema>;

/** Who sat where when, newest day first; what several told of one seat are several rows. */
export const listClerkDays = async (
  db: CentralDatabase,
  { staffNo, from, to, after, limit }: z.output<typeof clerkDayQuerySchema>,
  places: Places,
): Promise<Days> => {
  const before = after === undefined ? undefined : readCursor(after, ["text", "text", "text", "text"]);
  const { rows } = await readInTime(db, (tx) =>
    sql<Days["days"][number]>`
      select window_no as "windowNo", day, staff_no as "staffNo", clerk_name as "clerkName", first_at_ms as "firstAtMs", last_at_ms as "lastAtMs",
        told_by as "toldBy"
      from clerk_days
      where ${places.is === "all" ? sql`true` : sql`window_no = any(${places.windows}::text[])`}
        and ${staffNo === undefined ? sql`true` : sql`staff_no = ${staffNo}::text`}
        and ${from === undefined ? sql`true` : sql`day >= ${from}::text`} and ${to === undefined ? sql`true` : sql`day <= ${to}::text`}
        and ${
          before === undefined
            ? sql`true`
            : sql`(day, window_no, staff_no, told_by) < (${before[0]}::text, ${before[1]}::text, ${before[2]}::text, ${before[3]}::text)`
        }
      order by day desc, window_no desc, staff_no desc, told_by desc limit ${sql.lit(limit + 1)}`.execute(tx),
  );
  const page = cutPage(rows, limit, (last) => cursorOf(last.day, last.windowNo, last.staffNo, last.toldBy));
  return { days: page.rows, next: page.next };
};
