import type { ErrorCode } from "@window-rating/protocol/error";
import type { BatchAnswer, EntryAnswer } from "@window-rating/protocol/sync";
import { type Kysely, sql } from "kysely";
import { bulkInsert } from "../database/bulk-insert.ts";
import type { CentralDatabase, CentralTables } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { type CheckedEntry, checkEntry, signingKey } from "./checked-entry.ts";
import { type Incident, type Judgement, judgeEntries, type Known, type KnownEntry } from "./judgement.ts";
import { addNumbers } from "./number-ranges.ts";
import {
  type Arrival,
  type Counted,
  fingerprintOf,
  insertNotRated,
  insertRatings,
  insertSetAside,
  insertUnbound,
  type SetAsideRow,
} from "./rows.ts";

/** A clock that is further off than this is an incident (I11). */
const CLOCK_OFFSET_LIMIT_MS = 120_000;

/** The window PC that sent a batch, known by its token. */
export interface Sender {
  readonly windowPcId: string;
  readonly windowNo: string;
  readonly publicKey: string;
}

type Reading = Kysely<CentralTables>;

/**
 * Takes one batch: every entry judged by itself, all that is new written in one transaction. Taking it again changes nothing
 * and gives the same refusals.
 * @param entries as they came out of the JSON of the request
 * @param sentAtMs wall clock of the window PC
 * @param nowMs central's clock when the batch arrived
 */
export const takeBatch = async (
  db: CentralDatabase,
  sender: Sender,
  entries: readonly unknown[],
  sentAtMs: number,
  nowMs: number,
): Promise<BatchAnswer> => {
  const key = signingKey(sender.publicKey);
  const checked = await Promise.all(entries.map((entry) => checkEntry(entry, sender.windowPcId, key)));
  const { windowPcId, windowNo } = sender;
  const arrival: Arrival = { windowPcId, windowNo, receivedAtMs: nowMs, clockOffsetMs: nowMs - sentAtMs };
  return inTransaction(db, async (transaction) => {
    // The row lock makes batches of one window PC follow each other, in whatever instance they are taken.
    const pc = await transaction
      .selectFrom("window_pcs")
      .select(["highest_gapless", "clock_offset_ms"])
      .where("window_pc_id", "=", windowPcId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const judgements = judgeEntries(checked, await readKnown(transaction, windowPcId, checked));
    const counts = await writeContents(transaction, judgements, arrival);
    const troubles = await writeTroubles(transaction, judgements, arrival, pc.clock_offset_ms);
    const highestGapless = (await writeRanges(transaction, judgements, arrival)) ?? pc.highest_gapless;
    await transaction
      .updateTable("window_pcs")
      .set((column) => ({
        last_seen_at_ms: nowMs,
        clock_offset_ms: arrival.clockOffsetMs,
        highest_gapless: highestGapless,
        ratings: column("ratings", "+", counts.ratings),
        not_rated: column("not_rated", "+", counts.notRated),
        rated_later: column("rated_later", "+", counts.ratedLater),
        unbound: column("unbound", "+", counts.unbound),
        set_aside: column("set_aside", "+", troubles.setAside),
        incidents: column("incidents", "+", troubles.incidents),
      }))
      .where("window_pc_id", "=", windowPcId)
      .execute();
    return { answers: judgements.map(answerOf), highestGapless, centralTimeMs: nowMs };
  });
};

const answerOf = ({ checked, answer, refusal }: Judgement): EntryAnswer => {
  const { entryId, number } = checked.authentic ? checked.entry : checked;
  return { entryId, number, answer, ...refusal };
};

const requestIdsOf = (checked: readonly CheckedEntry[]): string[] =>
  checked.flatMap((one) =>
    one.authentic && "kind" in one.content && one.content.kind === "rating" ? [one.content.binding.requestId] : [],
  );

const readKnown = async (db: Reading, windowPcId: string, checked: readonly CheckedEntry[]): Promise<Known> => {
  const entries = checked.flatMap((one) => (one.authentic ? [one.entry] : []));
  if (entries.length === 0) return { ofThisPc: [], withTheseIds: [], ratedRequests: [] };
  const numbers = [...new Set(entries.flatMap(({ number }) => [number - 1, number, number + 1]))];
  const columns = [
    "entry_id as entryId",
    "number",
    "hash",
    "previous_hash as previousHash",
    sql<ErrorCode | null>`refusal`.as("refusal"),
  ] as const;
  const ofThisPc: KnownEntry[] = await db
    .selectFrom("entries")
    .select(columns)
    .where("window_pc_id", "=", windowPcId)
    .where("number", "=", sql<number>`any(${numbers}::bigint[])`)
    .execute();
  const withTheseIds: KnownEntry[] = await db
    .selectFrom("entries")
    .select(columns)
    .where("entry_id", "=", sql<string>`any(${entries.map(({ entryId }) => entryId)}::text[])`)
    .execute();
  const rated = await db
    .selectFrom("ratings")
    .select("request_id")
    .where("request_id", "=", sql<string>`any(${requestIdsOf(checked)}::uuid[])`)
    .execute();
  return { ofThisPc, withTheseIds, ratedRequests: rated.map((row) => row.request_id) };
};

/** Writes the new links of the chain and what the counted ones say. */
const writeContents = async (db: Reading, judgements: readonly Judgement[], arrival: Arrival) => {
  const seqOf = await writeEntries(db, judgements, arrival);
  const counted = judgements.flatMap(({ checked, answer }): Counted[] => {
    if (answer !== "stored" || !checked.authentic || !("kind" in checked.content)) return [];
    const { entryId } = checked.entry;
    return [{ seq: seqOf.get(entryId) as number, entryId, body: checked.content }];
  });
  const count = (kind: Counted["body"]["kind"]) => counted.filter(({ body }) => body.kind === kind).length;
  const counts = { ratings: count("rating"), notRated: count("not-rated"), unbound: count("unbound") };
  const before = await countRatedLater(db, counted);
  if (counts.ratings > 0) await insertRatings(counted, arrival).execute(db);
  if (counts.notRated > 0) await insertNotRated(counted, arrival).execute(db);
  if (counts.unbound > 0) await insertUnbound(counted, arrival).execute(db);
  return { ...counts, ratedLater: (await countRatedLater(db, counted)) - before };
};

/** How many "not rated" entries there are whose request is both in this batch and rated. */
const countRatedLater = async (db: Reading, counted: readonly Counted[]): Promise<number> => {
  const requestIds = counted.flatMap(({ body }) => (body.kind === "unbound" ? [] : [body.binding.requestId]));
  if (requestIds.length === 0) return 0;
  const found = await db
    .selectFrom("not_rated")
    .innerJoin("ratings", "ratings.request_id", "not_rated.request_id")
    .select((column) => column.fn.countAll<number>().as("pairs"))
    .where("not_rated.request_id", "=", sql<string>`any(${requestIds}::uuid[])`)
    .executeTakeFirstOrThrow();
  return found.pairs;
};

const writeEntries = async (db: Reading, judgements: readonly Judgement[], arrival: Arrival): Promise<Map<string, number>> => {
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

/** Sets refused entries aside and records incidents, each once however often the entry comes. */
const writeTroubles = async (db: Reading, judgements: readonly Judgement[], arrival: Arrival, offsetBefore: number | null) => {
  const refused = judgements.flatMap(({ checked, refusal, incidents }) => {
    if (refusal === undefined) return [];
    const { entryId, number } = checked.authentic ? checked.entry : checked;
    return [{ entryId, number, refusal, raw: checked.raw, fingerprint: fingerprintOf(refusal, checked.raw), incidents }];
  });
  const known = new Set(await readFingerprints(db, arrival.windowPcId, refused));
  const fresh = refused.filter(({ fingerprint }) => !known.has(fingerprint) && known.add(fingerprint));
  if (fresh.length > 0) await insertSetAside(fresh, arrival).execute(db);

  const ofStored = judgements.flatMap(({ refusal, incidents }) => (refusal === undefined ? incidents : []));
  const wrongClock = clockIncident(arrival.clockOffsetMs, offsetBefore);
  const incidents = [...ofStored, ...fresh.flatMap((one) => one.incidents), ...wrongClock];
  if (incidents.length > 0) {
    await db
      .insertInto("incidents")
      .values(
        incidents.map(({ entryId, ...incident }) => ({
          ...incident,
          entry_id: entryId,
          window_pc_id: arrival.windowPcId,
          noticed_at_ms: arrival.receivedAtMs,
        })),
      )
      .execute();
  }
  return { setAside: fresh.length, incidents: incidents.length };
};

const readFingerprints = async (db: Reading, windowPcId: string, refused: readonly SetAsideRow[]): Promise<string[]> => {
  if (refused.length === 0) return [];
  const found = await db
    .selectFrom("set_aside")
    .select("fingerprint")
    .where("window_pc_id", "=", windowPcId)
    .where("fingerprint", "=", sql<string>`any(${refused.map(({ fingerprint }) => fingerprint)}::text[])`)
    .execute();
  return found.map((row) => row.fingerprint);
};

/** Noted when a clock goes wrong, not with every batch that it stays wrong. */
const clockIncident = (offsetMs: number, beforeMs: number | null): (Omit<Incident, "code"> & { code: null })[] => {
  const isWrong = (offset: number) => Math.abs(offset) > CLOCK_OFFSET_LIMIT_MS;
  const isNoted = beforeMs !== null && isWrong(beforeMs) && !isWrong(offsetMs - beforeMs);
  if (!isWrong(offsetMs) || isNoted) return [];
  const detail = `The clock of the window PC is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? "slow" : "fast"}`;
  return [{ kind: "wrong-clock", code: null, entryId: "", number: 0, detail }];
};

/** Adds the new numbers to the ranges received. @returns the new highest gapless number, or undefined if it did not change */
const writeRanges = async (db: Reading, judgements: readonly Judgement[], arrival: Arrival): Promise<number | undefined> => {
  const numbers = judgements.flatMap(({ checked, received }) => (received && checked.authentic ? [checked.entry.number] : []));
  if (numbers.length === 0) return undefined;
  const before = await db
    .selectFrom("received_ranges")
    .select(["first", "last", "began_at_ms as beganAtMs"])
    .where("window_pc_id", "=", arrival.windowPcId)
    .where("last", ">=", Math.min(...numbers) - 1)
    .where("first", "<=", Math.max(...numbers) + 1)
    .execute();
  const after = addNumbers(before, numbers, arrival.receivedAtMs);
  const vanished = before.map(({ first }) => first).filter((first) => !after.some((range) => range.first === first));
  if (vanished.length > 0) {
    await db.deleteFrom("received_ranges").where("window_pc_id", "=", arrival.windowPcId).where("first", "in", vanished).execute();
  }
  await db
    .insertInto("received_ranges")
    .values(
      after.map((range) => ({ window_pc_id: arrival.windowPcId, first: range.first, last: range.last, began_at_ms: range.beganAtMs })),
    )
    .onConflict((conflict) => conflict.columns(["window_pc_id", "first"]).doUpdateSet({ last: (column) => column.ref("excluded.last") }))
    .execute();
  return after.find((range) => range.first === 1)?.last;
};
