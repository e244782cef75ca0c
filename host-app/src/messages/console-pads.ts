import { windowChoiceSchema } from "@window-rating/protocol/desk";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import { browserPadListSchema, offeredPageSchema } from "../core/browser-pads/browser-pad-shape.ts";
import { padListSchema, padLogPageSchema, trialPartSchema } from "../core/commands/pad-shape.ts";
import { hostStatusSchema } from "../core/commands/status-shape.ts";
import type { RequestDeclaration } from "./declaration.ts";

const nothing = z.strictObject({});
const done = z.strictObject({});
const ofWindow = z.strictObject({ windowNo: windowChoiceSchema });
const pairingErrors = ["WR1015", "WR1016", "WR1017", "WR5017"] as const;

/** One key as it is drawn. */
const keySchema = z.object({
  key: z.string(),
  label: z.string(),
  means: z.enum(["level", "action", "nothing"]),
});

/** What a pad looks like, by its profile and by what it says of itself. */
export const padPictureSchema = z.object({
  shape: z.enum(["buttons", "screen", "keypad"]),
  profile: z.object({ id: z.string(), zh: z.string(), en: z.string() }).nullable().describe("null: no profile of this PC knows it"),
  lamps: z.number().int(),
  keys: z.array(keySchema),
  keyTest: z
    .enum(["plain", "lit", "stays-lit"])
    .describe(
      "lit: its keys send nothing in the dark, so the test of its keys lights it; stays-lit: and a press alone makes it dark again",
    ),
});
export type PadPicture = z.infer<typeof padPictureSchema>;

const updateErrors = ["WR1017", "WR1030", "WR1032", "WR1034", "WR5017"] as const;
/** Characters of base64 in one piece of an upload: with its envelope below the limit of a message. */
export const PIECE_CHARACTERS = 24_000;

/** What lets a user open a port that is denied to him. */
const portRemedySchema = z.discriminatedUnion("is", [
  z.object({ is: z.literal("give-to-group"), user: z.string() }).describe("No group may use it: a udev rule gives it to one"),
  z.object({ is: z.literal("join-group"), user: z.string(), group: z.string() }),
  z.object({ is: z.literal("log-in-again"), user: z.string(), group: z.string() }).describe("He joined the group since the last log-in"),
]);

const portAnswerSchema = z.discriminatedUnion("is", [
  z.object({ is: z.literal("pad"), model: z.string(), serialNumber: z.string(), firmware: z.string(), paired: z.boolean() }),
  z.object({ is: z.enum(["silent", "foreign"]) }),
  z.object({ is: z.literal("failed"), code: z.string(), text: z.string() }),
]);

export const foundPortSchema = z.object({
  path: z.string(),
  about: z.string().describe("USB ids and serial number; empty if it has none"),
  stablePaths: z.array(z.string()),
  windowNo: z.string().nullable().describe("The window that has it"),
  access: z
    .object({
      owner: z.string(),
      group: z.string(),
      mode: z.string(),
      remedy: portRemedySchema.nullable().describe("null: it may be opened"),
    })
    .nullable(),
  mayBe: z.array(z.string()).describe("Ids of profiles, likeliest first"),
  asked: portAnswerSchema.nullable().describe("null: it was not asked"),
});

/** What the console may ask of the pads of this PC. */
export const CONSOLE_PAD_REQUESTS = {
  "pads.read": {
    summary: "The pads of this PC: how they are reached, what they are, pairing, files, tests",
    from: ["console"],
    body: nothing,
    answer: z.object({
      list: padListSchema,
      windows: z.array(z.object({ ...hostStatusSchema.shape.windows.element.shape, picture: padPictureSchema.nullable() })),
    }),
    errors: [],
  },
  "pads.ports": {
    summary: "Serial ports of this PC; asks which pad is there, if wanted, where no window has the port",
    from: ["console"],
    body: z.strictObject({ probe: z.boolean() }),
    answer: z.object({ ports: z.array(foundPortSchema) }),
    errors: ["WR2001", "WR3001"],
  },
  "pads.test": {
    summary: "Try a part of a pad; what is pressed is no rating",
    from: ["console"],
    body: z.strictObject({ windowNo: windowChoiceSchema, part: trialPartSchema }),
    answer: done,
    errors: ["WR1050", "WR1051", "WR1052", "WR5017"],
  },
  "pads.endTest": { summary: "End the test", from: ["console"], body: ofWindow, answer: done, errors: ["WR5017"] },
  "pads.log": {
    summary: "A page of the log that a pad keeps of itself",
    from: ["console"],
    body: z.strictObject({ windowNo: windowChoiceSchema, from: z.int().min(0).max(0xffff_ffff).describe("First line wanted") }),
    answer: padLogPageSchema,
    errors: ["WR1055", "WR5017"],
  },
  "pads.saveLog": {
    summary: "Write what this console has read of that log into a file of this PC",
    from: ["console"],
    body: z.strictObject({ windowNo: windowNoSchema }),
    answer: z.object({ path: z.string(), lines: z.number().int() }),
    errors: ["WR1055", "WR8006"],
  },
  "pads.pair": {
    summary: "Begin to pair the pad of a window",
    from: ["console"],
    body: ofWindow,
    answer: done,
    errors: pairingErrors,
  },
  "pads.typeCode": {
    summary: "The code that the pad shows",
    from: ["console"],
    body: z.strictObject({ windowNo: windowChoiceSchema, code: z.string().min(1).max(64) }),
    answer: done,
    errors: pairingErrors,
  },
  "pads.cancelPairing": { summary: "Give a pairing up", from: ["console"], body: ofWindow, answer: done, errors: pairingErrors },
  "pads.unpair": { summary: "Have a pad erase its pairing key", from: ["console"], body: ofWindow, answer: done, errors: pairingErrors },
  "pads.forget": {
    summary: "Forget the key of a pad that is lost, broken or paired elsewhere",
    from: ["console"],
    body: z.strictObject({ model: z.string().max(64), serialNumber: z.string().max(64) }),
    answer: done,
    errors: pairingErrors,
  },
  "pads.refreshAssets": {
    summary: "Look at the folder of assets anew, and bring the pads what has changed",
    from: ["console"],
    body: nothing,
    answer: done,
    errors: [],
  },
  "pads.update": {
    summary: "Begin to update the firmware of a pad from an image on this PC",
    from: ["console"],
    body: z.strictObject({ windowNo: windowChoiceSchema, path: z.string().trim().min(1).max(1024) }),
    answer: done,
    errors: updateErrors,
  },
  "pads.upload": {
    summary: "A piece of a firmware image, in their order; with the last one the update begins",
    from: ["console"],
    body: z.strictObject({
      windowNo: windowChoiceSchema,
      from: z.number().int().min(0).describe("Place of its first byte; 0 begins anew"),
      piece: z.base64().max(PIECE_CHARACTERS),
      isLast: z.boolean(),
    }),
    answer: done,
    errors: updateErrors,
  },
  "tablets.read": {
    summary: "The windows whose pad is a page, and their tablets; null: there are none",
    from: ["console"],
    body: nothing,
    answer: z.object({ list: browserPadListSchema.nullable() }),
    errors: [],
  },
  "tablets.offer": {
    summary: "An address that makes one tablet the pad of a window, good once and for ten minutes",
    from: ["console"],
    body: z.strictObject({ windowNo: windowChoiceSchema, replace: z.boolean() }),
    answer: offeredPageSchema,
    errors: ["WR1041", "WR1042", "WR1043", "WR5017"],
  },
  "tablets.remove": {
    summary: "End the admission of a window's tablet; it keeps what it has not delivered",
    from: ["console"],
    body: ofWindow,
    answer: done,
    errors: ["WR1042", "WR5017", "WR8006"],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;

/** Told while somebody tries a pad. */
export const PADS_EVENT = z.object({ windowNo: windowNoSchema, trial: padListSchema.shape.windows.element.shape.trial });
