import type { CentralDatabase } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { AccessEventKind } from "./session-schema.ts";

/** Something that goes on the record of access. */
interface AccessEvent {
  readonly kind: AccessEventKind;
  readonly accountNo?: number | undefined;
  readonly name?: string | undefined;
  /** Who did it, if not the account itself. */
  readonly by?: string | undefined;
  readonly address?: string | undefined;
  readonly detail?: string | undefined;
}

/** Writes one row of the record, in the transaction of what it tells of. */
export const recordEvent = async (
  tx: Tx,
  { kind, accountNo = undefined, name, by, address, detail }: AccessEvent,
  nowMs: number,
): Promise<void> => {
  await tx
    .insertInto("access_events")
    .values({
      at_ms: nowMs,
      kind,
      account_no: accountNo ?? null,
      name: name ?? null,
      by_whom: by ?? null,
      address: address ?? null,
      detail: detail ?? null,
    })
    .execute();
};

/** Which rows of the record: those before this number, of this account. */
interface RecordQuery {
  readonly before?: number | undefined;
  readonly limit: number;
  readonly accountNo?: number | undefined;
}

/** The record of access, newest first. */
export const readEvents = async (db: CentralDatabase, { before, limit, accountNo }: RecordQuery) => ({
  events: await db
    .selectFrom("access_events")
    .select(["event_no as eventNo", "at_ms as atMs", "kind", "account_no as accountNo", "name", "by_whom as by", "address", "detail"])
    .$if(before !== undefined, (select) => select.where("event_no", "<", before as number))
    .$if(accountNo !== undefined, (select) => select.where("account_no", "=", accountNo as number))
    .orderBy("event_no", "desc")
    .limit(limit)
    .execute(),
});

/** The record of looks at personal data, newest first. */
export const readLooks = async (db: CentralDatabase, { before, limit, accountNo }: RecordQuery) => ({
  looks: await db
    .selectFrom("personal_looks")
    .select(["look_no as lookNo", "at_ms as atMs", "account_no as accountNo", "name", "display_name as displayName", "role", "subject"])
    .select(["subject_no as subjectNo", "purpose", "reason", "address"])
    .$if(before !== undefined, (select) => select.where("look_no", "<", before as number))
    .$if(accountNo !== undefined, (select) => select.where("account_no", "=", accountNo as number))
    .orderBy("look_no", "desc")
    .limit(limit)
    .execute(),
});
