import { shortText } from "@window-rating/protocol/rating";
import { PAD_CONNECTIONS } from "@window-rating/protocol/sync";
import { z } from "zod";
import { countSchema, levelCountsSchema, maybeNoSchema, maybeTimeSchema, nextSchema, pageQuery, timeSchema, wordSchema } from "./fields.ts";

/** What a window PC last told of its windows; times are of its own clock. An older program tells nothing. */
const padSchema = z.object({
  connection: z.enum([...PAD_CONNECTIONS, "unknown"]),
  model: maybeNoSchema,
  serialNumber: maybeNoSchema,
  cause: z.string().nullable().describe("Why it is not ready, in words, with a WR code"),
  sinceMs: maybeTimeSchema,
});
const clerkSchema = z.object({ staffNo: z.string(), clerkName: z.string() });

const toldStatusSchema = z.object({
  toldAtMs: timeSchema,
  version: z.string(),
  startedAtMs: timeSchema,
  waiting: countSchema.describe("Entries that it has not sent yet"),
  oldestWaitingAtMs: maybeTimeSchema,
  setAside: countSchema.describe("Entries that it has set aside because central refused them"),
  windows: z.array(z.object({ windowNo: z.string(), pad: padSchema, clerks: z.array(clerkSchema) })),
});

export const windowPcSchema = z.object({
  windowPcId: z.string(),
  windowNo: z.string(),
  hallNo: maybeNoSchema,
  enrolledAtMs: timeSchema,
  isGone: z.boolean().describe("Nobody waits for it any more: it was retired, or another one enrolled for its window"),
  lastSeenAtMs: maybeTimeSchema,
  clockOffsetMs: z.number().int().nullable().describe("Central's clock minus the PC's, at its last message"),
  highestGapless: countSchema,
  setAside: countSchema,
  incidents: countSchema,
  holes: countSchema.describe("Runs of missing numbers before entries that have come"),
  status: toldStatusSchema.nullable(),
});
export type WindowPcAnswer = z.infer<typeof windowPcSchema>;

/** Today's sums of a hall or a window, of items where their cases were served last; days are China's. */
const todaySchema = z.object({ ...levelCountsSchema.shape, notRated: countSchema });

const hallSchema = z.object({
  hallNo: maybeNoSchema.describe("Null: windows that are in no hall"),
  name: maybeNoSchema,
  agencyCode: maybeNoSchema,
  agencyName: maybeNoSchema,
  windows: countSchema,
  windowPcs: countSchema,
  silent: countSchema.describe("Window PCs that were not heard of for five minutes"),
  padsAway: countSchema.describe("Windows whose pad is not connected"),
  waiting: countSchema.describe("Entries that wait on its window PCs, as they last told"),
  setAside: countSchema,
  incidents: countSchema,
  today: todaySchema,
});
export const hallsAnswerSchema = z.object({ atMs: timeSchema, day: z.string(), halls: z.array(hallSchema) });
export type HallsAnswer = z.infer<typeof hallsAnswerSchema>;

/** Without a hall: windows that are in none. */
export const hallQuerySchema = z.strictObject({ hall: wordSchema.optional() });
const windowLiveSchema = z.object({
  windowNo: z.string(),
  name: maybeNoSchema,
  agencyCode: maybeNoSchema,
  agencyName: maybeNoSchema,
  /** Who served here today, the latest first. */
  clerks: z.array(z.object({ staffNo: z.string(), clerkName: z.string(), firstAtMs: timeSchema, lastAtMs: timeSchema })),
  clerksNow: z.array(clerkSchema).describe("Signed in, as the window PC last told; who came last first"),
  pad: padSchema.nullable(),
  today: todaySchema,
  lastRatingAtMs: maybeTimeSchema,
  windowPcs: z.array(windowPcSchema),
});
export const hallAnswerSchema = z.object({
  atMs: timeSchema,
  day: z.string(),
  hall: hallSchema,
  windows: z.array(windowLiveSchema),
});
export type HallAnswer = z.infer<typeof hallAnswerSchema>;
export type WindowLive = z.infer<typeof windowLiveSchema>;

/**
 * Events of the live stream (`text/event-stream`). `changed`: something happened at these windows of the account's scope, ask for the
 * hall anew; null: at too many to name, or at none in particular. `ended`: the session is over. What comes is a hint, never the data.
 */
export const streamQuerySchema = z.strictObject({ hall: wordSchema.optional() });
export const changedEventSchema = z.object({ atMs: timeSchema, windows: z.array(z.string()).nullable() });
export type ChangedEvent = z.infer<typeof changedEventSchema>;

export const windowPcQuerySchema = z.strictObject({ ...pageQuery, hall: wordSchema.optional(), window: wordSchema.optional() });
/** Who says that a window PC is gone says why. */
export const retirementSchema = z.strictObject({ reason: shortText(200) });
export const retirementAnswerSchema = z.object({ windowPcId: z.string(), windowNo: z.string() });
export const windowPcListSchema = z.object({ windowPcs: z.array(windowPcSchema), next: nextSchema });
