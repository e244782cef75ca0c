import { WindowRatingError } from "@window-rating/protocol/error";
import { BATCH_LIMITS, batchRequestSchema } from "@window-rating/protocol/sync";
import type { CentralDatabase } from "../database/tables.ts";
import { authenticate } from "../enrolment.ts";
import { refuseMany } from "../http/too-many.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { takeBatch } from "./batch.ts";

/** A batch as it came over HTTP, unread. */
export interface RawBatch {
  /** The body of the request; its memory may be gone after `take`. */
  readonly bytes: Uint8Array;
  /** Of the window PC, from the Authorization header. */
  readonly token: string;
  /** Central's clock, Unix milliseconds. */
  readonly arrivedAtMs: number;
}

/** Takes batches of window PCs, wherever the work is done. */
export interface Intake {
  /**
   * @returns the answer as JSON text
   * @throws WindowRatingError WR7001, WR7002, WR7013, or whatever the database threw
   */
  take(batch: RawBatch): Promise<string>;
  /** What is under way is finished first. */
  close(): Promise<void>;
}

/** Intake in this thread, on this database: what the embedded one needs, which belongs to one thread. */
export const inlineIntake = (db: CentralDatabase, policies: RatingPolicies): Intake => ({
  async take({ bytes, token, arrivedAtMs }) {
    const { windowPcId, sentAtMs, entries } = readBatch(bytes);
    const sender = await authenticate(db, windowPcId, token);
    return JSON.stringify(await takeBatch(db, sender, entries, { sentAtMs, nowMs: arrivedAtMs, policies }));
  },
  close: () => Promise.resolve(),
});

const decoder = new TextDecoder();

/**
 * Read with JSON.parse itself: Fastify's own reader looks through each text for keys like "__proto__", which takes as long again. Nothing
 * that was read is merged into anything here: schemas copy the fields they name into objects of their own.
 */
const readBatch = (bytes: Uint8Array) => {
  let body: unknown;
  try {
    body = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new WindowRatingError("WR7001", "The body is no JSON", error);
  }
  refuseMany(body, BATCH_LIMITS.entries);
  const parsed = batchRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WindowRatingError("WR7001", `${issue?.path.join(".") || "request"}: ${issue?.message ?? "not valid"}`);
};
