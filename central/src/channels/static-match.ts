import { sql } from "kysely";
import type { MatchOutcome } from "../database/channel-tables.ts";
import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { isGone } from "../registry/retired-pcs.ts";

/*
 * Whose visit a rating by the code of a window was (一窗一码), by window and time. It is decided some time after the scan, for a window
 * PC tells of a visit only when its pad was answered or gave up, and a business system when it comes to it: the only visit known at
 * the moment of the scan is most often the one before. And it is never guessed: where more than one visit fits, or more than one rating
 * fits the visit, the rating stays with the window, marked with the reason.
 */

const MINUTE_MS = 60_000;

/** A visit fits a scan if it ended so long before it at most … */
export const ENDED_BEFORE_MS = 5 * MINUTE_MS;
/** … or so long after it: some scan while their papers are still being printed. */
export const ENDED_AFTER_MS = 2 * MINUTE_MS;
/** By then every rating that competes for the visit has come in: STATIC_FORM_VALID_MS and the two above are less. */
export const SETTLE_AFTER_MS = 30 * MINUTE_MS;
/** How long a window PC that is away is waited for; a week, for it may be a Friday afternoon. */
export const WAIT_AT_MOST_MS = 7 * 24 * 60 * MINUTE_MS;

interface Waiting {
  readonly rating: number;
  readonly window_no: string;
  readonly scanned_at_ms: number;
}

interface Candidate {
  readonly case_no: string;
  readonly visit_no: number;
  readonly ended_at_ms: number;
}

/** Where the next batch goes on. */
export interface Position {
  readonly scannedAtMs: number;
  readonly rating: number;
}

const BATCH = 50;

/**
 * Decides about the ratings by static code whose time has come, some of them at a time; a batch of the job "static-match".
 * @param from where the batch before ended
 */
export const settleBatch = async (
  tx: Tx,
  policy: RatingPolicy,
  from: Position | undefined,
  nowMs: number,
): Promise<{ readonly done: number; readonly next: Position | undefined }> => {
  const waiting = await tx
    .selectFrom("static_waiting")
    .selectAll()
    .where("scanned_at_ms", "<=", nowMs - SETTLE_AFTER_MS)
    .$if(from !== undefined, (select) =>
      select.where(sql<boolean>`(scanned_at_ms, rating) > (${from?.scannedAtMs ?? 0}::bigint, ${from?.rating ?? 0}::bigint)`),
    )
    .orderBy("scanned_at_ms")
    .orderBy("rating")
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
    .execute();
  let done = 0;
  for (const one of waiting) if (await settle(tx, policy, one, nowMs)) done += 1;
  const last = waiting.length === BATCH ? waiting.at(-1) : undefined;
  return { done, next: last === undefined ? undefined : { scannedAtMs: last.scanned_at_ms, rating: last.rating } };
};

/** @returns false if it has to wait longer */
const settle = async (tx: Tx, policy: RatingPolicy, waiting: Waiting, nowMs: number): Promise<boolean> => {
  if (!(await isTold(tx, waiting))) {
    if (nowMs - waiting.scanned_at_ms < WAIT_AT_MOST_MS) return false;
    await decide(tx, waiting, { outcome: "untold", candidates: 0 }, nowMs);
    return true;
  }
  const candidates = await candidatesOf(tx, waiting);
  const [visit] = candidates;
  if (visit === undefined || candidates.length > 1) {
    await decide(tx, waiting, { outcome: visit === undefined ? "none" : "several", candidates: candidates.length }, nowMs);
    return true;
  }
  if (await isContested(tx, waiting, visit)) {
    await decide(tx, waiting, { outcome: "contested", candidates: 1, visit }, nowMs);
    return true;
  }
  const matched = await attach(tx, policy, waiting, visit, nowMs);
  await decide(tx, waiting, { outcome: matched === undefined ? "refused" : "matched", candidates: 1, visit, matched }, nowMs);
  return true;
};

/**
 * Whether the window PCs of the window, if it has any, have told of everything up to then. One that is gone is not waited for, nor is a hole
 * in a chain whose next entry had come before the scan: what is missing there is older still.
 */
const isTold = async (tx: Tx, { window_no, scanned_at_ms }: Waiting): Promise<boolean> => {
  const silent = await tx
    .selectFrom("window_pcs")
    .select("window_pc_id")
    .where("window_no", "=", window_no)
    .where(({ not }) => not(isGone("window_pcs", scanned_at_ms)))
    .where((pc) =>
      pc.or([
        pc("last_seen_at_ms", "is", null),
        pc("last_seen_at_ms", "<", scanned_at_ms + ENDED_AFTER_MS),
        pc.exists(
          pc
            .selectFrom("received_ranges")
            .select("first")
            .whereRef("received_ranges.window_pc_id", "=", "window_pcs.window_pc_id")
            .where("first", ">", 1)
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom("entries")
                    .select("entry_id")
                    .whereRef("entries.window_pc_id", "=", "received_ranges.window_pc_id")
                    .whereRef("entries.number", "=", "received_ranges.first")
                    .where("received_at_ms", "<", scanned_at_ms - ENDED_BEFORE_MS),
                ),
              ),
            ),
        ),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return silent === undefined;
};

const candidatesOf = (tx: Tx, { window_no, scanned_at_ms }: Waiting): Promise<Candidate[]> =>
  tx
    .selectFrom("visits")
    .select(["case_no", "visit_no"])
    .select((visit) => visit.ref("ended_at_ms").$notNull().as("ended_at_ms"))
    .where("ended_at_ms", ">=", scanned_at_ms - ENDED_BEFORE_MS)
    .where("ended_at_ms", "<=", scanned_at_ms + ENDED_AFTER_MS)
    .where("window_no", "=", window_no)
    .limit(10)
    .execute();

/** Whether another rating by static code fits the same visit: of two, one is somebody else's. */
const isContested = async (tx: Tx, { rating, window_no }: Waiting, visit: Candidate): Promise<boolean> => {
  const competitor = await tx
    .selectFrom("static_waiting")
    .select("rating")
    .where("window_no", "=", window_no)
    .where("rating", "<>", rating)
    .where("scanned_at_ms", "<=", visit.ended_at_ms + ENDED_BEFORE_MS)
    .where("scanned_at_ms", ">=", visit.ended_at_ms - ENDED_AFTER_MS)
    .unionAll(tx.selectFrom("static_matches").select("rating").where("case_no", "=", visit.case_no).where("visit_no", "=", visit.visit_no))
    .limit(1)
    .executeTakeFirst();
  return competitor !== undefined;
};

/** @returns the number of the visit's rating; undefined if the rules refuse it now */
const attach = async (tx: Tx, policy: RatingPolicy, { rating }: Waiting, visit: Candidate, nowMs: number): Promise<number | undefined> => {
  const row = await tx.selectFrom("ratings").selectAll().where("seq", "=", rating).executeTakeFirstOrThrow();
  const hasWords = (await tx.selectFrom("rating_contacts").select("rating").where("rating", "=", rating).executeTakeFirst()) !== undefined;
  const acceptance = await acceptRating(
    tx,
    {
      channel: "static-qr",
      key: `match ${rating}`,
      subject: { kind: "staff", caseNo: visit.case_no, visitNo: visit.visit_no },
      level: row.level,
      reasons: row.reasons_version === null ? undefined : { version: row.reasons_version, codes: (row.reason_codes ?? "").split(",") },
      hasWords,
      atMs: row.at_ms,
      rater: { named: row.named, person: row.person ?? undefined },
      origin: { matchedBy: "window and time", windowRating: rating },
    },
    policy,
    nowMs,
  );
  return acceptance.is === "accepted" ? acceptance.seq : undefined;
};

interface Decision {
  readonly outcome: MatchOutcome;
  readonly candidates: number;
  readonly visit?: Candidate;
  readonly matched?: number | undefined;
}

const decide = async (tx: Tx, { rating }: Waiting, { outcome, candidates, visit, matched }: Decision, nowMs: number): Promise<void> => {
  await tx
    .insertInto("static_matches")
    .values({
      rating,
      outcome,
      candidates,
      case_no: visit?.case_no ?? null,
      visit_no: visit?.visit_no ?? null,
      matched_rating: matched ?? null,
      decided_at_ms: nowMs,
    })
    .execute();
  await tx.deleteFrom("static_waiting").where("rating", "=", rating).execute();
};
