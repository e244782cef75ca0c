import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { keypadProfileSchema, padProfileSchema } from "./schema.ts";

type JsonSchema = Record<string, unknown> & { readonly properties: Record<string, JsonSchema> };

/** The schema of profile files as JSON Schema (2020-12), for editors and for makers that do not use our code. */
export const profileJsonSchema = (): unknown => {
  const [pad, keypad] = [padProfileSchema, keypadProfileSchema].map(
    (schema) => z.toJSONSchema(schema, { io: "input" }) as unknown as JsonSchema,
  ) as [JsonSchema, JsonSchema];
  const protocol = { description: pad.properties.protocol?.description, enum: ["window-rating/1", "keypad"] };
  // What a template gives need not stand in the file: an editor cannot know, so it asks for nothing at the top; the check does.
  const properties = {
    ...keypad.properties,
    ...Object.fromEntries(Object.entries(pad.properties).map(([name, part]) => [name, loose(part)])),
    protocol,
  };
  return {
    title: "Rating pad profile",
    description: "One pad model. Made from device-profiles/src/schema.ts by check.ts --write-schema; do not edit.",
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      $schema: { description: "For editors: completes and checks while you type", const: "../../schema/profile.schema.json" },
      extends: {
        description: "Templates (templates/<name>.json) that this file is laid over, in this order; null takes a key away",
        anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
      },
      ...properties,
      variants: {
        description: "Further models that differ in little: each with its own id and model, and what differs",
        type: "array",
        minItems: 1,
        maxItems: 32,
        items: { type: "object", properties, required: ["id", "model"], additionalProperties: false },
      },
    },
    required: ["id"],
    additionalProperties: false,
  };
};

/** A part of which a template may give some keys. */
const loose = ({ required: _, ...part }: JsonSchema): Record<string, unknown> => part;

/** True if the text of the schema file says what the code says; layout does not matter. */
export const isFreshSchema = (text: string): boolean => {
  try {
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(profileJsonSchema())));
  } catch {
    return false;
  }
};
