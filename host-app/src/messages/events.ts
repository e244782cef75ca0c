import { deskEventSchema, waitingPairingSchema } from "@window-rating/protocol/desk";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import { trafficBatchSchema } from "../core/traffic/traffic-shape.ts";
import { PADS_EVENT } from "./console-pads.ts";
import { type EventDeclaration, SENDERS } from "./declaration.ts";

/** What the core tells screens unasked, by name. */
export const EVENTS = {
  welcome: {
    summary: "The first message on every connection",
    to: SENDERS,
    body: z.object({
      screen: z.enum(SENDERS),
      windowNo: windowNoSchema.nullable().describe("null: the screen is of the whole PC"),
      outOfOrder: z.string().optional().describe("WR code: nothing is served but what mends this"),
      build: z.string().describe("Changes with the built screens: a page that saw another one before must load itself anew"),
    }),
  },
  desk: {
    summary: "The state at first, then every change: of the strip's window, or of all windows for the console",
    to: ["strip", "console"],
    body: deskEventSchema,
  },
  pairing: {
    summary: "Which business system asks to be paired with this PC: at first, then every change, but not when its time is over",
    to: ["strip"],
    body: z.object({
      waiting: waitingPairingSchema.nullable(),
      mayDecide: z.boolean().describe("The site lets clerks decide; else only IT staff do"),
    }),
  },
  pads: {
    summary: "A test of a pad: how it goes",
    to: ["console"],
    body: PADS_EVENT,
  },
  traffic: {
    summary: "What went over the lines of the pads, to a console that watches them",
    to: ["console"],
    body: trafficBatchSchema,
  },
} as const satisfies Readonly<Record<string, EventDeclaration>>;

export type Events = typeof EVENTS;
export type EventName = keyof Events;
export type EventOf<Name extends EventName> = z.output<Events[Name]["body"]>;
