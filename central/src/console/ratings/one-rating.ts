import { WindowRatingError } from "@window-rating/protocol/error";
import { REASON_LISTS } from "@window-rating/protocol/reasons";
import { type Entry, type EntryBody, entryBodySchema } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import { isRatingIn } from "../../access/row-scope.ts";
import type { Scope } from "../../access/viewer.ts";
import type { CentralDatabase } from "../../database/tables.ts";
import { inTransaction } from "../../database/transaction.ts";
import { isGiven, ratingIdOf } from "../../intake/given-rating.ts";
import { signingKey } from "../../intake/signatures.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { Check, RatingAnswer } from "../contract/ratings.ts";
import { checkChainPlace, contentCheck, summaryOf } from "./entry-checks.ts";
import { ROW_COLUMNS, ratingRow } from "./list.ts";

type OneRow = Parameters<typeof ratingRow>[0] & {
  readonly request_id: string;
  readonly reasons_version: string | null;
  readonly typed_by: string | null;
  readonly import_no: number | null;
  readonly batch_no: string | null;
  readonly origin: string | null;
  readonly is_sealed: boolean;
  readonly shared_to: number;
};

/** The entry that a rating came with, or that of the rating it was made from. */
interface EntryRow {
  readonly rating: number;
  readonly window_pc_id: string;
  readonly number: number;
  readonly entry_id: string;
  readonly previous_hash: string;
  readonly hash: string;
  readonly signature: string;
  readonly body: string;
  readonly received_at_ms: number;
  readonly clock_offset_ms: number;
  readonly public_key: string;
  readonly highest_gapless: number;
  readonly hash_before: string | null;
  readonly previous_hash_of_next: string | null;
  readonly is_beside: boolean;
}

/**
 * One rating with everything that is known of where it came from; hash, signature and its neighbours in the chain are checked anew.
 * @throws WindowRatingError WR7012 if there is none of that number in this scope
 */
export const readRating = (db: CentralDatabase, scope: Scope, ratingNo: number, nowMs: number): Promise<RatingAnswer> =>
  inTransaction(db, async (tx) => {
    const { rows } = await sql<OneRow>`
      select ${ROW_COLUMNS}, r.request_id, r.reasons_version, r.typed_by, r.import_no, r.batch_no, r.origin,
        (exists (select from rating_contacts k where k.rating = coalesce(r.shared_from, r.seq))
          or exists (select from sealed_texts t where t.kind = 'import' and t.subject_no = coalesce(r.shared_from, r.seq))) as is_sealed,
        (select count(*) from ratings other where other.shared_from = r.seq) as shared_to
      from ratings r where r.seq = ${ratingNo}::bigint and ${isRatingIn(scope, "r")}`.execute(tx);
    const [row] = rows;
    if (row === undefined) throw new WindowRatingError("WR7012", `There is no rating ${ratingNo} for this account`);
    const entry = await entryOf(tx, row.shared_from ?? row.seq);
    const receipts = await tx
      .selectFrom("receipts")
      .select("issued_at_ms as issuedAtMs")
      .where("rating", "=", ratingNo)
      .orderBy("issued_at_ms")
      .execute();
    const reasons = REASON_LISTS.find(({ version }) => version === row.reasons_version)?.reasons ?? [];
    const shown = ratingRow(row);
    return {
      rating: shown,
      requestId: row.request_id,
      reasonsVersion: row.reasons_version,
      reasonTexts: shown.reasons.map((code) => ({ code, text: reasons.find((one) => one.code === code)?.text?.zh ?? "" })),
      sealed: row.is_sealed,
      typedBy: row.typed_by,
      importNo: row.import_no,
      batchNo: row.batch_no,
      details: row.origin === null ? {} : (JSON.parse(row.origin) as Record<string, unknown>),
      receipts,
      sharedTo: row.shared_to,
      entry: entry === undefined ? null : chainEntry(entry),
      verification: await verification(row, entry, nowMs),
    };
  });

const entryOf = async (tx: Tx, seq: number): Promise<EntryRow | undefined> => {
  const { rows } = await sql<EntryRow>`
    select r.seq as rating, e.window_pc_id, e.number, e.entry_id, e.previous_hash, e.hash, e.signature, e.body, e.received_at_ms, e.clock_offset_ms,
      e.is_beside, pc.public_key, pc.highest_gapless, before.hash as hash_before, next.previous_hash as previous_hash_of_next
    from ratings r join proven_entries e on e.entry_id = r.entry_id join window_pcs pc on pc.window_pc_id = e.window_pc_id
      left join entries before on before.window_pc_id = e.window_pc_id and before.number = e.number - 1
      left join entries next on next.window_pc_id = e.window_pc_id and next.number = e.number + 1
    where r.seq = ${seq}::bigint`.execute(tx);
  return rows[0];
};

const bodyOf = ({ body }: EntryRow): EntryBody | undefined => {
  try {
    return entryBodySchema.safeParse(JSON.parse(body)).data;
  } catch {
    // Altered in the database: the hash says so.
    return undefined;
  }
};

const chainEntry = (row: EntryRow): NonNullable<RatingAnswer["entry"]> => {
  const body = bodyOf(row);
  const bound = body !== undefined && "binding" in body ? body.binding : undefined;
  return {
    windowPcId: row.window_pc_id,
    number: row.number,
    entryId: row.entry_id,
    hash: row.hash,
    previousHash: row.previous_hash,
    signature: row.signature,
    publicKey: row.public_key,
    receivedAtMs: row.received_at_ms,
    clockOffsetMs: row.clock_offset_ms,
    trigger: bound?.trigger ?? null,
    triggeredBy: bound?.triggeredBy ?? null,
    openedAt: body !== undefined && "openedAt" in body ? body.openedAt : null,
    committedAt: body !== undefined && "committedAt" in body ? body.committedAt : null,
    sinceOpenMs: body !== undefined && "pressTime" in body ? body.pressTime.sinceOpenMs : null,
    pad: body !== undefined && "origin" in body ? { ...body.origin } : {},
  };
};

const verification = async (row: OneRow, entry: EntryRow | undefined, nowMs: number): Promise<RatingAnswer["verification"]> => {
  if (entry === undefined) {
    const text =
      row.channel === "default"
        ? {
            zh: "默认评价由规则生成，没有签名；依据见来源。",
            en: "A default rating is set by the rules and not signed; its origin says by which.",
          }
        : {
            zh: "不经窗口电脑的评价没有签名链，只有渠道自己的来源记录。",
            en: "It did not come through a window PC: there is no chain, only what its channel told.",
          };
    return { checkedAtMs: nowMs, result: "unsigned", text, checks: [] };
  }
  const { window_pc_id: windowPcId, number, entry_id: entryId, previous_hash: previousHash, hash, signature, body } = entry;
  const own: Entry = { entryId, number, previousHash, hash, signature, body };
  const place = {
    windowPcId,
    entry: own,
    hashBefore: entry.hash_before ?? undefined,
    previousHashOfNext: entry.previous_hash_of_next ?? undefined,
    highestGapless: entry.highest_gapless,
    isBeside: entry.is_beside,
  };
  const checks: Check[] = [...(await checkChainPlace(place, signingKey(entry.public_key))), contentCheck(differences(row, entry))];
  return { checkedAtMs: nowMs, ...summaryOf(checks), checks };
};

/** Fields of the row that the signed entry does not say. A rating made from another one has its case from its batch, and its level from there. */
const differences = (row: OneRow, entry: EntryRow): string[] => {
  const body = bodyOf(entry);
  if (body === undefined || !isGiven(body)) return ["body"];
  const { binding } = body;
  const own = row.shared_from === null;
  const pairs: readonly (readonly [field: string, shown: unknown, signed: unknown])[] = [
    ["level", row.level, body.level],
    ...(own
      ? ([
          ["requestId", row.request_id, ratingIdOf(body)],
          ["caseNo", row.case_no, binding.caseNo],
          ["visitNo", row.visit_no, binding.visitNo],
          ["itemCode", row.item_code, binding.itemCode],
          ["staffNo", row.staff_no, binding.staffNo],
          ["windowNo", row.window_no, binding.windowNo],
        ] as const)
      : []),
  ];
  return pairs.filter(([, shown, signed]) => shown !== signed).map(([field]) => field);
};
