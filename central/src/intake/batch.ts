import type { BatchAnswer, EntryAnswer } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import { PLANNED_ONCE } from "../database/planned-statements.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction, RunAgain } from "../database/transaction.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Effective } from "../ratings/rules.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { checkEntry } from "./checked-entry.ts";
import { writeContents } from "./contents.ts";
import { type Incoming, incomingOf } from "./incoming.ts";
import { type Judgement, judgeEntries } from "./judgement.ts";
import { entriesOf, readBeside, readElsewhere, readSurroundings } from "./known.ts";
import { addNumbers, type NumberRange } from "./number-ranges.ts";
import type { Arrival } from "./rows.ts";
import { proveEntries, signingKey } from "./signatures.ts";
import { writeTroubles } from "./troubles.ts";

/** The window PC that sent a batch, known by its token. */
export interface Sender {
  readonly windowPcId: string;
  readonly windowNo: string;
  readonly publicKey: string;
}

/** When a batch was sent and came, and by which rules it is taken. */
export interface BatchArrival {
  /** Wall clock of the window PC. */
  readonly sentAtMs: number;
  /** Central's clock. */
  readonly nowMs: number;
  readonly policies: Pick<RatingPolicies, "ofVersion">;
}

/**
 * Takes one batch: every entry judged by itself, all that is new written in one transaction. Taking it again changes nothing
 * and gives the same refusals.
 * @param entries as they came out of the JSON of the request
 */
export const takeBatch = async (
  db: CentralDatabase,
  sender: Sender,
  entries: readonly unknown[],
  { sentAtMs, nowMs, policies }: BatchArrival,
): Promise<BatchAnswer> => {
  const { windowPcId, windowNo } = sender;
  const key = signingKey(sender.publicKey);
  let checked = entries.map((entry) => checkEntry(entry, windowPcId));
  // Signatures are checked on the thread pool while the database writes; the commit waits for them. Should one be forged, everything
  // is undone and judged anew with what is known then.
  const proven = proveEntries(checked, key);
  proven.catch(() => {});
  const arrival: Arrival = { windowPcId, windowNo, receivedAtMs: nowMs, clockOffsetMs: nowMs - sentAtMs };
  return inTransaction(db, async (transaction, attempt) => {
    // The row lock makes batches of one window PC follow each other, in whatever instance they are taken.
    const pc = await lockWindowPc(transaction, windowPcId);
    const policy = await policies.ofVersion(transaction, pc.site_version);
    const { ranges, neighbours } = await readSurroundings(transaction, windowPcId, entriesOf(checked));
    // Ids, requests and visits that are taken already are rare, and to look up hundreds of them takes as long as to write them. So the
    // first attempt does not look; if what it writes meets one, the next one does.
    const elsewhere = attempt === 1 ? NOTHING_ELSEWHERE : await readElsewhere(transaction, checked);
    const known = { ofThisPc: neighbours, ...elsewhere };
    let judgements = judgeEntries(checked, known, policy);
    if (judgements.some(({ refusal }) => refusal?.code === "WR7007")) {
      const beside = await readBeside(transaction, checked);
      if (beside.size > 0) judgements = judgeEntries(checked, { ...known, beside }, policy);
    }
    const incoming = incomingOf(judgements);
    const troubles = await writeTroubles(transaction, judgements, arrival, pc.clock_offset_ms);
    const { grown, highestGapless } = await growInto(transaction, windowPcId, { ranges, incoming, nowMs }, pc.highest_gapless);
    await writeContents(transaction, { from: "window-pc", incoming, ranges: grown, highestGapless, ...troubles }, arrival, policy);
    if (pc.has_untold) await noteTold(transaction, windowPcId, judgements, nowMs);
    const highest = entries.length === 0 ? { highest: await readHighest(transaction, windowPcId) } : {};
    const believed = checked;
    checked = await proven;
    if (checked.some((one, index) => one !== believed[index])) throw new RunAgain();
    return { answers: judgements.map(answerOf), highestGapless, ...highest, centralTimeMs: nowMs };
  });
};

/** For a window PC that has lost its database and must not give a number twice. */
const readHighest = async (tx: Tx, windowPcId: string): Promise<number> => {
  const { rows } = await sql<{ highest: number }>`
    select coalesce(max(last), 0) as highest from received_ranges where window_pc_id = ${windowPcId}::uuid`.execute(tx);
  return rows[0]?.highest ?? 0;
};

/** It sent what was taken after all, and hears now that central has it. */
const noteTold = async (tx: Tx, windowPcId: string, judgements: readonly Judgement[], nowMs: number): Promise<void> => {
  const ids = judgements.flatMap(({ answer, checked }) => (answer !== "refused" && checked.authentic ? [checked.entry.entryId] : []));
  await sql`
    update retaken_entries set told_at_ms = ${nowMs}::bigint
    where window_pc_id = ${windowPcId}::uuid and told_at_ms is null and entry_id = any(${ids}::text[])`.execute(tx);
};

const NOTHING_ELSEWHERE = { withTheseIds: [], ratedRequests: [], ratedVisits: new Map<string, Effective>() };

interface LockedWindowPc {
  readonly highest_gapless: number;
  readonly clock_offset_ms: number | null;
  readonly site_version: number;
  /** Entries of it were taken after all, and it has not heard of that. */
  readonly has_untold: boolean;
}

/** Whoever writes entries of a window PC holds its row. */
export const lockWindowPc = async (tx: Tx, windowPcId: string): Promise<LockedWindowPc> => {
  const { rows } = await sql<LockedWindowPc>`${sql.raw(PLANNED_ONCE)}
    select highest_gapless, clock_offset_ms, coalesce((select max(version) from site_policies), 0) as site_version,
      exists (select from retaken_entries taken where taken.window_pc_id = window_pcs.window_pc_id and taken.told_at_ms is null) as has_untold
    from window_pcs where window_pc_id = ${windowPcId}::uuid for update`.execute(tx);
  return rows[0] as LockedWindowPc;
};

const answerOf = ({ checked, answer, refusal }: Judgement): EntryAnswer => {
  const { entryId, number } = checked.authentic ? checked.entry : checked;
  return { entryId, number, answer, ...refusal };
};

interface Growth {
  readonly ranges: readonly NumberRange[];
  readonly incoming: readonly Incoming[];
  readonly nowMs: number;
}

/** The ranges with the new numbers in them, to be written; those that have become part of another one are gone. */
export const growInto = async (tx: Tx, windowPcId: string, { ranges, incoming, nowMs }: Growth, before: number) => {
  const grown = growRanges(ranges, incoming, nowMs);
  await forgetRanges(tx, windowPcId, ranges, grown);
  return { grown, highestGapless: grown.find(({ first }) => first === 1)?.last ?? before };
};

/** The ranges that the new numbers fall into or touch, as they are with them; none if there are no new numbers. */
const growRanges = (before: readonly NumberRange[], incoming: readonly Incoming[], nowMs: number): NumberRange[] => {
  const numbers = incoming.map(({ entry }) => entry.number);
  return numbers.length === 0 ? [] : addNumbers(before, numbers, nowMs);
};

/** Deletes ranges that have become part of another one. */
const forgetRanges = async (tx: Tx, windowPcId: string, before: readonly NumberRange[], grown: readonly NumberRange[]): Promise<void> => {
  const vanished =
    grown.length === 0 ? [] : before.map(({ first }) => first).filter((first) => !grown.some((range) => range.first === first));
  if (vanished.length === 0) return;
  await tx.deleteFrom("received_ranges").where("window_pc_id", "=", windowPcId).where("first", "in", vanished).execute();
};
