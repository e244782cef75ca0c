import { sql } from "kysely";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { boundTo, type ContactKeys } from "../sms/contact-keys.ts";

const BATCH = 500;

/**
 * Seals the words of ratings that were taken in from files before such words were sealed, and takes them out of the rows. In small steps, each
 * whole or not at all; of several instances each takes rows that no other holds.
 * @returns how many there were
 */
export const sealImportedWords = async (db: CentralDatabase, keys: ContactKeys): Promise<number> => {
  for (let sealed = 0; ; ) {
    const count = await inTransaction(db, async (tx) => {
      const { rows } = await sql<{ seq: number; request_id: string; comment: string }>`
        select seq, request_id, comment from ratings where comment is not null order by seq limit ${BATCH} for update skip locked`.execute(
        tx,
      );
      if (rows.length === 0) return 0;
      const seqs = rows.map(({ seq }) => seq);
      const texts = rows.map(({ request_id, comment }) => keys.sealText(comment, boundTo("import", request_id)));
      await sql`
        insert into sealed_texts (kind, subject_no, sealed)
        select 'import', * from unnest(${seqs}::bigint[], ${texts}::text[])`.execute(tx);
      await sql`update ratings set comment = null where seq = any(${seqs}::bigint[])`.execute(tx);
      return rows.length;
    });
    sealed += count;
    if (count < BATCH) return sealed;
  }
};
