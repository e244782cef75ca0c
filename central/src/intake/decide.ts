import { WindowRatingError } from "@window-rating/protocol/error";
import { recordEvent } from "../access/events.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { lockWindowPc } from "./batch.ts";
import type { AuthenticEntry } from "./checked-entry.ts";
import { writeContents } from "./contents.ts";
import { incomingOf } from "./incoming.ts";
import { judgeEntries } from "./judgement.ts";
import { readBeside, readElsewhere, readSurroundings } from "./known.ts";
import { isSettled, type Kept, offsetOf, proveKept, type RetakenEntry, type Retaking, readKept, settle } from "./retake.ts";
import type { Arrival } from "./rows.ts";

/** Refusals of entries that their window PC made, and whose place in the chain alone is not right: whether they count a person decides. */
export const DECIDED_CODES: readonly string[] = ["WR7006", "WR7007", "WR7019"];

/** What a person decided, and why. */
export interface Decision extends Retaking {
  readonly counts: boolean;
  readonly reason: string;
  readonly address?: string | undefined;
}

export type DecidedEntry = RetakenEntry | { readonly answer: "left" };

/**
 * Decides whether an entry counts that its window PC made, and whose place in the chain another has or may get. One that counts is held
 * against everything but its place: hash and signature, content, the rules of now, and the ratings that are there. It is kept beside the
 * chain, and replaces nothing. Both decisions go on the record; that an entry is left may be decided anew, that it counts may not.
 * @throws WindowRatingError WR7012 if nothing was set aside under this number, WR7035 if there is nothing to decide about it
 */
export const decideEntry = (db: CentralDatabase, setAsideNo: number, decision: Decision): Promise<DecidedEntry> =>
  inTransaction(db, async (tx) => {
    const kept = await readKept(tx, setAsideNo, decision.nowMs);
    if (!DECIDED_CODES.includes(kept.code))
      throw new WindowRatingError("WR7035", `What was refused with ${kept.code} is not a matter of decision`);
    const pc = await lockWindowPc(tx, kept.windowPcId);
    if (await isSettled(tx, setAsideNo)) return { answer: "duplicate" };
    const checked = await proveKept(kept);
    if (!checked.authentic) return { answer: "refused", refusal: checked.refusal };
    const { entry } = checked;
    const done: DecidedEntry = decision.counts ? await count(tx, { kept, checked, pc }, decision) : { answer: "left" };
    if (done.answer === "refused") return done;
    const { reason, by, address, nowMs } = decision;
    await settle(tx, { kept, checked, outcome: done.answer, reason }, decision);
    const what = `set aside ${setAsideNo}: entry ${entry.number} of ${kept.windowPcId}, window ${kept.windowNo}, ${kept.code}, hash ${entry.hash}`;
    await recordEvent(
      tx,
      { kind: decision.counts ? "entry-counted" : "entry-left", by, address, detail: `${what} (${done.answer}): ${reason}` },
      nowMs,
    );
    return done;
  });

interface Undecided {
  readonly kept: Kept;
  readonly checked: AuthenticEntry;
  readonly pc: Awaited<ReturnType<typeof lockWindowPc>>;
}

const count = async (tx: Tx, { kept, checked, pc }: Undecided, { policies, ...decision }: Decision): Promise<RetakenEntry> => {
  const { windowPcId, windowNo, setAsideNo, code } = kept;
  const { entry } = checked;
  const { by, reason, nowMs } = decision;
  const policy = await policies.ofVersion(tx, pc.site_version);
  const { neighbours } = await readSurroundings(tx, windowPcId, [entry]);
  const link = neighbours.find(({ hash }) => hash === entry.hash);
  if (link?.refusal === null || (await readBeside(tx, [checked])).has(entry.hash)) return { answer: "duplicate" };
  const elsewhere = await readElsewhere(tx, [checked]);
  // Its place is what a person decides about; an id that another entry has is not.
  const withTheseIds = elsewhere.withTheseIds.filter(({ hash }) => hash !== entry.hash);
  const judgements = judgeEntries([checked], { ...elsewhere, withTheseIds, ofThisPc: [] }, policy);
  const refusal = judgements[0]?.refusal;
  if (refusal !== undefined) return { answer: "refused", refusal };
  const clockOffsetMs = kept.clockOffsetMs ?? (await offsetOf(tx, windowPcId, entry.number)) ?? pc.clock_offset_ms ?? 0;
  const arrival: Arrival = { windowPcId, windowNo, receivedAtMs: nowMs, clockOffsetMs };
  const origin = JSON.stringify({ countedBy: by, countedBecause: reason, setAside: setAsideNo, refusedWith: code, file: kept.fileHash });
  const contents = { incoming: incomingOf(judgements), ranges: [], highestGapless: pc.highest_gapless, setAside: 0, incidents: 0, origin };
  // A link of the chain that does not hang on the one before it stays the link that it is.
  await writeContents(tx, { ...contents, from: link === undefined ? { besideAs: setAsideNo } : "chain" }, arrival, policy);
  return { answer: "taken" };
};
