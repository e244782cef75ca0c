import { z } from "zod";
import { trafficFilterSchema, trafficLineSchema } from "../core/traffic/traffic-shape.ts";
import type { RequestDeclaration } from "./declaration.ts";

const nothing = z.strictObject({});
const named = z.object({ name: z.string(), bytes: z.number() });

/** What the console may ask of the frames on the wire, of the doctor, and for the bundle of logs. */
export const CONSOLE_TRAFFIC_REQUESTS = {
  "traffic.watch": {
    summary: "Tell what goes over the lines of the pads from now on, by the event traffic; takes the place of an earlier watch",
    from: ["console"],
    body: nothing,
    answer: z.object({ lines: z.array(trafficLineSchema) }),
    errors: ["WR5017"],
  },
  "traffic.stop": {
    summary: "Tell of no line any more",
    from: ["console"],
    body: nothing,
    answer: nothing,
    errors: [],
  },
  "traffic.save": {
    summary: "Write what is shown into a file of this PC",
    from: ["console"],
    body: z.strictObject({ filter: trafficFilterSchema, from: z.number().int().min(0), to: z.number().int().min(0) }),
    answer: z.object({ path: z.string(), frames: z.number() }),
    errors: ["WR8006"],
  },
  "doctor.run": {
    summary: "What window-host doctor finds",
    from: ["console"],
    body: nothing,
    answer: z.object({
      findings: z.array(
        z.object({
          level: z.enum(["ok", "warn", "fail"]),
          kind: z.string(),
          facts: z.record(z.string(), z.union([z.string(), z.number()])).describe("What the words of its kind have blanks for"),
          windowNo: z.string().optional().describe("Of which window, where there are several"),
          subject: z.string(),
          text: z.string(),
          code: z.string().optional(),
          todo: z.string().optional(),
        }),
      ),
    }),
    errors: ["WR8006"],
  },
  "bundle.make": {
    summary: "Pack logs, settings and findings into a file of this PC, as window-host bundle does",
    from: ["console"],
    body: nothing,
    answer: z.object({
      path: z.string(),
      bytes: z.number(),
      parts: z.array(named),
      missing: z.array(z.object({ name: z.string(), why: z.string() })),
    }),
    errors: ["WR8006"],
  },
  "bundle.read": {
    summary: "A piece of the bundle that this console has had made, to be saved by the browser",
    from: ["console"],
    body: z.strictObject({ from: z.number().int().min(0) }),
    answer: z.object({ data: z.string().describe("Base64; empty: there is no more") }),
    errors: ["WR8006"],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
