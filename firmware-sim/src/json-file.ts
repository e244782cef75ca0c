import { readFileSync } from "node:fs";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";

/**
 * Reads a JSON file against a schema.
 * @param place names the place of a fault for a person, from its path
 * @throws the error with the given code, which names the file, the first place that is wrong, and why
 */
export const readJsonFile = <Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  code: ErrorCode,
  place: (path: readonly PropertyKey[]) => string,
): z.output<Schema> => {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new WindowRatingError(code, `${path}: ${(error as Error).message}`, error);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const where = place(issue.path);
  throw new WindowRatingError(code, `${path}: ${where === "" ? "" : `${where}: `}${issue.message}`, parsed.error);
};
