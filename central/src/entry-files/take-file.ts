import { hash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { BATCH_LIMITS, type Entry, entryHashInput } from "@window-rating/protocol/sync";
import { recordEvent } from "../access/events.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { growInto, lockWindowPc, type Sender } from "../intake/batch.ts";
import { type CheckedEntry, checkEntry } from "../intake/checked-entry.ts";
import { writeContents } from "../intake/contents.ts";
import { incomingOf } from "../intake/incoming.ts";
import { type Judgement, judgeEntries } from "../intake/judgement.ts";
import { entriesOf, readBeside, readElsewhere, readSurroundings } from "../intake/known.ts";
import type { Arrival } from "../intake/rows.ts";
import { proveEntries, signingKey } from "../intake/signatures.ts";
import { writeTroubles } from "../intake/troubles.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { isGone } from "../registry/retired-pcs.ts";
import { readEntryFile } from "./entry-file.ts";
import { fittingEntries } from "./fitting.ts";

/** Who takes a file in, when, and by which rules. */
export interface FileTaking {
  readonly by: string;
  readonly address?: string | undefined;
  readonly nowMs: number;
  readonly policies: Pick<RatingPolicies, "ofVersion">;
}

/** What became of a file's entries. */
export interface EntryFileReport {
  readonly windowPcId: string;
  readonly windowNo: string;
  /** SHA-256 of the file. */
  readonly fileHash: string;
  readonly entries: number;
  /** They count now. */
  readonly taken: number;
  /** Central had them. */
  readonly known: number;
  /** They are among those that are set aside, by the code of their refusal. */
  readonly setAside: Readonly<Record<string, number>>;
}

/**
 * Takes in what a window PC signed as a whole. Each entry is judged as if it had come in a batch, and each once: what central has is known,
 * what closes a hole of the chain counts, and nothing takes the place of anything. What has no certain place is set aside, and a person
 * decides whether it counts. The same file again changes nothing.
 * @throws WindowRatingError WR7012 if no such window PC ever enrolled here, WR7013, WR7018
 */
export const takeEntryFile = async (db: CentralDatabase, bytes: Uint8Array, taking: FileTaking): Promise<EntryFileReport> => {
  const { content, fileHash } = await readEntryFile(bytes);
  const { windowPcId, entries, exportedAt } = content;
  const sender = await readSender(db, windowPcId, taking.nowMs);
  if (content.publicKey !== sender.publicKey)
    throw new WindowRatingError("WR7018", "content.publicKey: is not the key with which this window PC enrolled here");
  const ordered = entries.toSorted((one, other) => one.number - other.number);
  const fitting = await readFitting(db, sender, ordered);
  const counts = { taken: 0, known: 0, setAside: {} as Record<string, number> };
  for (let first = 0; first < ordered.length; first += BATCH_LIMITS.entries) {
    const some = ordered.slice(first, first + BATCH_LIMITS.entries).map((entry) => checkEntry(entry, windowPcId));
    const checked = await proveEntries(some, signingKey(sender.publicKey));
    for (const { answer, refusal } of await takeSome(db, { sender, checked, fitting, fileHash }, taking)) {
      if (refusal !== undefined) counts.setAside[refusal.code] = (counts.setAside[refusal.code] ?? 0) + 1;
      else if (answer === "stored") counts.taken += 1;
      else counts.known += 1;
    }
  }
  const report = { windowPcId, windowNo: sender.windowNo, fileHash, entries: entries.length, ...counts };
  await record(db, report, exportedAt, taking);
  return report;
};

interface FileSender extends Sender {
  readonly isGone: boolean;
}

const readSender = async (db: CentralDatabase, windowPcId: string, nowMs: number): Promise<FileSender> => {
  const sender = await db
    .selectFrom("window_pcs")
    .select(["window_pc_id as windowPcId", "window_no as windowNo", "public_key as publicKey", isGone("window_pcs", nowMs).as("isGone")])
    .where("window_pc_id", "=", windowPcId)
    .executeTakeFirst();
  if (sender === undefined) throw new WindowRatingError("WR7012", `No window PC ${windowPcId} ever enrolled here`);
  return sender;
};

const readFitting = async (db: CentralDatabase, sender: FileSender, entries: readonly Entry[]): Promise<ReadonlySet<string>> => {
  const { windowPcId, isGone } = sender;
  const own = entries.filter((entry) => hash("sha256", entryHashInput(windowPcId, entry)) === entry.hash);
  const { neighbours } = await readSurroundings(db, windowPcId, own);
  return fittingEntries(own, { neighbours, isGone });
};

interface SomeOfFile {
  readonly sender: Sender;
  readonly checked: readonly CheckedEntry[];
  readonly fitting: ReadonlySet<string>;
  readonly fileHash: string;
}

const takeSome = (db: CentralDatabase, { sender, checked, fitting, fileHash }: SomeOfFile, taking: FileTaking): Promise<Judgement[]> =>
  inTransaction(db, async (tx) => {
    const { windowPcId, windowNo } = sender;
    const { nowMs, policies } = taking;
    const pc = await lockWindowPc(tx, windowPcId);
    const policy = await policies.ofVersion(tx, pc.site_version);
    const { ranges, neighbours } = await readSurroundings(tx, windowPcId, entriesOf(checked));
    const known = { ofThisPc: neighbours, ...(await readElsewhere(tx, checked)), beside: await readBeside(tx, checked), fitting };
    const judgements = judgeEntries(checked, known, policy);
    // When the file was written says nothing of the clock when the entries were made: that of its last batch is the best there is.
    const clockOffsetMs = pc.clock_offset_ms ?? 0;
    const arrival: Arrival = { windowPcId, windowNo, receivedAtMs: nowMs, clockOffsetMs, fileHash };
    const incoming = incomingOf(judgements);
    const troubles = await writeTroubles(tx, judgements, arrival, clockOffsetMs);
    const { grown, highestGapless } = await growInto(tx, windowPcId, { ranges, incoming, nowMs }, pc.highest_gapless);
    await writeContents(tx, { from: "file", incoming, ranges: grown, highestGapless, ...troubles }, arrival, policy);
    return judgements;
  });

const record = async (
  db: CentralDatabase,
  report: EntryFileReport,
  exportedAt: string,
  { by, address, nowMs }: FileTaking,
): Promise<void> => {
  const { windowPcId, windowNo, fileHash, entries, taken, known, setAside } = report;
  const codes = Object.entries(setAside).map(([code, count]) => `${count} ${code}`);
  const sums = [`${taken} taken`, `${known} known`, ...(codes.length === 0 ? [] : [`set aside: ${codes.join(", ")}`])].join(", ");
  const detail = `${windowPcId}, window ${windowNo}, exported ${exportedAt}, SHA-256 ${fileHash}: ${entries} entries, ${sums}`;
  await inTransaction(db, (tx) => recordEvent(tx, { kind: "entry-file-taken", by, address, detail }, nowMs));
};
