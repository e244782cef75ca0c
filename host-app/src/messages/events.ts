import { deskEventSchema } from "@window-rating/protocol/desk";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import { type EventDeclaration, SENDERS } from "./declaration.ts";

/** What the core tells screens unasked, by name. */
export const EVENTS = {
  welcome: {
    summary: "The first message on every connection",
    to: SENDERS,
    body: z.object({
      screen: z.enum(SENDERS),
      windowNo: windowNoSchema.nullable().describe("null: the screen is of the whole PC"),
      build: z.string().describe("Changes with the built screens: a page that saw another one before must load itself anew"),
    }),
  },
  desk: {
    summary: "The state at first, then every change: of the strip's window, or of all windows for the console",
    to: ["strip", "console"],
    body: deskEventSchema,
  },
} as const satisfies Readonly<Record<string, EventDeclaration>>;

export type Events = typeof EVENTS;
export type EventName = keyof Events;
export type EventOf<Name extends EventName> = z.output<Events[Name]["body"]>;
