import type { BatchAnswer, EntryAnswer } from "@window-rating/protocol/sync";
import type { Kysely } from "kysely";
import type { CentralDatabase, CentralTables } from "../database/tables.ts";
import { inTransaction, RunAgain } from "../database/transaction.ts";
import { checkEntry, checkSignature, signingKey } from "./checked-entry.ts";
import { writeContents } from "./contents.ts";
import { type Judgement, judgeEntries } from "./judgement.ts";
import { readElsewhere, readNeighbours, readRanges } from "./known.ts";
import { addNumbers, type NumberRange } from "./number-ranges.ts";
import type { Arrival } from "./rows.ts";
import { writeTroubles } from "./troubles.ts";

/** The window PC that sent a batch, known by its token. */
export interface Sender {
  readonly windowPcId: string;
  readonly windowNo: string;
  readonly publicKey: string;
}

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
  const { windowPcId, windowNo } = sender;
  const key = signingKey(sender.publicKey);
  let checked = entries.map((entry) => checkEntry(entry, windowPcId));
  // Signatures are checked on the thread pool while the database writes, which is half of the work; the commit waits for all of
  // them. Should one be forged, everything is undone and judged anew with what is known then.
  const proven = Promise.all(checked.map((one) => checkSignature(one, key)));
  proven.catch(() => {});
  const arrival: Arrival = { windowPcId, windowNo, receivedAtMs: nowMs, clockOffsetMs: nowMs - sentAtMs };
  return inTransaction(db, async (transaction, attempt) => {
    // The row lock makes batches of one window PC follow each other, in whatever instance they are taken.
    const pc = await transaction
      .selectFrom("window_pcs")
      .select(["highest_gapless", "clock_offset_ms"])
      .where("window_pc_id", "=", windowPcId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const ranges = await readRanges(transaction, windowPcId, checked);
    // Ids and requests that are taken already are rare, and to look up hundreds of them takes as long as to write them. So the
    // first attempt does not look; if a unique index objects, the next one does.
    const elsewhere = attempt === 1 ? { withTheseIds: [], ratedRequests: [] } : await readElsewhere(transaction, checked);
    const judgements = judgeEntries(checked, { ofThisPc: await readNeighbours(transaction, windowPcId, checked, ranges), ...elsewhere });
    const counts = await writeContents(transaction, judgements, arrival);
    const troubles = await writeTroubles(transaction, judgements, arrival, pc.clock_offset_ms);
    const highestGapless = (await writeRanges(transaction, judgements, arrival, ranges)) ?? pc.highest_gapless;
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
    const believed = checked;
    checked = await proven;
    if (checked.some((one, index) => one !== believed[index])) throw new RunAgain();
    return { answers: judgements.map(answerOf), highestGapless, centralTimeMs: nowMs };
  });
};

const answerOf = ({ checked, answer, refusal }: Judgement): EntryAnswer => {
  const { entryId, number } = checked.authentic ? checked.entry : checked;
  return { entryId, number, answer, ...refusal };
};

/**
 * Adds the new numbers to the ranges received.
 * @param before the ranges that they fall into or touch
 * @returns the new highest gapless number, or undefined if it did not change
 */
const writeRanges = async (
  db: Kysely<CentralTables>,
  judgements: readonly Judgement[],
  arrival: Arrival,
  before: readonly NumberRange[],
): Promise<number | undefined> => {
  const numbers = judgements.flatMap(({ checked, received }) => (received && checked.authentic ? [checked.entry.number] : []));
  if (numbers.length === 0) return undefined;
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
