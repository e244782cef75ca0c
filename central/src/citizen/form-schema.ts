import { WindowRatingError } from "@window-rating/protocol/error";
import { type Level, levelSchema } from "@window-rating/protocol/rating";
import type { ReasonList } from "@window-rating/protocol/reasons";
import { z } from "zod";
import { type Answer, answerShape } from "../channels/answer.ts";
import type { Filled } from "./rating-pages.ts";

const one = (max: number) => z.array(z.string().max(max)).max(1).optional();

/** Fields of the citizens' forms; each comes as a list. */
const fieldsSchema = z.strictObject({
  form: one(64),
  subject: one(16),
  level: one(1),
  step: one(8),
  code: one(64),
  reason: z.array(z.string().max(8)).max(20).optional(),
  // Browsers count the ends of lines as one character and send two.
  words: one(600),
  name: one(100),
  phone: one(64),
});

/** A form that came in. */
export interface SentForm {
  readonly form: string;
  readonly subject: string;
  readonly code: string;
  readonly level: Level | undefined;
  /** True from the second page on: the answer is complete. */
  readonly isSent: boolean;
  readonly filled: Filled;
}

/** @param body what form-body.ts made of it @throws WindowRatingError WR7001 */
export const readSentForm = (body: unknown): SentForm => {
  const parsed = fieldsSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WindowRatingError("WR7001", `${issue?.path.join(".") || "form"}: ${issue?.message ?? "not a form in UTF-8"}`);
  }
  const { form, subject, code, level, step, reason = [], words, name, phone } = parsed.data;
  const chosen = level?.[0] === undefined ? undefined : levelSchema.safeParse(Number(level[0]));
  if (chosen?.success === false) throw new WindowRatingError("WR7001", "level: 1 to 5");
  const filled = { reasons: [...new Set(reason)], words: words?.[0] ?? "", name: name?.[0] ?? "", phone: phone?.[0] ?? "" };
  return {
    form: form?.[0] ?? "",
    subject: subject?.[0] ?? "",
    code: code?.[0] ?? "",
    level: chosen?.data,
    isSent: step?.[0] === "send",
    filled,
  };
};

const detailsSchema = z.object({ words: answerShape.words, name: answerShape.name, phone: answerShape.phone });

/** What is wrong with what was filled in, for the citizen. */
export type DetailsFault = "words" | "name" | "phone";

/** @returns the answer, or the field that cannot be taken as it is */
export const answerOf = (level: Level, filled: Filled, list: ReasonList): Answer | DetailsFault => {
  const given = (text: string): string | undefined => (text.trim() === "" ? undefined : text.replaceAll("\r\n", "\n"));
  const parsed = detailsSchema.safeParse({ words: given(filled.words), name: given(filled.name), phone: given(filled.phone) });
  if (!parsed.success) return parsed.error.issues[0]?.path[0] as DetailsFault;
  const reasons = filled.reasons.length === 0 ? undefined : { version: list.version, codes: filled.reasons };
  return { level, reasons, ...parsed.data };
};
