import { keypadDescriptionSchema } from "@window-rating/protocol/keypad";
import { CAPABILITIES, type Capability } from "@window-rating/protocol/pad";
import { levelSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import { identitySchema, portSchema, recoverySchema, text } from "./identity-schema.ts";

/** Id of a profile: `<maker>/<model>`, which is its path below `profiles/` and what a pad says of itself in hello. */
export const PROFILE_ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;

const profileIdSchema = z
  .string()
  .regex(PROFILE_ID, "must be maker/model in lower case, for instance generic/five-button")
  .describe("maker/model; equal to the path");

/** A list in which no value of one kind stands twice; each repeat is an issue at its own place. */
const listOf = <Schema extends z.ZodType>(entry: Schema, ...kinds: { what: string; of: (value: z.output<Schema>) => unknown }[]) =>
  z.array(entry).superRefine((entries, context) => {
    for (const { what, of } of kinds) {
      const values = entries.map(of);
      values.forEach((value, index) => {
        const first = values.indexOf(value);
        if (first < index)
          context.addIssue({ code: "custom", path: [index], message: `${what} ${value} stands in entry ${first} already` });
      });
    }
  });

const keySchema = z.strictObject({
  key: z.int().min(1).max(5).describe("Number of the key, 1 = leftmost"),
  level: levelSchema,
});

const quirkSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
    .describe("Short name, lower-case words joined by hyphens"),
  reason: text(400).describe("Why: what was seen, on which firmware; nobody dares to remove a quirk without it"),
});

const screenSchema = z
  .strictObject({
    widthPx: z.int().min(64).max(7680).describe("Width, pixels"),
    heightPx: z.int().min(64).max(4320).describe("Height, pixels"),
    touch: z.boolean().describe("Whether a finger can press what is shown"),
    languages: listOf(text(16), { what: "language", of: (tag) => tag })
      .min(1)
      .max(16)
      .describe("Languages that are built in, BCP 47"),
  })
  .describe("Absent: the pad has none");

/** What every profile has, whatever the pad speaks. */
const sharedShape = {
  id: profileIdSchema,
  maker: text(64).describe("Maker as printed on the pad"),
  model: text(64).describe("Model as printed on the pad"),
  description: z
    .strictObject({ zh: text(200).describe("In Chinese"), en: text(200).describe("In English") })
    .describe("What it is, in Chinese and English"),
  identity: identitySchema.describe("How the pad is recognised"),
  port: portSchema.describe("How its port is opened"),
  lamps: z
    .strictObject({ count: z.int().min(0).max(5).describe("Lamps that can be lit one by one, lamp 1 beside key 1") })
    .describe("Its lamps"),
  screen: screenSchema.optional(),
  voice: z
    .strictObject({
      prompts: listOf(z.int().min(1).max(65535), { what: "prompt", of: (id) => id })
        .max(64)
        .describe("Numbers of the prompts that the pad can speak; empty = no voice"),
    })
    .describe("Its voice"),
  recovery: recoverySchema,
  quirks: listOf(quirkSchema, { what: "quirk", of: ({ id }) => id })
    .max(32)
    .describe("Where the pad departs from what its protocol says"),
};

const capabilitySchema = z.enum(Object.keys(CAPABILITIES) as [Capability, ...Capability[]]);

const assetsSchema = z.strictObject({
  kinds: listOf(z.enum(["png", "jpeg", "wav", "json"]), { what: "kind", of: (kind) => kind })
    .min(1)
    .describe("What it can show or play"),
  maxBytes: z.int().min(1024).max(16_777_216).describe("Largest single asset, bytes"),
  capacityBytes: z.int().min(1024).max(1_073_741_824).describe("All assets together, bytes"),
});

const firmwareUpdateSchema = z.strictObject({
  imageModel: profileIdSchema.describe("Model that an image must be made for; the pad refuses any other"),
  maxBytes: z.int().min(1024).max(67_108_864).describe("Largest image, bytes"),
});

/** What else a profile must have because of what it says it can. */
const WITH_CAPABILITY = {
  screen: "screen",
  assets: "assets",
  firmwareUpdate: "firmwareUpdate",
} as const;

/** A pad that speaks this system's own protocol (protocol/SPEC.md). */
export const padProfileSchema = z
  .strictObject({
    ...sharedShape,
    protocol: z
      .literal("window-rating/1", 'must be "window-rating/1" (protocol/SPEC.md) or "keypad" (a pad of another maker)')
      .describe("What is spoken on the port; window-rating/1 = protocol/SPEC.md"),
    capabilities: listOf(capabilitySchema, { what: "capability", of: (name) => name }).describe(
      "What the pad has beyond the least, as it says in hello answer",
    ),
    keys: listOf(keySchema, { what: "key", of: ({ key }) => key }, { what: "level", of: ({ level }) => level })
      .min(1)
      .max(5)
      .describe("Which key, or place on a touchscreen, stands for which level; a level without a key cannot be given on this pad"),
    assets: assetsSchema.optional().describe("Pictures, voices and lists that it stores; needs the capability assets"),
    firmwareUpdate: firmwareUpdateSchema.optional().describe("Firmware images that it takes; needs the capability firmwareUpdate"),
    limits: z
      .strictObject({
        eventCapacity: z.int().min(1).max(65535).describe("Events that the pad keeps through a loss of power"),
        maxFrame: z.int().min(254).max(4096).describe("Longest frame before stuffing that the pad takes, bytes"),
        window: z.int().min(1).max(8).describe("Most sequenced frames under way that the pad takes"),
      })
      .describe("What it can hold"),
  })
  .superRefine((profile, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    const can = (name: Capability): boolean => profile.capabilities.includes(name);
    for (const [name, part] of Object.entries(WITH_CAPABILITY) as [Capability, (typeof WITH_CAPABILITY)[keyof typeof WITH_CAPABILITY]][]) {
      if (can(name) && profile[part] === undefined) issue(part, `is missing: capabilities has ${name}`);
      if (!can(name) && profile[part] !== undefined) issue("capabilities", `must have ${name}: the profile describes it under ${part}`);
    }
    if (can("voice") !== profile.voice.prompts.length > 0)
      issue("capabilities", can("voice") ? "has voice, but voice.prompts is empty" : "must have voice: voice.prompts is not empty");
    if (can("lamps") !== profile.lamps.count > 0)
      issue("capabilities", can("lamps") ? "has lamps, but lamps.count is 0" : "must have lamps: lamps.count is not 0");
    if (can("touch") !== (profile.screen?.touch ?? false))
      issue("capabilities", can("touch") ? "has touch, but screen.touch is not true" : "must have touch: screen.touch is true");
  });
export type PadProfile = z.infer<typeof padProfileSchema>;

/** A pad of another maker: what it speaks is described by data. */
export const keypadProfileSchema = z
  .strictObject({
    ...sharedShape,
    protocol: z.literal("keypad").describe("What is spoken on the port; keypad = as described under keypad"),
    keypad: keypadDescriptionSchema.describe("What the pad sends and understands"),
  })
  .superRefine(({ keypad, lamps, voice }, context) => {
    for (const [moment, asked = {}] of Object.entries(keypad.moments ?? {})) {
      const issue = (name: string, message: string): void =>
        context.addIssue({ code: "custom", path: ["keypad", "moments", moment, name], message });
      if (asked.voice !== undefined && !voice.prompts.includes(asked.voice)) issue("voice", `${asked.voice} is none of voice.prompts`);
      if ((asked.lamps ?? 0) >= 2 ** lamps.count)
        issue("lamps", `${asked.lamps} lights more lamps than lamps.count, which is ${lamps.count}`);
    }
  });
export type KeypadProfile = z.infer<typeof keypadProfileSchema>;

/** One pad model, with its templates and its variant put in. Strict: an unknown key is an error, for it is more often a slip than a wish. */
export type Profile = PadProfile | KeypadProfile;
