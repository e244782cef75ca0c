import { hash, verify } from "node:crypto";
import { type Entry, entryHashInput, entrySchema } from "@window-rating/protocol/sync";
import { z } from "zod";
import { publicKeyFromHex } from "../identity/ed25519.ts";
import { windowPcIdOf } from "../identity/identity.ts";
import type { Sqlite } from "../store/database.ts";
import { ENTRY_BYTES } from "../store/entry-book.ts";

/** Columns of `entries` under the names of an Entry. */
export const ENTRY_SELECT = "entry_id AS entryId, number, previous_hash AS previousHash, hash, signature, body";

/**
 * True for an entry that this window PC has made, as it made it: an entry is its own proof (I8), wherever its bytes were found.
 * @param publicKey of the window PC, 32 bytes, hexadecimal
 */
export const authenticity = (publicKey: string): ((found: unknown) => found is Entry) => {
  const windowPcId = windowPcIdOf(publicKey);
  const key = publicKeyFromHex(publicKey);
  return (found): found is Entry => {
    const entry = entrySchema.safeParse(found).data;
    if (entry === undefined) return false;
    const digest = hash("sha256", entryHashInput(windowPcId, entry), "buffer");
    return digest.toString("hex") === entry.hash && verify(null, digest, key, Buffer.from(entry.signature, "hex"));
  };
};

const moment = z.object({ wallMs: z.number(), monotonicMs: z.number(), bootId: z.string() });
const binding = z.object({ requestId: z.string(), caseNo: z.string(), visitNo: z.number(), windowNo: z.string() });

/** What of a body the other tables know, too; looser than what is sent, for an older program may have written it. */
const bodySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rating"), binding, level: z.number(), circumstance: z.string(), openedAt: moment, committedAt: moment }),
  z.object({ kind: z.literal("not-rated"), binding, reason: z.string(), openedAt: moment, endedAt: moment }),
  z.object({ kind: z.literal("paper"), formId: z.string(), binding, typedBy: z.string(), committedAt: moment }),
  z.object({ kind: z.literal("unbound"), requestId: z.string(), committedAt: moment }),
]);
type KnownBody = z.infer<typeof bodySchema>;

const writtenMsOf = (body: KnownBody): number => (body.kind === "not-rated" ? body.endedAt : body.committedAt).wallMs;

const requestIdOf = (body: KnownBody): string =>
  body.kind === "unbound" ? body.requestId : body.kind === "paper" ? body.formId : body.binding.requestId;

const bodyOf = (text: string): KnownBody | undefined => {
  try {
    return bodySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** The binding as the body has it, whole: what is written back must be what was bound (I5). */
const bindingText = (text: string): string => JSON.stringify((JSON.parse(text) as { binding: object }).binding);

/**
 * Puts entries that were found elsewhere where they belong: the entry as it is, a place in the queue (central takes each once, I6), and the
 * rows that an entry implies, so that no request is rated a second time (I4). Rows that are there already stay as they are.
 */
export const entryRows = (database: Sqlite) => {
  const insertEntry = database.prepare(
    `INSERT OR IGNORE INTO entries (number, entry_id, kind, request_id, previous_hash, hash, signature, body, written_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertRequest = database.prepare(
    `INSERT OR IGNORE INTO requests (request_id, window_no, case_no, visit_no, binding, opened_wall_ms, opened_monotonic_ms, opened_boot_id,
       timeout_ms, wait_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`,
  );
  const insertRating = database.prepare(
    `INSERT OR IGNORE INTO ratings (request_id, level, circumstance, entry_number)
     SELECT request_id, ?, ?, ? FROM requests WHERE request_id = ?`,
  );
  const markRated = database.prepare("UPDATE requests SET state = 'rated' WHERE request_id = ?");
  const markEnded = database.prepare("UPDATE requests SET state = ? WHERE request_id = ? AND state IN ('waiting', 'shown')");
  const insertPaper = database.prepare("INSERT OR IGNORE INTO paper_forms (case_no, visit_no, entry_number, typed_by) VALUES (?, ?, ?, ?)");
  const queue = database.prepare("INSERT OR IGNORE INTO outbox (number, bytes) SELECT number, ? FROM entries WHERE number = ?");

  const keepImplied = (number: number, text: string, body: KnownBody): void => {
    if (body.kind === "paper") insertPaper.run(body.binding.caseNo, body.binding.visitNo, number, body.typedBy);
    if (body.kind !== "rating" && body.kind !== "not-rated") return;
    const { requestId, windowNo, caseNo, visitNo } = body.binding;
    const { wallMs, monotonicMs, bootId } = body.openedAt;
    const state = body.kind === "rating" ? "rated" : body.reason;
    insertRequest.run(requestId, windowNo, caseNo, visitNo, bindingText(text), wallMs, Math.round(monotonicMs), bootId, state);
    if (body.kind === "not-rated") markEnded.run(body.reason, requestId);
    else if (insertRating.run(body.level, body.circumstance, number, requestId).changes > 0) markRated.run(requestId);
  };

  return {
    /** To be called inside a transaction. @returns true if it was not there */
    keep(entry: Entry): boolean {
      const { number, entryId, previousHash, hash: digest, signature, body: text } = entry;
      const body = bodyOf(text);
      const kind = body?.kind ?? "unknown";
      const requestId = body === undefined ? null : requestIdOf(body);
      const writtenMs = body === undefined ? 0 : writtenMsOf(body);
      const isNew = insertEntry.run(number, entryId, kind, requestId, previousHash, digest, signature, text, writtenMs).changes > 0;
      if (isNew && body !== undefined) keepImplied(number, text, body);
      return isNew;
    },
    /** To be called inside a transaction. */
    queue({ number, body }: Entry): void {
      queue.run(ENTRY_BYTES + Buffer.byteLength(body), number);
    },
  };
};
