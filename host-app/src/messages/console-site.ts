import {
  addClerkSchema,
  clerkChoiceSchema,
  clerkListSchema,
  pairingCodeSchema,
  pairingListSchema,
  pinCodeSchema,
  revokePairingSchema,
  setCardSchema,
  setPinSchema,
  unlockSchema,
} from "@window-rating/protocol/desk";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { RequestDeclaration } from "./declaration.ts";

/** It has its effect on disk; there is nothing else to say. */
const done = z.strictObject({});
const nothing = z.strictObject({});

const helpSchema = z.object({ zh: z.string(), en: z.string() });

const settingSchema = z.object({
  key: z.string(),
  value: z.string().describe("As people read it, without its unit"),
  unit: z.string().nullable(),
  help: helpSchema,
  from: z
    .enum(["central", "start", "environment", "site", "file", "default"])
    .describe("start: as it was when the program started: from its command line, or the file has changed since"),
  next: z.string().nullable().describe("What holds after the next start, if that is another value"),
  range: z.string().describe("What it may be, for people"),
});

/** A file in pieces: one message is too small for it. */
const PIECE = 30_000;
const kindSchema = z.enum(["site", "csv"]);
const whichSchema = z.strictObject({
  from: z.enum(["file", "central"]),
  windowNos: z.array(windowNoSchema).max(16).default([]).describe("Windows of this PC; none: those that it has"),
});

/** A central that this PC is not enrolled at yet. */
const newCentralSchema = z.strictObject({
  // As the setting central takes it: in a hall it is often an IP address or a name without a dot.
  url: z.url({ protocol: /^https?$/ }).max(256),
  code: z.string().trim().min(1).max(64).describe("One-time code that central made for this PC"),
});

const changeSchema = z.object({ key: z.string(), help: helpSchema, before: z.string().nullable(), after: z.string().nullable() });

const planSchema = z.object({
  hash: z.string().describe("Of everything it would do"),
  site: z.string(),
  version: z.number(),
  madeAt: z.string(),
  signedBy: z.string(),
  before: z
    .object({ site: z.string(), version: z.number() })
    .nullable()
    .describe("null: the first site file of this PC, whose key it will remember"),
  settings: z.array(changeSchema),
  clerks: z.array(z.object({ staffNo: z.string(), name: z.string() })),
  businessSystems: z.array(z.string()).describe("Those that will be paired anew"),
  profiles: z.array(z.string()),
  languages: z.array(z.string()).describe("Those that are new here"),
  shell: z.boolean(),
  windows: z.number().describe("How many the file knows"),
});

const REFUSALS_OF_FILES = ["WR2001", "WR2002", "WR8001", "WR8006", "WR8009", "WR8010", "WR8011", "WR8012", "WR8013", "WR8015"] as const;
const REFUSALS_OF_CENTRAL = ["WR6001", "WR6002", "WR6003", "WR6005", "WR6006", "WR7002", "WR7003", "WR7015", "WR8014"] as const;

/** What the console may ask of the site: its settings, its clerks, the business systems that are paired. */
export const CONSOLE_SITE_REQUESTS = {
  "site.read": {
    summary: "Windows, site file, central's policy, and every setting in force with where it comes from",
    from: ["console"],
    body: nothing,
    answer: z.object({
      windows: z.array(z.object({ windowNo: z.string(), port: z.string(), profile: z.string(), serialNumber: z.string().nullable() })),
      file: z
        .object({ site: z.string(), version: z.number(), madeAt: z.string(), signedBy: z.string().nullable(), takenAtMs: z.number() })
        .nullable(),
      central: z.object({
        url: z.string().nullable(),
        policyVersion: z.number().nullable(),
        regionName: z.string().nullable(),
        lastAnswerMs: z.number().nullable(),
        cause: z.string().optional(),
      }),
      settings: z.array(settingSchema),
    }),
    errors: ["WR8001", "WR8006"],
  },
  "site.set": {
    summary: "Writes one setting into config.json; it holds from the next start",
    from: ["console"],
    body: z.strictObject({
      key: z.string().max(64),
      value: z
        .string()
        .max(4000)
        .nullable()
        .describe("As typed after --set key=; null: config.json says nothing of it, so that its default holds"),
    }),
    answer: done,
    errors: ["WR8001", "WR8006"],
  },
  "site.offer": {
    summary: "One piece of a file that is to be looked at; the first one begins anew",
    from: ["console"],
    body: z.strictObject({ kind: kindSchema, at: z.number().int().min(0), data: z.base64().max(PIECE) }),
    answer: z.object({ bytes: z.number() }),
    errors: ["WR8012", "WR8013", "WR8015"],
  },
  "site.plan": {
    summary: "What the offered file, or the one that central has, would change on this PC; no setting is changed, but a code enrols it",
    from: ["console"],
    body: whichSchema.extend({ central: newCentralSchema.nullable().default(null) }),
    answer: planSchema,
    errors: [...REFUSALS_OF_FILES, ...REFUSALS_OF_CENTRAL],
  },
  "site.apply": {
    summary: "Do what was planned: settings hold from the next start, clerks and business systems at once",
    from: ["console"],
    body: whichSchema.extend({
      hash: z.string().max(64).describe("Of the plan that somebody has read; whatever else it would do is refused"),
    }),
    answer: z.object({
      newPairings: z.array(z.object({ name: z.string(), token: z.string().describe("Shown this once") })),
      restartNeeded: z.boolean(),
    }),
    errors: [...REFUSALS_OF_FILES, "WR8005"],
  },
  "site.table": {
    summary: "Looks at every row of the offered list of windows; nothing is changed",
    from: ["console"],
    body: nothing,
    answer: z.object({
      windows: z.array(z.object({ windowNo: z.string(), clerks: z.number(), port: z.string().nullable(), profile: z.string().nullable() })),
      bad: z.array(
        z.object({
          line: z.number(),
          column: z.string(),
          fault: z.enum(["cells", "windowNo", "twice", "clerks", "profile", "noProfile", "port", "serialNumber"]),
          reason: z.string().describe("In English"),
          value: z.string(),
        }),
      ),
      ignored: z.array(z.string()),
    }),
    errors: ["WR8006", "WR8013", "WR8015"],
  },
  "site.export": {
    summary: "The site file with this PC as the model, signed where a key is given",
    from: ["console"],
    body: z.strictObject({
      site: z.string().trim().min(1).max(64),
      withTable: z.boolean(),
      key: z
        .string()
        .max(4096)
        .nullable()
        .default(null)
        .describe("The private key in PEM; used for this and kept nowhere. null: not signed"),
    }),
    answer: z.object({
      text: z.string(),
      path: z.string().describe("Where it lies on this PC, too"),
      version: z.number(),
      signedBy: z.string().nullable().describe("Public key"),
    }),
    errors: ["WR2001", "WR2002", "WR8001", "WR8006", "WR8012", "WR8013", "WR8015", "WR8016"],
  },
  "site.key": {
    summary: "A new key for the site files of the hall; told this once and kept nowhere here",
    from: ["console"],
    body: nothing,
    answer: z.object({ pem: z.string().describe("The private key"), publicKey: z.string() }),
    errors: [],
  },
  "clerks.list": {
    summary: "Clerks of this PC, and windows that take no PIN for a while; never a PIN or a card",
    from: ["console"],
    body: nothing,
    answer: clerkListSchema,
    errors: [],
  },
  "clerks.add": { summary: "A clerk, or another name for one", from: ["console"], body: addClerkSchema, answer: done, errors: [] },
  "clerks.remove": {
    summary: "Forgets a clerk's PIN, card and the name given here; what was rated stays as it is",
    from: ["console"],
    body: clerkChoiceSchema,
    answer: done,
    errors: ["WR5023"],
  },
  "clerks.code": {
    summary: "A one-time code with which the clerk chooses a PIN; shown this once. Also ends a lock",
    from: ["console"],
    body: clerkChoiceSchema,
    answer: pinCodeSchema,
    errors: ["WR5023"],
  },
  "clerks.pin": {
    summary: "A first PIN that IT staff choose; the clerk must change it when it is first used",
    from: ["console"],
    body: setPinSchema,
    answer: done,
    errors: ["WR5021", "WR5023"],
  },
  "clerks.card": {
    summary: "Gives a clerk a card, or takes it away",
    from: ["console"],
    body: setCardSchema,
    answer: done,
    errors: ["WR5023"],
  },
  "clerks.unlock": { summary: "Ends the lock of a clerk or a window", from: ["console"], body: unlockSchema, answer: done, errors: [] },
  "systems.list": {
    summary: "Business systems that are paired, and the one that waits",
    from: ["console"],
    body: nothing,
    answer: pairingListSchema,
    errors: ["WR8006"],
  },
  "systems.confirm": {
    summary: "A person has compared the codes: it is paired",
    from: ["console"],
    body: pairingCodeSchema,
    answer: done,
    errors: ["WR5034", "WR8005", "WR8006"],
  },
  "systems.refuse": { summary: "It is not paired", from: ["console"], body: pairingCodeSchema, answer: done, errors: ["WR5034"] },
  "systems.revoke": {
    summary: "Its token is no longer taken",
    from: ["console"],
    body: revokePairingSchema,
    answer: done,
    errors: ["WR8005", "WR8006"],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
