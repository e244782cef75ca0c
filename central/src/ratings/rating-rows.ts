import { createHash } from "node:crypto";
import { type Insertable, sql, type Transaction } from "kysely";
import type { CentralTables } from "../database/tables.ts";

export type Tx = Transaction<CentralTables>;
export type RatingRow = Insertable<CentralTables["ratings"]>;

/** The id under which a submission is known: the same channel and key give the same, so that it is taken once (I4). */
export const submissionId = (channel: string, key: string): string => {
  const digest = createHash("sha256").update(`${channel}\n${key}`).digest("hex");
  // UUID version 8 (RFC 9562): content of one's own.
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
};

/** Numbers of new ratings, in the same order of arrival as the entries of window PCs. */
export const nextSeqs = async (tx: Tx, count: number): Promise<number[]> => {
  const { rows } = await sql<{ seq: number }>`
    select nextval(pg_get_serial_sequence('entries', 'seq')) as seq from generate_series(1, ${count}::int)`.execute(tx);
  return rows.map(({ seq }) => seq);
};

/** Rows that go together with the rating they were made from. */
export const insertRatingRows = async (tx: Tx, rows: readonly RatingRow[]): Promise<void> => {
  // 65,535 parameters are the most that one statement may have.
  for (let start = 0; start < rows.length; start += 500)
    await tx
      .insertInto("ratings")
      .values(rows.slice(start, start + 500))
      .execute();
};
