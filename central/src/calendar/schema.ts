import { z } from "zod";
import { type CivilDate, parseCivilDate } from "./civil-date.ts";

export const civilDateSchema = z.string().transform((text, context): CivilDate => {
  const date = parseCivilDate(text);
  if (date !== undefined) return date;
  context.addIssue(`"${text}" is no day of the calendar`);
  return z.NEVER;
});

/** The same text in Chinese and English. */
export const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof textSchema>;

const range = { first: civilDateSchema, last: civilDateSchema };
const isForward = ({ first, last }: { first: CivilDate; last: CivilDate }): boolean => first <= last;

/** One paper of the State Council's General Office. A later paper of the same year overrules an earlier one, day by day. */
const paperSchema = z.strictObject({
  number: z.string().regex(/^国办发明电〔20\d\d〕\d+号$/),
  title: z.string().min(1),
  date: civilDateSchema,
  url: z.url(),
  /** Set where nobody has seen the number on the paper itself or on a copy of it. */
  unverified: z.literal(true).optional(),
  /** How number and days were checked. */
  note: z.string().min(1),
  /** Days off, weekends within them included. */
  off: z.array(z.strictObject({ name: z.string().min(1), ...range }).refine(isForward, "ends before it begins")).min(1),
  /** 调休: weekend days that are worked. */
  work: z.array(z.strictObject({ name: z.string().min(1), date: civilDateSchema })),
  /** What the paper says of a day without changing it. */
  remarks: z.array(z.strictObject({ date: civilDateSchema, text: textSchema })).default([]),
});

/** One file of calendar/state-council: a year and the papers that arrange it. */
export const yearFileSchema = z.strictObject({
  year: z.int().min(2000).max(2199),
  version: z.int().positive(),
  papers: z.array(paperSchema).min(1),
});
export type YearFile = z.output<typeof yearFileSchema>;

const festivalBase = {
  name: z.string().min(1),
  en: z.string().min(1),
  source: z.string().min(1),
  /** P by the prefecture's paper, as the site typed it in; Q read in a public page, I inferred, U unsure or not found. */
  certainty: z.enum(["P", "Q", "I", "U"]),
};

/** Days that are known one by one; in every year without any, they are unknown. */
const listedFestivalSchema = z.strictObject({
  ...festivalBase,
  off: z.array(z.strictObject(range).refine(isForward, "ends before it begins")),
  work: z.array(civilDateSchema),
  /** Years that are settled, whether or not a day of them is off. */
  years: z.array(z.int()).optional(),
});

/** A day that comes every year by the same rule. */
const yearlyFestivalSchema = z.strictObject({
  ...festivalBase,
  yearly: z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31), onWeekend: z.enum(["next-monday", "stays"]) }),
});

/** One file of calendar/overlays: what an autonomous prefecture adds to the national arrangement. */
export const overlaySchema = z.strictObject({
  region: z.string().min(1),
  version: z.int().positive(),
  basis: textSchema,
  festivals: z.array(z.union([listedFestivalSchema, yearlyFestivalSchema])).min(1),
});
export type Overlay = z.output<typeof overlaySchema>;
export type Festival = Overlay["festivals"][number];
