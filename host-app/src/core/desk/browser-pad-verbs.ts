import { windowChoiceSchema } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { type BrowserPadList, browserPadListSchema, offeredPageSchema } from "../browser-pads/browser-pad-shape.ts";
import type { BrowserPads } from "../browser-pads/browser-pads.ts";
import type { Verb } from "./verb.ts";

/** A verb about the browser pads of this PC, for IT staff alone. */
const browserPadVerb = <Body, Answer>(
  declared: Pick<Verb, "path" | "summary" | "errors"> & {
    readonly body: z.ZodType<Body>;
    readonly answer: z.ZodType<Answer>;
    handle(pads: BrowserPads, body: Body): Answer;
  },
): Verb => ({
  ...declared,
  method: "POST",
  access: "control",
  isOfWindow: false,
  handle: ({ browserPads, body }) => {
    if (browserPads === undefined) throw new WindowRatingError("WR1042", "no window of this PC has pad.port browser");
    return declared.handle(browserPads, body as Body);
  },
});

export const BROWSER_PAD_VERBS: readonly Verb[] = [
  browserPadVerb({
    path: "/desk/v1/pads/browser/list",
    summary: "The windows whose pad is a page, and their tablets; for window-host pad browser",
    body: z.strictObject({}),
    answer: browserPadListSchema,
    errors: ["WR1042"],
    handle: (pads): BrowserPadList => pads.list(),
  }),
  browserPadVerb({
    path: "/desk/v1/pads/browser/offer",
    summary: "An address that makes one tablet the pad of a window, good once and for ten minutes",
    body: z.strictObject({ windowNo: windowChoiceSchema, replace: z.boolean().default(false) }),
    answer: offeredPageSchema,
    errors: ["WR1041", "WR1042", "WR1043", "WR5017"],
    handle: (pads, { windowNo, replace }) => pads.offer(windowNo, replace),
  }),
  browserPadVerb({
    path: "/desk/v1/pads/browser/remove",
    summary: "End the admission of a window's tablet; it is cut off at once, and keeps what it has not delivered",
    body: z.strictObject({ windowNo: windowChoiceSchema }),
    answer: z.object({ removed: z.boolean() }),
    errors: ["WR1042", "WR5017", "WR8006"],
    handle: (pads, { windowNo }) => ({ removed: pads.remove(windowNo) }),
  }),
];
