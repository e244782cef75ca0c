import { z } from "zod";

const count = z.number().int().min(0);

/**
 * One line of what goes over the wire of a pad, for people to read. What tells a citizen's level, or who somebody is, is taken out
 * where the bytes are read (hidden-fields.ts), so that nothing behind it can show it.
 */
export const trafficFrameSchema = z.object({
  no: count.describe("Counts the frames of this watch, from 1"),
  windowNo: z.string(),
  atMs: z.number().describe("Unix milliseconds"),
  direction: z.enum(["in", "out"]).describe("in: from the pad"),
  is: z.enum(["frame", "fault", "port"]).describe("fault: bytes that were thrown away; port: it was opened or closed"),
  type: z.string().describe("Name of the message, of a keypad's frame, of the fault, or opened and closed"),
  fields: z.array(z.tuple([z.string(), z.string().nullable()])).describe("null: hidden"),
  hides: z.enum(["level", "person", "secret"]).nullable().describe("The gravest that was taken out of fields and hex"),
  header: z
    .object({ session: count, sequence: count, acknowledgement: count, secured: z.boolean() })
    .nullable()
    .describe("Only of the pad protocol"),
  bytes: count.nullable().describe("On the wire, as far as that does not tell a level"),
  hex: z.string().describe("The frame before stuffing, without its checksum; hidden bytes as ··; cut off after 96 bytes"),
});
export type TrafficFrame = z.infer<typeof trafficFrameSchema>;

/** Told at most five times a second. */
export const trafficBatchSchema = z.object({
  frames: z.array(trafficFrameSchema),
  dropped: count.describe("Frames of this watch that came too fast to be told, all together"),
});
export type TrafficBatch = z.infer<typeof trafficBatchSchema>;

/** A line that can be watched. */
export const trafficLineSchema = z.object({
  windowNo: z.string(),
  speaks: z.string().describe("pad-protocol, or the profile of another maker's pad"),
});
export type TrafficLine = z.infer<typeof trafficLineSchema>;

export const trafficFilterSchema = z.strictObject({
  windowNo: z.string().max(32).nullable().default(null),
  direction: z.enum(["in", "out"]).nullable().default(null),
  type: z.string().max(64).nullable().default(null),
  text: z.string().max(100).default("").describe("Stands anywhere in type or fields, whatever its case"),
  beats: z.boolean().default(true).describe("false: without ack, ping, pong and keep-alives"),
});
export type TrafficFilter = z.infer<typeof trafficFilterSchema>;
