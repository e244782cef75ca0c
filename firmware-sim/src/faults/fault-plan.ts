import { z } from "zod";
import { readJsonFile } from "../json-file.ts";

const rate = z.number().min(0).max(1);
const ms = z.number().int().min(0).max(3_600_000);
const span = z
  .tuple([ms, ms])
  .refine(([min, max]) => min <= max, "the shortest time comes first")
  .describe("Shortest and longest time, milliseconds");

/** What happens to the bytes of one direction. */
const lineFaultsSchema = z.strictObject({
  drop: rate.default(0).describe("Probability that a byte is lost"),
  flip: rate.default(0).describe("Probability that one bit of a byte is turned"),
  corrupt: rate.default(0).describe("Probability that a byte becomes another"),
  duplicate: rate.default(0).describe("Probability that a byte comes twice"),
  cutFrame: rate.default(0).describe("Probability that the rest of a frame is lost from some byte on"),
  delay: rate.default(0).describe("Probability that a frame, and all behind it, comes late"),
  delayMs: span.default([20, 300]).describe("How late"),
  latencyMs: ms.max(1000).default(0).describe("A USB adapter hands over what it has when its timer of so many milliseconds runs out"),
});
export type LineFaults = z.infer<typeof lineFaultsSchema>;

/** A line without faults. */
export const NO_LINE_FAULTS: LineFaults = lineFaultsSchema.parse({});

/** Something that happens to the pad now and then. */
const mishapSchema = z.strictObject({
  everyMs: ms.min(1).describe("Mean time from the end of one to the start of the next, milliseconds"),
  forMs: span,
});
export type Mishap = z.infer<typeof mishapSchema>;

const key = z.literal([1, 2, 3, 4, 5], "is a number from 1 to 5");

export const faultPlanSchema = z.strictObject({
  seed: z.number().int().default(1).describe("The same seed gives the same faults for the same bytes"),
  toHost: lineFaultsSchema.prefault({}),
  toPad: lineFaultsSchema.prefault({}),
  unplug: mishapSchema.optional().describe("The cable is pulled"),
  powerCut: mishapSchema.optional().describe("The power goes"),
  silent: mishapSchema.optional().describe("The pad neither hears nor speaks, with the cable in"),
  brownOut: z
    .strictObject({ everyMs: ms.min(1), times: z.number().int().min(1).max(50) })
    .optional()
    .describe("The power comes and goes so many times within a second or two"),
  hangConnection: z
    .strictObject({ everyMs: ms.min(1) })
    .optional()
    .describe("The host's TCP connection stands, and nothing comes through it any more"),
  stuckKey: key.optional().describe("The contact of this key stays closed"),
  bouncingKeys: ms.max(1000).optional().describe("Contacts chatter for so long whenever a finger comes or goes, milliseconds"),
  deadLamp: key.optional().describe("The lamp of this key stays dark"),
  fullStore: z.number().int().min(0).max(65_535).optional().describe("The store has room for so many events"),
  clockDrift: z.number().min(-0.5).max(1).optional().describe("The pad's clock is fast by this share, or slow if it is below 0"),
});

/** Faults that a simulated pad shall suffer; all off unless given. */
export type FaultPlan = z.infer<typeof faultPlanSchema>;

/** @throws WR9004 naming the file and the fault that is not valid */
export const readFaultPlan = (path: string): FaultPlan => readJsonFile(path, faultPlanSchema, "WR9004", (place) => place.join("."));
