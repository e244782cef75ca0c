import { z } from "zod";
import { levelSchema } from "../rating.ts";
import { byteFramingSchema, frameFramingSchema, lineFramingSchema } from "./framing-schema.ts";

/** Everything a host can say to a pad of another maker. Which of them a pad understands its description says. */
export const REQUEST_NAMES = [
  "hello",
  "startRating",
  "cancel",
  "idle",
  "acknowledge",
  "refuse",
  "keepAlive",
  "lamps",
  "voice",
  "stars",
  "beep",
  "pause",
  "resume",
] as const;
export type RequestName = (typeof REQUEST_NAMES)[number];

/** Numbers that may be put into a request, by its name. */
export const REQUEST_NUMBERS = {
  hello: [],
  startRating: ["seconds"],
  cancel: [],
  idle: [],
  acknowledge: [],
  refuse: [],
  keepAlive: [],
  lamps: ["lamps"],
  voice: ["prompt"],
  stars: ["level"],
  beep: ["count"],
  pause: [],
  resume: [],
} as const satisfies Record<RequestName, readonly RequestNumber[]>;
export type RequestNumber = "seconds" | "level" | "prompt" | "lamps" | "count";
export type RequestNumbers = Readonly<Partial<Record<RequestNumber, number>>>;

/** What a clerk asks for with a key of the pad. */
export const CLERK_ACTIONS = ["requestRating", "callNext", "recall", "pause", "resume", "transfer", "waitBehindLine", "help"] as const;
export type ClerkAction = (typeof CLERK_ACTIONS)[number];

/** As long as the longest data in hexadecimal. */
const fieldText = z.string().max(400);
const words = (max: number) => z.string().trim().min(1).max(max);
const milliseconds = (min: number, max: number) => z.int().min(min).max(max);

const matchSchema = z
  .strictObject({
    function: fieldText.optional().describe("Function of the frame; absent = whatever it is"),
    data: fieldText.optional().describe("Data of the frame; * at the end = any further bytes; absent = whatever they are"),
  })
  .refine(({ function: code, data }) => code !== undefined || data !== undefined, "must give function or data, or both");
export type KeypadMatch = z.infer<typeof matchSchema>;

const templateSchema = z.strictObject({
  function: fieldText.optional().describe("Function of the frame; only if the framing has one"),
  data: fieldText.optional().describe("Data of the frame, with values in braces; absent = none"),
});
export type KeypadTemplate = z.infer<typeof templateSchema>;

const sendSchema = z.array(templateSchema).min(1).max(8).describe("Frames to be sent, in this order");

const requestSchema = z
  .strictObject({
    send: sendSchema,
    expect: matchSchema.optional().describe("What the pad answers; absent = it does not answer"),
    withinMs: milliseconds(20, 10_000).optional().describe("How long the answer may take; default 500"),
    tries: z.int().min(1).max(10).optional().describe("How often it is sent in all before the pad counts as gone; default 3"),
  })
  .refine(({ expect, withinMs }) => expect !== undefined || withinMs === undefined, {
    path: ["withinMs"],
    error: "stands for nothing without expect",
  })
  .refine(({ expect, tries }) => expect !== undefined || tries === undefined, {
    path: ["tries"],
    error: "stands for nothing without expect",
  });

const acknowledgeSchema = z.strictObject({
  send: sendSchema.describe("Frames that answer a press; {function} and {data} are those of the press"),
  after: z
    .enum(["storage", "receipt"])
    .describe(
      "storage: sent when the rating is on disk (the pad says thank you then); receipt: sent at once (the pad only stops repeating)",
    ),
  idleAfterMs: milliseconds(100, 60_000).optional().describe("Send idle so long after; absent = the pad goes dark by itself"),
});

const plainRequest = (what: string) => requestSchema.optional().describe(what);
const requestsSchema = z.strictObject({
  hello: plainRequest("Sent once when the port was opened"),
  startRating: plainRequest(
    "Lights the keys for one rating; {seconds} = time to press. Absent: the keys are always ready, and only the host knows when a press counts",
  ),
  cancel: plainRequest("Calls the rating off; absent = idle is sent instead"),
  idle: plainRequest("All dark, nothing to press"),
  acknowledge: acknowledgeSchema.optional().describe("Answer to a press; absent = the pad needs none"),
  refuse: plainRequest("Answer to a press that does not count; absent = acknowledge if the pad repeats until answered, else nothing"),
  keepAlive: plainRequest("Sent every keepAlive.everyMs; needs expect"),
  lamps: plainRequest("Sets the lamps; {lamps} = bits, 1 = lamp 1"),
  voice: plainRequest("Speaks; {prompt} = number of the prompt"),
  stars: plainRequest("Shows the clerk's stars; {level} = 1..5, 0 = none. Never a rating that is pre-selected"),
  beep: plainRequest("Beeps; {count} = how often"),
  pause: plainRequest("Shows that the window is paused"),
  resume: plainRequest("Ends the pause"),
});

const MEANINGS = ["level", "action", "nothing"] as const;
const keySchema = z
  .strictObject({
    key: words(24).describe("Name of the key, as people call it"),
    label: words(24).optional().describe("Words printed on the key"),
    match: matchSchema.describe("The frame that the pad sends for it"),
    level: levelSchema.optional().describe("The level that the words on the key say, 1 非常不满意 … 5 非常满意; never a guess"),
    action: z.enum(CLERK_ACTIONS).optional().describe("What the clerk asks for with this key"),
    acknowledge: z
      .literal(false)
      .optional()
      .describe("false: a press of this key is never answered, because its answer would say something else to the pad"),
    nothing: words(400).optional().describe("Why this key stands for nothing, for instance a 默认 key: nobody chose a level with it"),
  })
  .superRefine((key, context) => {
    const given = MEANINGS.filter((name) => key[name] !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: "custom",
        message: `must give exactly one of level, action and nothing, has ${given.join(" and ") || "none"}`,
      });
  });
export type KeypadKey = z.infer<typeof keySchema>;

const repeatSchema = z
  .discriminatedUnion("is", [
    z.strictObject({ is: z.literal("never").describe("One press is one frame") }),
    z.strictObject({
      is: z
        .enum(["until-answered", "while-held"])
        .describe("The pad sends the press again until it is answered, or while the finger is on the key"),
      everyMs: milliseconds(10, 10_000).describe("Time between two frames of one press"),
      withinMs: milliseconds(20, 60_000).describe("The same frame so soon after the last one is the same press; at least twice everyMs"),
    }),
  ])
  .describe("Whether the pad sends one press more than once");

const keepAliveSchema = z
  .discriminatedUnion("from", [
    z.strictObject({ from: z.literal("nobody").describe("Nobody asks: whether the pad is there shows only when it is used") }),
    z.strictObject({
      from: z.literal("host").describe("The host sends requests.keepAlive and the pad answers"),
      everyMs: milliseconds(200, 600_000).describe("Time between two of them"),
      missed: z.int().min(1).max(20).describe("So many without an answer, and the pad is gone"),
    }),
    z.strictObject({
      from: z.literal("pad").describe("The pad sends by itself"),
      match: matchSchema.describe("What it sends; answer it with a reply if the pad wants one"),
      everyMs: milliseconds(200, 600_000).describe("Time between two of them"),
      missed: z.int().min(1).max(20).describe("So many missed, and the pad is gone"),
    }),
  ])
  .describe("How both sides notice that the other is gone");

const replySchema = z.strictObject({
  to: matchSchema.describe("A frame of the pad that is no press"),
  send: sendSchema.describe("Frames that answer it; {function} and {data} are those of the pad's frame"),
});

const guardSchema = z
  .strictObject({
    beforeMs: milliseconds(0, 5000).describe("A press is held so long, and thrown away if the case changes meanwhile; 0 = taken at once"),
    afterMs: milliseconds(0, 60_000).describe("Presses are thrown away so long after a rating began"),
  })
  .describe("Presses around a change of case belong to nobody: such a pad does not say which request it answers");

/** At most one of each kind, sent in this order. */
const momentShape = {
  lamps: z.int().min(0).max(31).optional().describe("Lamps to be lit, as bits; 0 = none"),
  beep: z.int().min(1).max(9).optional().describe("How often it beeps"),
  voice: z.int().min(1).max(65535).optional().describe("Prompt to be spoken, one of voice.prompts"),
};
const clerksStars = z
  .literal("clerk")
  .optional()
  .describe("The stars of the clerk who sits there, as central tells them; never while a citizen chooses");

const momentsSchema = z
  .strictObject({
    invited: z.strictObject(momentShape).optional().describe("When a press counts: the keys are lit and the guard interval is over"),
    stored: z.strictObject(momentShape).optional().describe("When the rating is on disk, behind acknowledge"),
    atRest: z
      .strictObject({ ...momentShape, stars: clerksStars })
      .optional()
      .describe("When nothing is to be rated any more: behind the thanks, behind cancel or idle, and when the pad comes back"),
  })
  .describe("What the pad is to do beside a rating; each needs its request. A rating never waits for it, and is never lost by it");

const EXAMPLE_KINDS = ["key", "request", "frame", "rejected"] as const;
export const REJECTIONS = ["start", "length", "fixed", "checksum", "address", "text", "pattern", "too-long", "gap", "unknown"] as const;
/** Why bytes were thrown away. */
export type Rejection = (typeof REJECTIONS)[number];

const exampleSchema = z
  .strictObject({
    bytes: words(2000).describe("The bytes on the wire, always in hexadecimal or quoted ASCII"),
    note: words(200).optional().describe("Where it is from: page of the sheet, or recorded from a pad"),
    key: words(24).optional().describe("The pad sends these bytes for this key"),
    request: z.enum(REQUEST_NAMES).optional().describe("The host sends these bytes for this request"),
    values: z.record(z.string(), z.int().min(0).max(0xffff_ffff)).optional().describe("Numbers for the request, by name"),
    after: words(2000).optional().describe("The frame of the pad that acknowledge, refuse or a reply answers"),
    reply: z.literal(true).optional().describe("With after: the host replies these bytes to that frame"),
    frame: z.enum(["answer", "keepAlive", "started", "other"]).optional().describe("A good frame of the pad that is no press"),
    rejected: z.enum(REJECTIONS).optional().describe("Bytes that must be thrown away, and why"),
  })
  .superRefine((example, context) => {
    const kinds = [...EXAMPLE_KINDS.filter((name) => example[name] !== undefined), ...(example.reply ? ["reply"] : [])];
    if (kinds.length !== 1)
      context.addIssue({
        code: "custom",
        message: `must give exactly one of ${EXAMPLE_KINDS.join(", ")} and reply, has ${kinds.join(" and ") || "none"}`,
      });
  });
export type KeypadExample = z.infer<typeof exampleSchema>;

const framingSchema = z.discriminatedUnion("is", [frameFramingSchema, lineFramingSchema, byteFramingSchema]);
export type KeypadFraming = z.infer<typeof framingSchema>;

/** The shape of a description alone. `keypadDescriptionSchema` in check.ts also looks at what its parts say of each other. */
export const keypadShapeSchema = z.strictObject({
  framing: framingSchema.describe("How the pad's bytes are cut into frames; the host's as well, if framingToPad is absent"),
  framingToPad: framingSchema.optional().describe("The host's frames, if they differ from the pad's"),
  requests: requestsSchema.describe("What the host can say, and how"),
  moments: momentsSchema.optional(),
  keys: z.array(keySchema).min(1).max(32).describe("What each key sends and what it stands for"),
  replies: z.array(replySchema).max(16).optional().describe("What must be answered to frames of the pad that are no presses"),
  started: matchSchema
    .optional()
    .describe(
      "What the pad sends when it was started, if it does: it is shown again what it has to show. Else a short loss of power goes unnoticed",
    ),
  repeat: repeatSchema,
  keepAlive: keepAliveSchema,
  guard: guardSchema,
  pauseMs: milliseconds(0, 2000).optional().describe("Silence that the pad needs between two frames of the host; default 0"),
  examples: z.array(exampleSchema).min(1).max(64).describe("Bytes and how they must be read: at least one for each key and each request"),
});
export type KeypadDescription = z.infer<typeof keypadShapeSchema>;

/** What a key stands for. */
export type KeyMeaning =
  | { readonly is: "level"; readonly level: NonNullable<KeypadKey["level"]> }
  | { readonly is: "action"; readonly action: ClerkAction }
  | { readonly is: "nothing"; readonly reason: string };

export const meaningOf = (key: KeypadKey): KeyMeaning => {
  if (key.level !== undefined) return { is: "level", level: key.level };
  if (key.action !== undefined) return { is: "action", action: key.action };
  return { is: "nothing", reason: key.nothing ?? "" };
};
