import { type Kysely, sql } from "kysely";
import { bulkInsert } from "../database/bulk-insert.ts";
import type { CentralTables } from "../database/tables.ts";
import type { Judgement } from "./judgement.ts";
import { type Arrival, type Counted, insertNotRated, insertRatings, insertUnbound } from "./rows.ts";

type Writing = Kysely<CentralTables>;

/** Writes the new links of the chain and what the counted ones say. */
export const writeContents = async (db: Writing, judgements: readonly Judgement[], arrival: Arrival) => {
  const seqOf = await writeEntries(db, judgements, arrival);
  const counted = judgements.flatMap(({ checked, answer }): Counted[] => {
    if (answer !== "stored" || !checked.authentic || !("kind" in checked.content)) return [];
    const { entryId } = checked.entry;
    return [{ seq: seqOf.get(entryId) as number, entryId, body: checked.content }];
  });
  const count = (kind: Counted["body"]["kind"]) => counted.filter(({ body }) => body.kind === kind).length;
  const counts = { ratings: count("rating"), notRated: count("not-rated"), unbound: count("unbound") };
  if (counts.ratings > 0) await insertRatings(counted, arrival).execute(db);
  if (counts.notRated > 0) await insertNotRated(counted, arrival).execute(db);
  if (counts.unbound > 0) await insertUnbound(counted, arrival).execute(db);
  return { ...counts, ratedLater: await countRatedLater(db, counted) };
};

/** How many pairs of "not rated" and a rating of the same request became such with this batch. */
const countRatedLater = async (db: Writing, counted: readonly Counted[]): Promise<number> => {
  const requestIds = counted.flatMap(({ body }) => (body.kind === "unbound" ? [] : [body.binding.requestId]));
  if (requestIds.length === 0) return 0;
  const isNew = (table: "not_rated" | "ratings") =>
    sql<boolean>`${sql.ref(`${table}.seq`)} = any(${counted.map(({ seq }) => seq)}::bigint[])`;
  const found = await db
    .selectFrom("not_rated")
    .innerJoin("ratings", "ratings.request_id", "not_rated.request_id")
    .select((column) => column.fn.countAll<number>().as("pairs"))
    .where("not_rated.request_id", "=", sql<string>`any(${requestIds}::uuid[])`)
    .where((column) => column.or([isNew("not_rated"), isNew("ratings")]))
    .executeTakeFirstOrThrow();
  return found.pairs;
};

const writeEntries = async (db: Writing, judgements: readonly Judgement[], arrival: Arrival): Promise<Map<string, number>> => {
  const rows = judgements.flatMap(({ checked, received, refusal }) => {
    if (!received || !checked.authentic) return [];
    const { entry } = checked;
    return [
      {
        window_pc_id: arrival.windowPcId,
        number: entry.number,
        entry_id: entry.entryId,
        previous_hash: entry.previousHash,
        hash: entry.hash,
        signature: entry.signature,
        body: entry.body,
        refusal: refusal?.code ?? null,
        received_at_ms: arrival.receivedAtMs,
        clock_offset_ms: arrival.clockOffsetMs,
      },
    ];
  });
  if (rows.length === 0) return new Map();
  const insert = bulkInsert(
    "entries",
    {
      window_pc_id: "uuid",
      number: "bigint",
      entry_id: "text",
      previous_hash: "text",
      hash: "text",
      signature: "text",
      body: "text",
      refusal: "text",
      received_at_ms: "bigint",
      clock_offset_ms: "bigint",
    },
    rows,
  );
  const inserted = await sql<{ seq: number; entry_id: string }>`${insert} returning seq, entry_id`.execute(db);
  return new Map(inserted.rows.map((row) => [row.entry_id, row.seq]));
};
