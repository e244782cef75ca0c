import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { profileSchema } from "./schema.ts";

/** The schema of profiles as JSON Schema (2020-12), for editors and for makers that do not use our code. */
export const profileJsonSchema = (): unknown => ({
  title: "Rating pad profile",
  description: "One pad model. Made from device-profiles/src/schema.ts by check.ts --write-schema; do not edit.",
  ...z.toJSONSchema(profileSchema, { io: "input" }),
});

/** True if the text of the schema file says what the code says; layout does not matter. */
export const isFreshSchema = (text: string): boolean => {
  try {
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(profileJsonSchema())));
  } catch {
    return false;
  }
};
