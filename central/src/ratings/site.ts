import { WindowRatingError } from "@window-rating/protocol/error";
import { REASON_LISTS } from "@window-rating/protocol/reasons";
import { z } from "zod";
import type { Pack } from "../policy/pack-schema.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { mergeChoices, requireReading, siteChoicesShape } from "../policy/site-choices.ts";
import { OPEN_POLICY, type RatingPolicy } from "./policy.ts";
import type { Tx } from "./rating-rows.ts";
import { CHANNELS, type Channel } from "./submission.ts";

const DAY_MS = 86_400_000;

/**
 * What this site decided: whose rules are in force, and what no document decides. Every change is a new version of `site_policies`; the
 * newest is in force, here and at the window PCs.
 */
export const siteSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .nullable()
    .default(null)
    .describe("Region whose policy pack is in force; null: none yet"),
  reasonsVersion: z
    .string()
    .refine((version) => REASON_LISTS.some((list) => list.version === version && list.inForce), "no list of reasons in force")
    .default("2020"),
  correctWithinDays: z
    .number()
    .int()
    .min(0)
    .max(365)
    .nullable()
    .default(7)
    .describe("How long a rating can be corrected; null: without end"),
  replacesDefault: z.boolean().default(true).describe("A given rating that comes after the default one takes its place"),
  secondRating: z
    .enum(["private-correction", "refused"])
    .nullable()
    .default(null)
    .describe("What a second rating of the same subject is; null: as the region's pack has it"),
  badNeedsReason: z.boolean().default(false).describe("A bad review needs a reason or a text; presses of five-button pads are exempt"),
  closedChannels: z.array(z.enum(CHANNELS)).default([]),
  publicUrl: z
    .url({ protocol: /^https?$/, error: "an address, as https://pj.example.gov.cn" })
    .max(200)
    .transform((url) => url.replace(/\/+$/, ""))
    .refine((url) => !/[?#]/.test(url), "without ? and #")
    .nullable()
    .default(null)
    .describe("Where citizens reach central; it stands in QR codes and reminders"),
  manualTrigger: z
    .boolean()
    .nullable()
    .default(null)
    .describe("Whether a clerk's own key may end a case; null: each window PC's own setting"),
  idleMinutes: z.number().int().min(0).max(480).nullable().default(null).describe("Clerks are signed out after so long; null: as above"),
  ownTotals: z.boolean().nullable().default(null).describe("Whether a clerk may see the own totals; null: as above"),
  totalsDelayHours: z.number().int().min(1).max(720).nullable().default(null).describe("How late totals are shown; null: as above"),
  /** Readings chosen, signatures, days of local papers: what the site lays over the packs and the calendar. */
  ...siteChoicesShape,
});
export type Site = z.output<typeof siteSchema>;

/** A site as it was set. */
export interface SiteInForce extends Site {
  /** 0: nothing was set yet. */
  readonly version: number;
}

/** The newest choice, or none of anything. */
export const readSite = async (tx: Tx): Promise<SiteInForce> => {
  const row = await tx.selectFrom("site_policies").select(["version", "content"]).orderBy("version", "desc").limit(1).executeTakeFirst();
  return { ...siteSchema.parse(row?.content ?? { correctWithinDays: null }), version: row?.version ?? 0 };
};

/** What of a site is decided anew; the rest stays as it is. */
export const siteChangesSchema = z.strictObject({
  region: siteSchema.shape.region.unwrap().optional(),
  reasonsVersion: siteSchema.shape.reasonsVersion.unwrap().optional(),
  correctWithinDays: siteSchema.shape.correctWithinDays.unwrap().optional(),
  replacesDefault: z.boolean().optional(),
  secondRating: siteSchema.shape.secondRating.unwrap().optional(),
  badNeedsReason: z.boolean().optional(),
  closedChannels: siteSchema.shape.closedChannels.unwrap().optional(),
  publicUrl: siteSchema.shape.publicUrl.unwrap().optional(),
  manualTrigger: siteSchema.shape.manualTrigger.unwrap().optional(),
  idleMinutes: siteSchema.shape.idleMinutes.unwrap().optional(),
  ownTotals: siteSchema.shape.ownTotals.unwrap().optional(),
  totalsDelayHours: siteSchema.shape.totalsDelayHours.unwrap().optional(),
  /** These three are added to what is there; the rest takes its place. */
  readings: siteSchema.shape.readings.unwrap().optional(),
  signatures: siteSchema.shape.signatures.unwrap().optional(),
  localDays: siteSchema.shape.localDays.unwrap().optional(),
});

/**
 * Puts a choice in force from now on. What was accepted before stays as it is.
 * @throws WindowRatingError WR7101, WR7102 for a region without a sound pack, WR7103 for a reading that is not there, WR7108 for a
 *   signature of other content, WR7109 for local days where the region has none
 */
export const changeSite = async (
  tx: Tx,
  book: RuleBook,
  changes: z.output<typeof siteChangesSchema>,
  setBy: string,
  nowMs: number,
): Promise<SiteInForce> => {
  const { version, ...before } = await readSite(tx);
  const site = siteSchema.parse({ ...(version === 0 ? {} : before), ...changes, ...mergeChoices(before, changes) });
  requireChoices(book, site, changes);
  if (site.region !== null) book.with(site).pack(site.region);
  const row = { content: JSON.stringify(site), set_by: setBy, set_at_ms: nowMs };
  const made = await tx.insertInto("site_policies").values(row).returning("version").executeTakeFirstOrThrow();
  return { ...site, version: made.version };
};

/** What is chosen anew must fit the packs of now; what was chosen before is told of in the answers if it no longer does. */
const requireChoices = (
  book: RuleBook,
  site: Site,
  { readings = [], signatures = [], localDays = [] }: z.output<typeof siteChangesSchema>,
): void => {
  for (const choice of readings) requireReading(book.pack(choice.region), choice);
  for (const { region, hash } of signatures) {
    const now = book.with(site).pack(region).hash;
    if (hash !== now) throw new WindowRatingError("WR7108", `The content of ${region} has the hash ${now}, as this site reads its pack`);
  }
  for (const { region } of localDays) {
    if (book.overlay(region) === undefined) throw new WindowRatingError("WR7109", `${region} keeps the national days`);
  }
};

/** The rules for ratings that follow from a region's pack and the site's own choices. What the pack does not say is not borrowed. */
export const ratingPolicyOf = (pack: Pack | null, site: Site): RatingPolicy => {
  const own: RatingPolicy = {
    ...OPEN_POLICY,
    channels: site.closedChannels.length === 0 ? undefined : CHANNELS.filter((channel) => !site.closedChannels.includes(channel)),
    correctWithinMs: site.correctWithinDays === null ? null : site.correctWithinDays * DAY_MS,
    replacesDefault: site.replacesDefault,
    badNeedsReason: site.badNeedsReason,
    reasonLists: REASON_LISTS.filter(({ version }) => version === site.reasonsVersion),
    second: site.secondRating === "refused" ? "refuse" : OPEN_POLICY.second,
  };
  if (pack === null) return own;
  const { subjects, realName, secondRating, batch, theme } = pack;
  const subjectList = subjects.said ? subjects.list : [];
  const rule = realName.said ? realName.rule : "not-said";
  return {
    ...own,
    realName: rule === "visits-only" ? "visits" : rule,
    realNameOn: realName.said ? realName.mustOn.flatMap((channel) => RATED_BY[channel] ?? []) : [],
    daily: subjectList.flatMap(({ what, per }) =>
      per === "person-and-day" && (what === "hall" || what === "agency" || what === "platform") ? [what] : [],
    ),
    second: (site.secondRating ?? secondRating.value) === "refused" ? "refuse" : "private-correction",
    // Where a service is rated once (002 5.2) a press is valid for both; where clerk and item are rated apart (001) it is the clerk's.
    pressRates: subjectList.some(({ what, per }) => what === "item" && per === "service") ? "staff-and-item" : "staff",
    batch: batch.said ? "shared" : "each",
    theme: theme.said ? "shared" : "each",
  };
};

/** Channels of the packs, in the words of the documents, as channels of ratings. */
const RATED_BY: Readonly<Record<string, readonly Channel[]>> = {
  pad: ["pad", "browser-pad"],
  qr: ["dynamic-qr", "static-qr"],
  "dynamic-qr": ["dynamic-qr"],
  "static-qr": ["static-qr"],
  sms: ["sms"],
  web: ["web"],
  "mini-program": ["web"],
  wechat: ["web"],
  app: ["web"],
  terminal: ["terminal"],
  hotline: ["hotline"],
  "phone-visit": ["phone-visit"],
  paper: ["paper"],
  message: ["message"],
  "opinion-box": ["opinion-box"],
  "complaint-desk": ["complaint-desk"],
  "own-system": ["system"],
};

/** @returns null where the region sets no end, and where it cannot be counted: nobody is sent away for a paper that central lacks */
const supplementUntil = (book: RuleBook, region: string, servedAtMs: number): number | null => {
  try {
    return book.explain(region, { rule: "supplementary", channel: "onsite", at: servedAtMs }).dueMs;
  } catch (error) {
    if (error instanceof WindowRatingError && error.code === "WR7104") return null;
    throw error;
  }
};

/** The rules in force for ratings, kept by version: intake asks with every batch. */
export class RatingPolicies {
  readonly #book: RuleBook;
  readonly #byVersion = new Map<number, RatingPolicy>();

  constructor(book: RuleBook) {
    this.#book = book;
  }

  /** @throws WindowRatingError WR7101, WR7102 if the region's pack cannot be read */
  of({ version, ...site }: SiteInForce): RatingPolicy {
    const known = this.#byVersion.get(version);
    if (known !== undefined) return known;
    const { region } = site;
    const book = this.#book.with(site);
    const policy: RatingPolicy =
      region === null
        ? ratingPolicyOf(null, site)
        : {
            ...ratingPolicyOf(book.pack(region).pack, site),
            supplementUntilMs: (servedAtMs) => supplementUntil(book, region, servedAtMs),
          };
    this.#byVersion.set(version, policy);
    return policy;
  }

  async inForce(tx: Tx): Promise<RatingPolicy> {
    return this.of(await readSite(tx));
  }

  /** As `inForce`, for who has read the newest version with something else. */
  async ofVersion(tx: Tx, version: number): Promise<RatingPolicy> {
    return this.#byVersion.get(version) ?? this.inForce(tx);
  }
}
