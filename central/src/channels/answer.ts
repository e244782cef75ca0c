import { contactSchema } from "@window-rating/protocol/contact";
import { type Level, levelSchema } from "@window-rating/protocol/rating";
import { reasonCodesSchema } from "@window-rating/protocol/reasons";
import { z } from "zod";
import { submissionId } from "../ratings/rating-rows.ts";
import type { Channel, Submission } from "../ratings/submission.ts";
import type { ChannelKeys } from "./keys.ts";

/** Words over several lines are kept so; other control characters no screen shows. */
const wordsSchema = contactSchema.shape.words.unwrap().regex(/^[^\p{Cc}]*(?:[\n\r\t][^\p{Cc}]*)*$/u, "no control characters");
const nameSchema = contactSchema.shape.name.unwrap().regex(/^\P{Cc}*$/u, "no control characters");
const phoneSchema = z
  .string()
  .transform((text) => text.normalize("NFKC").replace(/[\s()-]/g, ""))
  .pipe(contactSchema.shape.phone.unwrap());

/** What a citizen may give beside a level. Words, name and phone are sealed as soon as they arrive. */
export const answerShape = {
  level: levelSchema,
  reasons: z.strictObject({ version: z.string().max(32), codes: reasonCodesSchema }).optional(),
  words: wordsSchema.optional(),
  name: nameSchema.optional(),
  phone: phoneSchema.optional(),
} as const;

export interface Answer {
  readonly level: Level;
  readonly reasons?: { readonly version: string; readonly codes: readonly string[] } | undefined;
  readonly words?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
}

type GivenPart = Pick<Submission, "channel" | "key" | "level" | "reasons" | "hasWords"> & {
  readonly rater: NonNullable<Submission["rater"]>;
};

/** What of a submission the citizen gave, with everything that names a person sealed or hashed. */
export const givenBy = (keys: ChannelKeys, channel: Channel, key: string, { level, reasons, ...sayings }: Answer): GivenPart => {
  const said = Object.entries(sayings).filter(([, text]) => text !== undefined && text !== "");
  const { words, name, phone } = Object.fromEntries(said) as Partial<Record<"words" | "name" | "phone", string>>;
  return {
    channel,
    key,
    level,
    reasons: reasons === undefined || reasons.codes.length === 0 ? undefined : reasons,
    hasWords: words !== undefined,
    rater: {
      named: name !== undefined && phone !== undefined ? "claimed" : "no",
      person: phone === undefined ? undefined : keys.personOf(phone),
      contact: said.length === 0 ? undefined : keys.sealFor(submissionId(channel, key), { words, name, phone }),
    },
  };
};
