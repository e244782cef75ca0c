import { type ParseArgsConfig, parseArgs } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

export const refuse = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR8002", detail, cause);

/** A file or folder. */
export const path = z.string().min(1, "names nothing").optional();

export const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,10}$/, message)
    .transform(Number)
    .refine((number) => number >= min && number <= max, message);
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const NO_DURATION = "must be a time as 500ms, 10s or 2m";

/** `10s` → 10000 milliseconds. */
export const duration = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?(ms|s|m)$/, NO_DURATION)
  .transform((text) => Number.parseFloat(text) * (UNITS[text.replace(/^[\d.]+/, "")] as number))
  .refine((ms) => ms <= 86_400_000, "must not be longer than a day");

/**
 * Reads the flags of one command; what stands without a flag is under `words`.
 * @throws WR8002 naming the flag that is not understood
 */
export const readFlags = <Schema extends z.ZodObject>(
  given: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
  schema: Schema,
): z.output<Schema> & { readonly words: readonly string[] } => {
  const { values, positionals } = parse(given, options);
  const parsed = schema.safeParse(values);
  if (parsed.success) return { ...parsed.data, words: positionals };
  const issue = parsed.error.issues[0];
  throw refuse(`--${issue?.path.join(".")} ${issue?.message}`, parsed.error);
};

const parse = (given: readonly string[], options: NonNullable<ParseArgsConfig["options"]>) => {
  try {
    return parseArgs({ args: [...given], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw refuse((error as Error).message.split(/[.\n]/)[0] ?? "", error);
  }
};

/** Refuses words that a command does not take. @throws WR8002 */
export const noMoreWords = (words: readonly string[]): void => {
  if (words.length > 0) throw refuse(`${words.join(" ")} is not understood`);
};
