import { WindowRatingError } from "@window-rating/protocol/error";
import { type RawBuilder, sql } from "kysely";
import { recordEvent } from "../access/events.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";

/*
 * Window PCs that are gone. A machine that is replaced enrols as a new row, and the old one stays, for its chain is evidence; but nobody
 * waits for it any more. It may come back all the same: what it brings is taken as ever, and from then on it is waited for again.
 */

const DAY_MS = 86_400_000;

/**
 * Whether nobody waits any more for the window PC of this alias: somebody retired it and it has not come since, or another one enrolled for
 * its window after it, and since then, or for a day before, it has not come.
 * @param atMs the moment in question, Unix milliseconds
 */
export const isGone = (pc: string, atMs: number): RawBuilder<boolean> => {
  const of = (column: string) => sql.ref(`${pc}.${column}`);
  return sql<boolean>`(coalesce(${of("retired_at_ms")} >= coalesce(${of("last_seen_at_ms")}, 0), false)
    or exists (select from window_pcs later where later.window_no = ${of("window_no")} and later.window_pc_id <> ${of("window_pc_id")}
      and later.enrolled_at_ms > ${of("enrolled_at_ms")}
      and coalesce(${of("last_seen_at_ms")}, 0) < greatest(later.enrolled_at_ms, ${atMs - DAY_MS}::bigint)))`;
};

/** Who retires which window PC, and why. */
export interface Retirement {
  readonly windowPcId: string;
  readonly by: string;
  readonly reason: string;
  readonly address?: string | undefined;
}

/**
 * Puts it on record that a window PC is gone and is not waited for. Nothing of it is deleted, and its token stays good: should it come
 * back with entries, none of them is lost.
 * @returns the number of its window
 * @throws WindowRatingError WR7012 if there is none of this id
 */
export const retireWindowPc = (db: CentralDatabase, { windowPcId, by, reason, address }: Retirement, nowMs: number): Promise<string> =>
  inTransaction(db, async (tx) => {
    const retired = await tx
      .updateTable("window_pcs")
      .set({ retired_at_ms: nowMs })
      .where("window_pc_id", "=", windowPcId)
      .returning("window_no")
      .executeTakeFirst();
    if (retired === undefined) throw new WindowRatingError("WR7012", `There is no window PC ${windowPcId}`);
    const detail = `${windowPcId}, window ${retired.window_no}: ${reason}`;
    await recordEvent(tx, { kind: "window-pc-retired", by, address, detail }, nowMs);
    return retired.window_no;
  });
