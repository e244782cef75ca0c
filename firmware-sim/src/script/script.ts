import type { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { FAULT_NAMES, type FaultName, planOf } from "../faults/library.ts";
import { readJsonFile } from "../json-file.ts";

const ms = z.number().int().min(0).max(86_400_000);
const key = z.literal([1, 2, 3, 4, 5], "is a number from 1 to 5");
const at = ms
  .optional()
  .describe("Milliseconds since the start of the script, or since the newest waitForInvite or repeat before this step");

const timedSteps = [
  z.strictObject({ at, do: z.literal("press"), key, downMs: ms.default(90).describe("How long the finger stays") }),
  z.strictObject({ at, do: z.literal("hold"), key }),
  z.strictObject({ at, do: z.literal("release"), key }),
  z.strictObject({
    at,
    do: z.literal("unplug"),
    forMs: ms.optional().describe("Then the cable is put back; without it the step plug does"),
  }),
  z.strictObject({ at, do: z.literal("plug") }),
  z.strictObject({ at, do: z.literal("powerCut"), forMs: ms }),
  z.strictObject({ at, do: z.literal("silent"), forMs: ms }),
  z.strictObject({
    at,
    do: z.literal("fault"),
    fault: z.literal(FAULT_NAMES, `is one of ${FAULT_NAMES.join(", ")}`),
    value: z.number().optional(),
    forMs: ms.optional().describe("Then it is over; without it, it lasts until the script ends"),
  }),
] as const;
const waitForInvite = z.strictObject({ do: z.literal("waitForInvite") });

const names = "press, hold, release, unplug, plug, powerCut, silent, fault, waitForInvite, repeat";
const unknownStep = ({ input }: { readonly input?: unknown }): string | undefined =>
  typeof input === "object" && input !== null
    ? `there is no step ${JSON.stringify((input as { do?: unknown }).do)}; there are ${names}`
    : undefined;

export type Step =
  | z.output<(typeof timedSteps)[number]>
  | z.output<typeof waitForInvite>
  | { readonly do: "repeat"; readonly times: number | "forever"; readonly steps: readonly Step[] };
/** What a script's author writes for it. */
type StepInput =
  | z.input<(typeof timedSteps)[number]>
  | z.input<typeof waitForInvite>
  | { readonly do: "repeat"; readonly times: number | "forever"; readonly steps: readonly StepInput[] };

const TIMES = 'is a number from 1 on, or "forever"';
const repeat = z.strictObject({
  do: z.literal("repeat"),
  times: z.union([z.number().int().min(1, TIMES), z.literal("forever")], TIMES),
  get steps(): z.ZodType<Step[], StepInput[]> {
    return stepsSchema;
  },
});

const stepsSchema: z.ZodType<Step[], StepInput[]> = z
  .array(z.discriminatedUnion("do", [...timedSteps, waitForInvite, repeat], { error: unknownStep }))
  .min(1, "has no steps")
  .superRefine((steps, context) => {
    let earliest = 0;
    for (const [index, step] of steps.entries()) {
      if (step.do === "fault") checkFault(step, (message) => context.addIssue({ code: "custom", path: [index, "value"], message }));
      const complain = (message: string) => context.addIssue({ code: "custom", path: [index], message });
      if ("at" in step && step.at !== undefined) {
        if (step.at < earliest) complain(`at ${step.at} is before the step above it, at ${earliest}`);
        earliest = step.at;
      } else if (step.do === "waitForInvite" || step.do === "repeat") {
        earliest = 0;
      }
      if (step.do !== "repeat" || step.times !== "forever") continue;
      if (!takesTime(step.steps)) complain("repeats without end in no time; give a step in it an at, or a waitForInvite");
      if (index < steps.length - 1) complain("repeats forever, so the steps behind it never come");
    }
  });

const checkFault = ({ fault, value }: { fault: FaultName; value?: number | undefined }, complain: (message: string) => void): void => {
  try {
    planOf(fault, value);
  } catch (error) {
    complain((error as WindowRatingError).detail);
  }
};

/** A round that takes no time would never let go of the process. */
const takesTime = (steps: readonly Step[]): boolean =>
  steps.some(
    (step) => step.do === "waitForInvite" || ("at" in step && (step.at ?? 0) > 0) || (step.do === "repeat" && takesTime(step.steps)),
  );

/** `[2, "steps", 0, "key"]` → `step 3.1, key`. Steps are counted from 1. */
const placeOf = (path: readonly PropertyKey[]): string => {
  const numbers = path.filter((part) => typeof part === "number").map((index) => index + 1);
  const field = path.at(-1);
  const step = numbers.length === 0 ? "" : `step ${numbers.join(".")}`;
  return typeof field === "string" && field !== "steps" ? `${step}, ${field}` : step;
};

/** Reads a script: a JSON list of steps. @throws WR9001 naming the file, the step and what is wrong with it */
export const readScript = (path: string): readonly Step[] => readJsonFile(path, stepsSchema, "WR9001", placeOf);
