import { padStateSchema, recoveryEventSchema, requestStateSchema } from "@window-rating/protocol/desk";
import { z } from "zod";

const count = z.number().int().min(0);
const milliseconds = z.number().min(0);
const wallMs = z.number().int().describe("Unix milliseconds");

/** Round trips host → pad → host of the newest acknowledged frames; made by `roundTripsOf`. */
const roundTripsSchema = z.object({
  samples: count,
  p50: milliseconds,
  p90: milliseconds,
  p99: milliseconds,
  max: milliseconds,
  histogram: z
    .array(z.object({ upToMs: z.number().nullable().describe("null: the rest, without a bound"), count }))
    .describe("How many samples are over the bound before and not over this one"),
});
export type RoundTrips = z.infer<typeof roundTripsSchema>;

/** Counts since the window PC started, over all sessions with the pad; SessionCounters of the pad protocol has these fields. */
const padCountersSchema = z.object({
  frames: count.describe("Frames that passed their check"),
  faults: z.record(z.string(), count).describe("Bytes thrown away up to a delimiter, by reason"),
  sent: count,
  delivered: count,
  resent: count,
  repeated: count,
  early: count,
  unusable: count,
  stale: count.describe("Frames of an older session"),
  sessions: count,
});

/** What only another maker's pad has to tell, counted since the window PC started. Which key, or which level, is never told here. */
const keypadStatusSchema = z.object({
  proven: z.boolean().describe("false: nothing was heard of it yet; many such pads never say that they are there"),
  guardMs: milliseconds.describe("Presses so soon after a change of case are thrown away"),
  taken: count.describe("Presses that counted for the request that was open"),
  discarded: z
    .record(z.string(), count)
    .describe(
      "Presses that count for nobody: no-request, guard (around a change of case), repeat, already-pressed, means-nothing, case-changed",
    ),
  actions: count.describe("Presses of the clerk's keys"),
  unanswered: count.describe("Requests that the pad should have answered and did not"),
});

const padStatusSchema = padStateSchema.extend({
  firmware: z.string().optional(),
  counters: padCountersSchema,
  roundTripMs: roundTripsSchema.nullable().describe("null: nothing was measured yet"),
  keypad: keypadStatusSchema.optional().describe("Only of another maker's pad"),
  hasGivenUp: z.boolean().describe("Every rung of the recovery ladder was tried; the port is only watched"),
  recovery: z
    .array(recoveryEventSchema.extend({ atMs: wallMs }))
    .max(50)
    .describe("The newest rungs that were taken, oldest first"),
});

const databaseStatusSchema = z.object({
  path: z.string(),
  sizeBytes: count.describe("With its write-ahead log"),
  schemaVersion: count,
  synchronous: z.string().describe("FULL is the only safe one"),
  journalMode: z.string(),
  lastQuickCheck: z.object({ atMs: wallMs, ok: z.boolean(), detail: z.string().optional() }).nullable(),
  lastBackup: z.object({ atMs: wallMs, path: z.string() }).nullable(),
  freeBytes: count.nullable().describe("Free space on its disk; null if the system does not say"),
});

/** An entry that central refused. Without its content: a level never leaves the window PC by this way. */
const setAsideSummarySchema = z.object({
  number: count,
  kind: z.string().describe("rating, not-rated or unbound"),
  code: z.string().describe("WR code central gave"),
  detail: z.string(),
  atMs: wallMs,
});

const queueStatusSchema = z.object({
  waiting: count.describe("Entries that central has not confirmed"),
  oldestMs: wallMs.nullable().describe("When the oldest of them was written, Unix milliseconds"),
  setAside: count.describe("Entries that central refused; kept for ever"),
  setAsideNewest: z.array(setAsideSummarySchema).max(100).describe("The newest of them, newest first"),
  lastSyncMs: wallMs.nullable().describe("Last answer of central, Unix milliseconds"),
  nextTryMs: wallMs.nullable().describe("When central is tried again, Unix milliseconds; null: nothing waits or a try is under way"),
  cause: z.string().optional().describe("In words, with a WR code, why entries wait"),
});

/** What central has told of the site; it stays in use while central is away. */
const rosterStatusSchema = z.object({
  version: count.describe("Of clerks and items; 0: nothing was told yet"),
  clerks: count,
  items: count,
  reasonsVersion: z.string().nullable(),
  siteVersion: count.nullable(),
  region: z.string().nullable().describe("Whose rules are in force"),
  lastAnswerMs: wallMs.nullable(),
  cause: z.string().optional(),
});

/** What a running window PC says of itself: to `window-host status`, to `doctor` and to no page in a browser. */
export const hostStatusSchema = z.object({
  windows: z.array(z.object({ windowNo: z.string(), pad: padStatusSchema })).min(1),
  database: databaseStatusSchema,
  queue: queueStatusSchema,
  identity: z.object({ windowPcId: z.string().nullable(), enrolled: z.boolean() }),
  roster: rosterStatusSchema,
  clock: z.object({
    wallMs,
    offsetMs: z.number().nullable().describe("Central's clock minus this one, measured at the last sync; null: not measured yet"),
    bootId: z.string(),
  }),
  requests: z.object({ byState: z.partialRecord(requestStateSchema, count).describe("Rating requests in the database, by state") }),
  ratings: z.object({ total: count, unbound: count.describe("Presses for a request that this window PC does not know") }),
});
export type HostStatus = z.infer<typeof hostStatusSchema>;
export type PadStatus = HostStatus["windows"][number]["pad"];
