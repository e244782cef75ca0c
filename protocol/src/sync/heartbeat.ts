import { z } from "zod";
import { clerkNameSchema, shortText, staffNoSchema, windowNoSchema } from "../rating.ts";
import { windowPcIdSchema } from "./batch.ts";

/** How often a window PC tells how it is; also soon after its pads change. */
export const HEARTBEAT_MS = 60_000;
/** A window PC that was not heard of for so long is silent: several heartbeats were missed. */
export const SILENT_AFTER_MS = 300_000;

/** A PC serves a counter, a desk, or a hall of pads behind serial servers. */
const MOST_WINDOWS = 2000;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const wallMs = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Whether a pad can be used; as `connection` of the desk API's pad. */
export const PAD_CONNECTIONS = ["ready", "connecting", "absent", "failed"] as const;
export type PadConnection = (typeof PAD_CONNECTIONS)[number];

/** One window of a PC: its pad, and who sits there. */
const windowStatusSchema = z.object({
  windowNo: windowNoSchema,
  pad: z.object({
    connection: z
      .enum([...PAD_CONNECTIONS, "unknown"])
      .catch("unknown")
      .describe("unknown: a word of a later version"),
    model: shortText(64).nullable().catch(null),
    serialNumber: shortText(64).nullable().catch(null),
    cause: shortText(300).nullable().catch(null).describe("Why it is not ready, in words, with a WR code"),
    sinceMs: wallMs.nullable().catch(null).describe("Since when its connection is what it is"),
  }),
  clerks: z
    .array(z.object({ staffNo: staffNoSchema, clerkName: clerkNameSchema }))
    .max(4)
    .describe("Who is signed in, who came last first"),
});

/** What a window PC tells of itself. Times are of its own wall clock. A field that only one side knows is left out or passed over. */
export const windowPcStatusSchema = z.object({
  version: shortText(32).describe("Of window-host"),
  startedAtMs: wallMs,
  queue: z.object({
    waiting: count.describe("Entries that central has not confirmed"),
    oldestWaitingAtMs: wallMs.nullable(),
    setAside: count.describe("Entries that central refused"),
  }),
  windows: z.array(windowStatusSchema).max(MOST_WINDOWS),
});
export type WindowPcStatus = z.infer<typeof windowPcStatusSchema>;

/**
 * `POST /sync/v1/heartbeats`, with `Authorization: Bearer <token>`. It is apart from the batches so that nothing a status holds can ever
 * stand in the way of an entry. A central of before this answers 404, and the window PC asks again an hour later.
 */
export const heartbeatRequestSchema = z.object({
  windowPcId: windowPcIdSchema,
  sentAtMs: wallMs,
  status: windowPcStatusSchema,
});
export type HeartbeatRequest = z.infer<typeof heartbeatRequestSchema>;

/** As many entries as one answer names; the next one names more. */
export const MOST_TAKEN_SINCE = 500;

/** A central of before `takenSince` never says it, and a window PC of before passes it over: its entries then stay set aside there. */
export const heartbeatAnswerSchema = z.object({
  centralTimeMs: z.number().int(),
  takenSince: z
    .array(z.object({ entryId: z.string(), number: z.number().int() }))
    .max(MOST_TAKEN_SINCE)
    .optional()
    .describe("Entries that central refused and has taken since. Nothing is settled by this: send them again, and they are duplicates"),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswerSchema>;
