import { WindowRatingError } from "@window-rating/protocol/error";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { fittingEntries } from "../entry-files/fitting.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { isGone } from "../registry/retired-pcs.ts";
import { growInto, lockWindowPc } from "./batch.ts";
import { type AuthenticEntry, type CheckedEntry, checkEntry, type Refusal } from "./checked-entry.ts";
import { writeContents } from "./contents.ts";
import { incomingOf } from "./incoming.ts";
import { judgeEntries } from "./judgement.ts";
import { readBeside, readElsewhere, readSurroundings } from "./known.ts";
import type { Arrival } from "./rows.ts";
import { proveEntries, signingKey } from "./signatures.ts";
import { writeTroubles } from "./troubles.ts";

/** Who takes it again, when, and by which rules. */
export interface Retaking {
  /** Name of the account. */
  readonly by: string;
  readonly nowMs: number;
  readonly policies: Pick<RatingPolicies, "ofVersion">;
}

/** What came of it: it counts now, it had come in meanwhile, or the reason of now why it does not. */
export type RetakenEntry = { readonly answer: "taken" | "duplicate" } | { readonly answer: "refused"; readonly refusal: Refusal };

/**
 * Takes an entry again that was set aside, as it was sent: what stood in its way may be mended. It is judged as when it first came, by the
 * rules of now, and under the lock of its window PC, so that it is taken once however many ask. What was refused stays as it is.
 * @throws WindowRatingError WR7012 if nothing was set aside under this number
 */
export const retakeEntry = (db: CentralDatabase, setAsideNo: number, retaking: Retaking): Promise<RetakenEntry> =>
  inTransaction(db, async (tx) => {
    const kept = await readKept(tx, setAsideNo, retaking.nowMs);
    const pc = await lockWindowPc(tx, kept.windowPcId);
    if (await isSettled(tx, setAsideNo)) return { answer: "duplicate" };
    const checked = await proveKept(kept);
    if (!checked.authentic) return { answer: "refused", refusal: checked.refusal };
    const taken = await takeKept(tx, { kept, checked, pc }, retaking);
    if (taken.answer !== "refused") await settle(tx, { kept, checked, outcome: taken.answer }, retaking);
    return taken;
  });

/** Asked under the lock: who held it before may have taken it. That it is to be left may be decided anew. */
export const isSettled = async (tx: Tx, setAsideNo: number): Promise<boolean> => {
  const settled = await tx.selectFrom("retaken_entries").select("outcome").where("set_aside", "=", setAsideNo).executeTakeFirst();
  return settled !== undefined && settled.outcome !== "left";
};

/** Hash and signature of what was kept, checked anew. */
export const proveKept = async ({ entry, windowPcId, publicKey }: Kept): Promise<CheckedEntry> => {
  const [checked] = await proveEntries([checkEntry(JSON.parse(entry), windowPcId)], signingKey(publicKey));
  return checked as CheckedEntry;
};

export interface Kept {
  readonly setAsideNo: number;
  readonly windowPcId: string;
  readonly windowNo: string;
  readonly publicKey: string;
  readonly entry: string;
  readonly clockOffsetMs: number | null;
  /** Code of its refusal. */
  readonly code: string;
  /** SHA-256 of the file that it came in; null: its window PC sent it. */
  readonly fileHash: string | null;
  /** Nobody waits for its window PC any more. */
  readonly isGone: boolean;
}

/** @throws WindowRatingError WR7012 if nothing was set aside under this number */
export const readKept = async (tx: Tx, setAsideNo: number, nowMs: number): Promise<Kept> => {
  const kept = await tx
    .selectFrom("set_aside as aside")
    .innerJoin("window_pcs as pc", "pc.window_pc_id", "aside.window_pc_id")
    .select([
      "aside.seq as setAsideNo",
      "aside.window_pc_id as windowPcId",
      "pc.window_no as windowNo",
      "pc.public_key as publicKey",
      "aside.entry",
      "aside.clock_offset_ms as clockOffsetMs",
      "aside.code",
      "aside.file_hash as fileHash",
      isGone("pc", nowMs).as("isGone"),
    ])
    .where("aside.seq", "=", setAsideNo)
    .executeTakeFirst();
  if (kept === undefined) throw new WindowRatingError("WR7012", `There is no entry ${setAsideNo} among those that were set aside`);
  return kept;
};

interface Waiting {
  readonly kept: Kept;
  readonly checked: AuthenticEntry;
  readonly pc: Awaited<ReturnType<typeof lockWindowPc>>;
}

const takeKept = async (tx: Tx, { kept, checked, pc }: Waiting, { nowMs, policies }: Retaking): Promise<RetakenEntry> => {
  const { windowPcId, windowNo } = kept;
  const { entry } = checked;
  const policy = await policies.ofVersion(tx, pc.site_version);
  const { ranges, neighbours } = await readSurroundings(tx, windowPcId, [entry]);
  const elsewhere = await readElsewhere(tx, [checked]);
  const link = neighbours.find(({ hash }) => hash === entry.hash);
  if (link !== undefined && link.refusal === null) return { answer: "duplicate" };
  // A link of the chain whose content was refused is judged as if it came now; nothing else of what is known changes.
  const isOther = ({ hash }: { readonly hash: string }): boolean => hash !== entry.hash;
  const known = {
    ...{ ...elsewhere, ofThisPc: neighbours.filter(isOther), withTheseIds: elsewhere.withTheseIds.filter(isOther) },
    beside: await readBeside(tx, [checked]),
    ...(kept.fileHash === null ? {} : { fitting: fittingEntries([entry], { neighbours, isGone: kept.isGone }) }),
  };
  const judgements = judgeEntries([checked], known, policy);
  if (judgements[0]?.answer === "duplicate") return { answer: "duplicate" };
  const refusal = judgements[0]?.refusal;
  if (refusal !== undefined) return { answer: "refused", refusal };
  const clockOffsetMs = kept.clockOffsetMs ?? (await offsetOf(tx, windowPcId, entry.number)) ?? pc.clock_offset_ms ?? 0;
  const arrival: Arrival = { windowPcId, windowNo, receivedAtMs: nowMs, clockOffsetMs };
  const incoming = incomingOf(judgements);
  const { grown, highestGapless } = await growInto(tx, windowPcId, { ranges, incoming, nowMs }, pc.highest_gapless);
  // What a link of the chain does to its neighbours was noted when it came.
  const { incidents } = link === undefined ? await writeTroubles(tx, judgements, arrival, clockOffsetMs) : { incidents: 0 };
  const from = link === undefined ? "set-aside" : "chain";
  await writeContents(tx, { from, incoming, ranges: grown, highestGapless, setAside: 0, incidents }, arrival, policy);
  return { answer: "taken" };
};

/** By which offset of its window PC's clock an entry came, where that was not kept with what was set aside. */
export const offsetOf = async (tx: Tx, windowPcId: string, number: number): Promise<number | null> => {
  const row = await tx
    .selectFrom("entries")
    .select("clock_offset_ms")
    .where("window_pc_id", "=", windowPcId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row?.clock_offset_ms ?? null;
};

interface Settlement {
  readonly kept: Kept;
  readonly checked: AuthenticEntry;
  readonly outcome: "taken" | "duplicate" | "left";
  /** Where a person decided: why. */
  readonly reason?: string;
}

/** What was set aside waits no more. */
export const settle = async (
  tx: Tx,
  { kept: { setAsideNo, windowPcId, fileHash }, checked: { entry }, outcome, reason }: Settlement,
  { by, nowMs }: Pick<Retaking, "by" | "nowMs">,
): Promise<void> => {
  // A window PC hears that central has what it sent; what came in a file it does not have.
  const toldAtMs = fileHash !== null || outcome === "left" ? nowMs : null;
  const now = { outcome, taken_by: by, taken_at_ms: nowMs, told_at_ms: toldAtMs, reason: reason ?? null };
  const before = await tx.selectFrom("retaken_entries").select("set_aside").where("set_aside", "=", setAsideNo).executeTakeFirst();
  await tx
    .insertInto("retaken_entries")
    .values({ set_aside: setAsideNo, window_pc_id: windowPcId, entry_id: entry.entryId, number: entry.number, ...now })
    .onConflict((conflict) => conflict.column("set_aside").doUpdateSet(now))
    .execute();
  if (before !== undefined) return;
  await tx
    .updateTable("window_pcs")
    .set(({ ref, eb }) => ({ set_aside: eb(ref("set_aside"), "-", 1) }))
    .where("window_pc_id", "=", windowPcId)
    .execute();
};
