import { WindowRatingError } from "@window-rating/protocol/error";
import { type $ZodType, safeParse } from "zod/v4/core";
import { nearestKey } from "../config/nearest-key.ts";

/**
 * Checks what came from outside against its schema.
 * @param place "body", or the name of a part of the address
 * @throws WR5003 naming one field that does not fit; its content is not repeated, for it may be personal
 */
export const parsed = <T>(schema: $ZodType<T>, value: unknown, place: string): T => {
  const result = safeParse(schema, value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt field is missing as well; its wrong name tells more.
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown !== undefined) {
    const wrong = unknown.keys[0] ?? "";
    const meant = nearestKey(wrong, fieldsOf(schema));
    throw new WindowRatingError("WR5003", `unknown field ${wrong.slice(0, 64)}${meant === undefined ? "" : `; the nearest is ${meant}`}`);
  }
  const field = [place, ...(issues[0]?.path ?? [])].join(".");
  throw new WindowRatingError("WR5003", `${field}: ${issues[0]?.message ?? "not valid"}`);
};

const fieldsOf = (schema: $ZodType): string[] => ("shape" in schema ? Object.keys(schema.shape as object) : []);
