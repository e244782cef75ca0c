import { z } from "zod";
import { civilDateSchema, textSchema } from "../calendar/schema.ts";
import { citesSchema, rulesSchema } from "./rule-schema.ts";
import { CLASSES } from "./vocabulary.ts";

/** A section that the document may leave open: what it does not say is not borrowed from a neighbour. */
const section = <T extends z.ZodRawShape>(shape: T) =>
  z.discriminatedUnion("said", [
    z.strictObject({ said: z.literal(true), ...shape, cites: citesSchema }),
    z.strictObject({ said: z.literal(false), note: textSchema.optional() }),
  ]);

const level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
const percent = z.number().min(0).max(100);
const name = z.string().min(1);

const RATING_CHANNELS = [
  "pad",
  "qr",
  "dynamic-qr",
  "static-qr",
  "sms",
  "web",
  "mini-program",
  "wechat",
  "app",
  "terminal",
  "hotline",
  "phone-visit",
  "paper",
  "message",
  "opinion-box",
  "complaint-desk",
  "own-system",
  "survey",
  "third-party",
  "inspection",
  "service-point",
  "supervision-platform",
  "email",
  "forum",
  "open-day",
  "supervisors",
] as const;
export type PackChannel = (typeof RATING_CHANNELS)[number];

/** How a document has service rated: at the counter, on the net, and by whom else. */
const RATING_WAYS = ["on-site", "online", "supplementary", "public", "phone", "government", "self", "third-party"] as const;

/** A setting that no document decides; the region's people do. */
const decided = <T extends z.ZodType>(value: T) => z.strictObject({ value, by: textSchema, on: civilDateSchema, why: textSchema });

/**
 * The rules of one region as data, each with its clause. A file of central/policies is one of these.
 * `version` is raised with every change; the region's sign-off holds the hash of the content that was signed.
 */
export const packSchema = z.strictObject({
  region: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  name: textSchema,
  version: z.int().positive(),
  status: z.enum(["issued", "draft"]),
  statusNote: textSchema.optional(),
  document: z.strictObject({
    /** In the folder sources beside the packs. */
    file: z.string().regex(/^[\w.-]+\.txt$/),
    title: name,
    number: name,
    /** Null where the document bears none. */
    date: civilDateSchema.nullable(),
  }),
  /** Null until the region signs; `hash` is that of the pack without this field. */
  signOff: z.strictObject({ by: name, on: civilDateSchema, hash: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  /** Name of the local holidays laid over the national calendar, if there are any. */
  overlay: z.string().min(1).nullable(),

  levels: z.strictObject({
    labels: z.array(z.strictObject({ level, label: name, stars: level.optional() })).length(5),
    bad: z.array(level).min(1),
    cites: citesSchema,
  }),
  channels: section({ list: z.array(z.strictObject({ channel: z.enum(RATING_CHANNELS), name })).min(1) }),
  ways: section({ list: z.array(z.strictObject({ way: z.enum(RATING_WAYS), name })).min(1) }),
  /** Who or what is rated, and how often by one person. */
  subjects: section({
    list: z
      .array(
        z.strictObject({
          what: z.enum(["agency", "platform", "item", "staff", "hall"]),
          per: z.enum(["visit", "completed-case", "person-and-day", "service", "not-said"]),
        }),
      )
      .min(1),
  }),
  /** Central shares a rating from two cases on, and leaves separate ratings of a theme's cases open: a document that says otherwise is
   * refused rather than read past. */
  batch: section({ minCases: z.literal(2) }),
  theme: section({ separateRatingsAllowed: z.literal(true) }),
  secondRating: decided(z.enum(["private-correction", "refused"])),
  realName: section({ rule: z.enum(["mandatory", "encouraged", "visits-only"]), mustOn: z.array(z.enum(RATING_CHANNELS)).default([]) }),
  reminder: section({
    by: z.array(z.enum(["sms", "message"])).min(1),
    /** Who rated at the window is not reminded, though they rated the clerk and not the item. */
    exceptRatedOnSite: z.literal(true).optional(),
  }),
  defaultRating: section({ level, label: name }),
  classes: section({ list: z.array(z.strictObject({ class: z.enum(CLASSES), name, text: name })).min(1) }),
  extension: section({
    classes: z.array(z.enum(CLASSES)).min(1),
    /** Null where the document sets no cap. */
    capWorkingDays: z.int().positive().nullable(),
    approvalBy: name.nullable(),
    /** Whether it must be asked or told before the day on which the step is due. */
    beforeDueDay: z.boolean(),
    tell: z.array(name).min(1),
  }),
  appeal: section({
    by: name,
    to: name.nullable(),
    form: z.enum(["written", "not-said"]),
    copies: z.int().positive().optional(),
    withEvidence: z.boolean(),
  }),
  review: section({
    by: name,
    everyInvalidRating: z.boolean(),
    /** It begins by itself as soon as the bad review arrives. */
    startsAtOnce: z.literal(true).optional(),
  }),
  invalidRatings: section({
    grounds: z.array(z.enum(["mistaken", "untrue", "malicious"])).min(1),
    ruledBy: name,
    reviewedBy: name.nullable(),
    /** 恶意评价人员信息库: demanded by the document; the system keeps none unless its operator switches it on. */
    personListDemanded: z.boolean(),
  }),
  /** 容错纠错: what is not held against unit and clerk. */
  errorTolerance: section({ rules: z.array(name).min(1) }),
  returnVisits: section({
    list: z.array(z.strictObject({ of: name, percent: percent.nullable(), random: z.boolean(), by: name })).min(1),
  }),
  targets: section({ list: z.array(z.strictObject({ name, percent: percent.nullable() })).min(1) }),
  /** Which levels the document counts into the share of good and of bad ratings. */
  rates: section({ good: z.array(level).min(1), bad: z.array(level).min(1) }),
  /**
   * 通报: what is told to departments or superiors. A document that only makes results public has `publication` and no bulletins, and
   * its three bulletin rules say nothing.
   */
  bulletins: section({
    list: z
      .array(
        z.strictObject({
          period: z.enum(["month", "quarter", "half-year", "year", "regular"]),
          by: name,
          contents: z.array(name).min(1),
          to: name.optional(),
          approvedBy: name.optional(),
        }),
      )
      .min(1),
    /** Who is told the bad reviews before each bulletin, to object in time. */
    fedBackBefore: name.optional(),
    filedWith: name.optional(),
  }),
  publication: section({ what: z.array(name).min(1), where: z.array(name), when: z.enum(["promptly", "regularly", "not-said"]) }),
  raterProtection: section({ rules: z.array(name).min(1) }),
  rules: rulesSchema,
});

export type Pack = z.output<typeof packSchema>;
