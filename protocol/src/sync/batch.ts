import { z } from "zod";
import { windowNoSchema } from "../rating.ts";
import type { entrySchema } from "./entry.ts";

/** Limits of one batch; a sender stays under both, central refuses more. */
export const BATCH_LIMITS = { entries: 500, bytes: 1_048_576 } as const;

export const windowPcIdSchema = z.uuid().describe("Id of the window PC: windowPcIdFromDigest of its public key");

/** `POST /sync/v1/enrolments`: a window PC makes itself known with a one-time code. */
export const enrolmentRequestSchema = z.strictObject({
  code: z.string().min(8).max(64),
  windowNo: windowNoSchema.optional().describe("Must be the window that the code was made for; without it, it is that window"),
  publicKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("Ed25519 public key, 32 bytes, hexadecimal"),
});
export type EnrolmentRequest = z.infer<typeof enrolmentRequestSchema>;

export const enrolmentAnswerSchema = z.object({
  windowPcId: windowPcIdSchema,
  token: z.string().min(32).max(128).describe("Bearer token of this window PC; central keeps only its hash"),
  centralTimeMs: z.number().int(),
});
export type EnrolmentAnswer = z.infer<typeof enrolmentAnswerSchema>;

/** `POST /sync/v1/batches`, with `Authorization: Bearer <token>`. Entries may come in any order and any number of times. */
export const batchRequestSchema = z.strictObject({
  windowPcId: windowPcIdSchema,
  sentAtMs: z.number().int().describe("Wall clock of the window PC when it sent this; central measures the offset with it (I11)"),
  entries: z
    .array(z.unknown())
    .max(BATCH_LIMITS.entries)
    .describe("Entries; each is checked by itself so that a bad one never holds up the others (I6)"),
});
export type BatchRequest = { windowPcId: string; sentAtMs: number; entries: z.infer<typeof entrySchema>[] };

export const entryAnswerSchema = z.object({
  entryId: z.string().describe("As sent; empty if the entry had none that could be read"),
  number: z.number().int().describe("As sent; 0 if it could not be read"),
  answer: z.enum(["stored", "duplicate", "refused"]),
  code: z.string().optional().describe("WR code, if refused"),
  detail: z.string().optional(),
});
export type EntryAnswer = z.infer<typeof entryAnswerSchema>;

export const batchAnswerSchema = z.object({
  answers: z.array(entryAnswerSchema).describe("One per entry, in the order they were sent"),
  highestGapless: z.number().int().min(0).describe("Central has every entry from 1 up to this number"),
  highest: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      "Highest number that central has of this window PC, beyond holes too; in the answer to a batch without entries, which asks for it",
    ),
  centralTimeMs: z.number().int(),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;
