import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { yearOf } from "../calendar/civil-date.ts";
import { civilDateSchema, type Overlay, type Text } from "../calendar/schema.ts";
import type { LoadedPack } from "./load.ts";
import { hashWith } from "./pack-hash.ts";
import type { Rule } from "./rule-schema.ts";
import { CHANNELS, CLASSES, RULE_IDS } from "./vocabulary.ts";

const region = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/)
  .max(64);
const who = { by: z.string().trim().min(1).max(64), on: civilDateSchema };

/** Which reading of a clause counts here. Class and channel are null where the choice is for all. */
const readingChoiceSchema = z.strictObject({
  region,
  rule: z.enum(RULE_IDS),
  class: z.enum(CLASSES).nullable().default(null),
  channel: z.enum(CHANNELS).nullable().default(null),
  reading: z.string().min(1).max(64),
  ...who,
  why: z.string().trim().min(1).max(500),
});
type ReadingChoice = z.output<typeof readingChoiceSchema>;

/** The region's signature, under the content whose hash it names. */
const signatureSchema = z.strictObject({ region, hash: z.string().regex(/^[0-9a-f]{64}$/), ...who });

/** What a paper of an autonomous prefecture says of one festival in one year; without days, that there are none. */
const localDaysSchema = z
  .strictObject({
    region,
    festival: z.string().trim().min(1).max(40),
    year: z.int().min(2000).max(2199),
    /** Number of the paper, 文号. */
    paper: z.string().trim().min(1).max(100),
    off: z.array(z.strictObject({ first: civilDateSchema, last: civilDateSchema })).max(20),
    work: z.array(civilDateSchema).max(20),
    ...who,
  })
  .refine(({ off }) => off.every(({ first, last }) => first <= last), "a holiday ends before it begins")
  .refine(
    ({ year, off, work }) => [...work, ...off.flatMap(({ first, last }) => [first, last])].every((day) => yearOf(day) === year),
    "a day is of another year",
  );
type LocalDays = z.output<typeof localDaysSchema>;

/** What a site adds to the packs and the calendar that come with central, which themselves stay as they are. */
export const siteChoicesShape = {
  readings: z.array(readingChoiceSchema).max(500).default([]),
  signatures: z.array(signatureSchema).max(100).default([]),
  localDays: z.array(localDaysSchema).max(500).default([]),
};
const siteChoicesSchema = z.object(siteChoicesShape);
export type SiteChoices = z.output<typeof siteChoicesSchema>;

export const NO_CHOICES: SiteChoices = { readings: [], signatures: [], localDays: [] };

const readingKey = (one: ReadingChoice): string => [one.region, one.rule, one.class, one.channel].join(" ");
const daysKey = (one: LocalDays): string => [one.region, one.festival, one.year].join(" ");

/** New choices beside the old ones; one on the same matter takes the old one's place. The old version of the site keeps it. */
export const mergeChoices = (
  before: SiteChoices,
  added: { readonly [K in keyof SiteChoices]?: SiteChoices[K] | undefined },
): SiteChoices => {
  const merged = <T>(old: readonly T[], news: readonly T[] | undefined, keyOf: (one: T) => string): T[] => [
    ...new Map([...old, ...(news ?? [])].map((one) => [keyOf(one), one])).values(),
  ];
  return {
    readings: merged(before.readings, added.readings, readingKey),
    signatures: merged(before.signatures, added.signatures, (one) => one.region),
    localDays: merged(before.localDays, added.localDays, daysKey),
  };
};

type Variants = Extract<Rule, { variants: unknown }>["variants"];

const isMeant = (variant: Variants[number], { class: one, channel, reading }: ReadingChoice): boolean =>
  "readings" in variant &&
  variant.readings.length > 1 &&
  variant.readings.some(({ name }) => name === reading) &&
  (one === null || (variant.when.class?.includes(one) ?? true)) &&
  (channel === null || (variant.when.channel?.includes(channel) ?? true));

const variantsOf = (rule: Rule): Variants => ("variants" in rule ? rule.variants : []);

/** @throws WindowRatingError WR7103 for a choice between readings that the pack does not have */
export const requireReading = ({ pack }: LoadedPack, choice: ReadingChoice): void => {
  const variants = variantsOf(pack.rules[choice.rule]);
  if (variants.some((variant) => isMeant(variant, choice))) return;
  const open = variants.flatMap((variant) => ("readings" in variant && variant.readings.length > 1 ? variant.readings : []));
  const names = [...new Set(open.map(({ name }) => name))].join(", ");
  const what = names === "" ? "there is nothing to choose" : `for that class and channel it is none of ${names}`;
  throw new WindowRatingError("WR7103", `"${choice.reading}" of ${choice.rule} in ${choice.region}: ${what}`);
};

/** The pack as a site reads it: its readings chosen, its signature put in; what no longer fits is told in every answer. */
export const packWith = (loaded: LoadedPack, { readings, signatures }: SiteChoices): LoadedPack => {
  const own = readings.filter((choice) => choice.region === loaded.pack.region);
  const signature = signatures.find((one) => one.region === loaded.pack.region);
  if (own.length === 0 && signature === undefined) return loaded;
  const pack = structuredClone(loaded.pack);
  const strays: Text[] = [];
  // What is chosen for all comes first, so that a choice for one class stands.
  const breadth = (choice: ReadingChoice): number => Number(choice.class === null) + Number(choice.channel === null);
  for (const choice of own.toSorted((one, other) => breadth(other) - breadth(one))) {
    const variants = variantsOf(pack.rules[choice.rule]).filter((variant) => isMeant(variant, choice));
    const { by, on, why, reading } = choice;
    for (const variant of variants)
      if ("readings" in variant) variant.chosen = { reading, by: { zh: by, en: by }, on, why: { zh: why, en: why } };
    if (variants.length > 0) continue;
    strays.push({
      zh: `本站选定的读法 ${reading}（${choice.rule}）在此版规则包中已没有，未予采用，请重新选定`,
      en: `The reading ${reading} of ${choice.rule} that this site chose is not in this pack any more and is not used: choose anew`,
    });
  }
  const hash = own.length === 0 ? loaded.hash : hashWith(loaded.hash, own);
  if (hash !== loaded.hash) pack.signOff = null;
  if (signature?.hash === hash) pack.signOff = { by: signature.by, on: signature.on, hash };
  else if (signature !== undefined)
    strays.push({
      zh: `${signature.by}于${signature.on}签署之后，规则包或所选读法有改动，须重新签署`,
      en: `The pack or a chosen reading was changed after ${signature.by} signed on ${signature.on}: sign again`,
    });
  return { pack, hash, strays };
};

/** Local holidays with what the site typed in from its prefecture's papers. */
export const overlayWith = (overlay: Overlay, regionOfSite: string, { localDays }: SiteChoices): Overlay => {
  const added = localDays.filter((one) => one.region === regionOfSite);
  if (added.length === 0) return overlay;
  const festivals = added.map(({ festival: name, year, paper, off, work }) => ({
    name,
    en: overlay.festivals.find((one) => one.name === name)?.en ?? name,
    source: paper,
    certainty: "P" as const,
    off: [...off],
    work: [...work],
    years: [year],
  }));
  return { ...overlay, festivals: [...overlay.festivals, ...festivals] };
};
