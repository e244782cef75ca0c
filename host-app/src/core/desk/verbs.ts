import { deskStateSchema, windowChoiceSchema } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { padListSchema, padLogPageSchema, trialPartSchema } from "../commands/pad-shape.ts";
import { hostStatusSchema } from "../commands/status-shape.ts";
import { SESSION_SCREENS } from "../screens/screen-sessions.ts";
import { openedScreenSchema, screenListSchema } from "../screens/screens.ts";
import { BROWSER_PAD_VERBS } from "./browser-pad-verbs.ts";
import { CASE_VERBS } from "./case-verbs.ts";
import { CLERK_ADMIN_VERBS, CLERK_VERBS } from "./clerk-verbs.ts";
import { LINK_VERBS } from "./link-verbs.ts";
import { openApiDocument } from "./openapi.ts";
import { PAIRING_VERBS } from "./pairing-verbs.ts";
import { padReadingVerb, padsOf, padVerb, pcVerb, screenVerb, type Verb, windowVerb } from "./verb.ts";

export type { Access, Verb } from "./verb.ts";

export const VERBS: readonly Verb[] = [
  ...CLERK_VERBS,
  ...CASE_VERBS,
  ...PAIRING_VERBS,
  ...LINK_VERBS,
  windowVerb({
    method: "GET",
    path: "/desk/v1/state",
    access: "paired",
    summary: "What this window is doing now; never what level a citizen gave",
    body: null,
    answer: deskStateSchema,
    errors: [],
    handle: (desk) => desk.state(),
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/windows",
    access: "paired",
    summary: "The windows of this PC, each as GET /desk/v1/state tells it",
    answer: z.object({ windows: z.array(deskStateSchema) }),
    errors: [],
    handle: ({ desks }) => ({ windows: desks.all.map((desk) => desk.state()) }),
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/status",
    access: "control",
    summary: "Health of the window PC, for window-host status and doctor",
    answer: hostStatusSchema,
    errors: ["WR5010"],
    handle: ({ status }) => {
      if (status === undefined) throw new WindowRatingError("WR5010", "this window PC tells no status");
      return status();
    },
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/pads",
    access: "control",
    summary: "The pads of this PC, how far they are known, and where a pairing stands; for window-host pad",
    answer: padListSchema,
    errors: ["WR5010"],
    handle: ({ pads }) => padsOf(pads).list(),
  }),
  padVerb({
    path: "/desk/v1/pads/pair",
    summary: "Pair the pad of a window: somebody stands at it and holds its key",
    body: z.strictObject({ windowNo: windowChoiceSchema }),
    errors: ["WR5010", "WR5017", "WR1017"],
    handle: (pads, { windowNo }) => pads.pair(windowNo),
  }),
  padVerb({
    path: "/desk/v1/pads/pair/code",
    summary: "The code that was read from the pad",
    body: z.strictObject({ windowNo: windowChoiceSchema, code: z.string().min(1).max(64) }),
    errors: ["WR5010", "WR5017", "WR1017"],
    handle: (pads, { windowNo, code }) => pads.type(windowNo, code),
  }),
  padVerb({
    path: "/desk/v1/pads/pair/cancel",
    summary: "Give a pairing up",
    body: z.strictObject({ windowNo: windowChoiceSchema }),
    errors: ["WR5010", "WR5017", "WR1017"],
    handle: (pads, { windowNo }) => pads.cancel(windowNo),
  }),
  padVerb({
    path: "/desk/v1/pads/unpair",
    summary: "Have a pad erase its pairing key; or forget the key of one that is not here",
    body: z.strictObject({
      windowNo: windowChoiceSchema,
      forget: z.strictObject({ model: z.string(), serialNumber: z.string() }).optional(),
    }),
    errors: ["WR5010", "WR5017", "WR1016", "WR1017"],
    handle: (pads, { windowNo, forget }) => (forget === undefined ? pads.unpair(windowNo) : pads.forget(forget)),
  }),
  padVerb({
    path: "/desk/v1/pads/assets/refresh",
    summary: "Look at the folder of assets anew, and bring the pads what has changed",
    body: z.strictObject({}),
    errors: ["WR5010"],
    handle: (pads) => pads.refreshAssets(),
  }),
  padVerb({
    path: "/desk/v1/pads/update",
    summary: "Begin to update the firmware of a pad from an image on this PC; GET /desk/v1/pads tells how it goes",
    body: z.strictObject({ windowNo: windowChoiceSchema, image: z.string().min(1).max(1024).describe("Path of the image on this PC") }),
    errors: ["WR5010", "WR5017", "WR1017", "WR1030", "WR1032", "WR1034"],
    handle: (pads, { windowNo, image }) => pads.update(windowNo, image),
  }),
  padVerb({
    path: "/desk/v1/pads/test",
    summary: "Try a part of a pad, for a person who stands before it; GET /desk/v1/pads tells how it goes. Its presses are no ratings",
    body: z.strictObject({ windowNo: windowChoiceSchema, part: trialPartSchema }),
    errors: ["WR5010", "WR5017", "WR1050", "WR1051", "WR1052"],
    handle: (pads, { windowNo, part }) => pads.test(windowNo, part),
  }),
  padVerb({
    path: "/desk/v1/pads/test/end",
    summary: "End the test that goes on",
    body: z.strictObject({ windowNo: windowChoiceSchema }),
    errors: ["WR5010", "WR5017"],
    handle: (pads, { windowNo }) => pads.endTest(windowNo),
  }),
  padReadingVerb({
    path: "/desk/v1/pads/log",
    summary: "A page of the log that a pad keeps of itself; next tells where to read on",
    body: z.strictObject({ windowNo: windowChoiceSchema, from: z.int().min(0).max(0xffff_ffff).describe("First line wanted") }),
    answer: padLogPageSchema,
    errors: ["WR5010", "WR5017", "WR1055"],
    handle: (pads, { windowNo, from }) => pads.log(windowNo, from),
  }),
  screenVerb({
    path: "/desk/v1/screens/list",
    summary: "The screens that may be open in browsers of this PC; for window-host screen",
    body: z.strictObject({}),
    answer: screenListSchema,
    errors: ["WR5010"],
    handle: (screens) => screens.list(),
  }),
  screenVerb({
    path: "/desk/v1/screens/open",
    summary: "An address that opens a screen in a browser of this PC, once and for two minutes",
    body: z.strictObject({ screen: z.enum(SESSION_SCREENS), windowNo: windowChoiceSchema }),
    answer: openedScreenSchema,
    errors: ["WR5010", "WR5017", "WR5106", "WR8004"],
    handle: (screens, { screen, windowNo }) => screens.open(screen, windowNo),
  }),
  screenVerb({
    path: "/desk/v1/screens/end",
    summary: "End the session of a screen, or of all; whoever has it open is cut off at once",
    body: z.strictObject({ id: z.string().min(1).max(16).optional() }),
    answer: z.object({ ended: z.number().int() }),
    errors: ["WR5010", "WR8006"],
    handle: (screens, { id }) => ({ ended: screens.end(id) }),
  }),
  ...BROWSER_PAD_VERBS,
  ...CLERK_ADMIN_VERBS,
  pcVerb({
    method: "GET",
    path: "/desk/v1/openapi.json",
    access: "anyone",
    inRescue: true,
    summary: "This description",
    answer: z.record(z.string(), z.unknown()),
    errors: [],
    handle: () => openApiDocument(VERBS),
  }),
];
