import { z } from "zod";
import { parseMoment } from "../calendar/civil-date.ts";
import type { Question } from "./explain.ts";
import { CHANNELS, CLASSES, RULE_IDS } from "./vocabulary.ts";

const momentSchema = z.string().transform((text, context) => {
  const ms = parseMoment(text);
  if (ms !== undefined) return ms;
  context.addIssue(`"${text}" is no time such as 2022-03-01T10:00+08:00`);
  return z.NEVER;
});

const needed = (what: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? `is missing: ${what}` : undefined),
});

/** What a question is asked with, on a command line and in a URL. */
export const questionSchema = z.strictObject({
  region: z.string(needed("one of the regions with a pack")),
  rule: z.enum(RULE_IDS, needed(`one of ${RULE_IDS.join(", ")}`)),
  class: z.enum(CLASSES).optional(),
  channel: z.enum(CHANNELS).optional(),
  at: z.string(needed("when the clock started, e.g. 2022-03-01T10:00+08:00")).pipe(momentSchema),
  reading: z.string().min(1).optional(),
  done: momentSchema.optional(),
});

export const questionOf = ({ rule, class: reviewClass, channel, at, reading, done }: z.output<typeof questionSchema>): Question => ({
  rule,
  class: reviewClass,
  channel,
  at,
  reading,
  doneAt: done,
});
