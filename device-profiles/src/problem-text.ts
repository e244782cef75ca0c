import { z } from "zod";
import { valueAt } from "./merge.ts";
import { nearest } from "./nearest.ts";

/** What is wrong at one place of a parsed value. */
export interface PlacedProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One finding of zod in words that say what to do. @param schema what the value was parsed with */
export const problemsOf = (issue: z.core.$ZodIssue, schema: z.core.$ZodType, json: unknown): readonly PlacedProblem[] => {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const valid = validKeys(schema, path, json);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, valid) }));
  }
  const found = valueAt(json, path);
  if (found === undefined && issue.code !== "custom") return [{ path, message: "is missing" }];
  if (issue.code === "custom") return [{ path, message: issue.message }];
  if (issue.code === "invalid_format") return [{ path, message: issue.message + shown(found) }];
  const choices = choicesOf(issue, schema, json);
  if (choices !== undefined && !issue.message.startsWith("must be")) return [{ path, message: choice(found, choices) }];
  return [{ path, message: issue.message.replace(/^Invalid (input|option): /, "") + shown(found) }];
};

/** The words that could stand where another word stands. */
const choicesOf = (issue: z.core.$ZodIssue, schema: z.core.$ZodType, json: unknown): readonly string[] | undefined => {
  if (issue.code === "invalid_value") {
    const words = issue.values.filter((value) => typeof value === "string");
    return words.length === issue.values.length && words.length > 1 ? words : undefined;
  }
  if (issue.code !== "invalid_union") return undefined;
  const union = schemaAt(schema, issue.path.slice(0, -1), json);
  if (!(union instanceof z.ZodDiscriminatedUnion)) return undefined;
  return union.options.flatMap((option) => discriminators(option, String(issue.path.at(-1))));
};

const choice = (found: unknown, choices: readonly string[]): string => {
  const meant = typeof found === "string" ? nearest(found, choices) : undefined;
  return `must be one of ${choices.join(", ")}${shown(found)}${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
};

const unknownKey = (key: string, valid: readonly string[]): string => {
  const meant = nearest(key, valid);
  return meant === undefined ? `unknown key; valid here: ${valid.join(", ")}` : `unknown key; did you mean "${meant}"?`;
};

/** Keys that the schema allows at a path. */
const validKeys = (schema: z.core.$ZodType, path: readonly PropertyKey[], json: unknown): string[] => {
  const here = option(schemaAt(schema, path, json), valueAt(json, path));
  return here instanceof z.ZodObject ? Object.keys(here.shape).filter((key) => key !== "$schema") : [];
};

const schemaAt = (schema: z.core.$ZodType, path: readonly PropertyKey[], json: unknown): z.core.$ZodType | undefined => {
  let here: z.core.$ZodType | undefined = bare(schema);
  for (const [index, step] of path.entries()) {
    here = option(here, valueAt(json, path.slice(0, index)));
    if (here instanceof z.ZodObject) here = here.shape[String(step)];
    else if (here instanceof z.ZodArray) here = here.element;
    else return undefined;
    here = bare(here);
  }
  return here;
};

const bare = (schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined =>
  schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema;

/** Of a union, the option that a value chooses by its discriminator. */
const option = (schema: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined => {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const key = schema.def.discriminator;
  const chosen = valueAt(value, [key]);
  return schema.options.find((one) => discriminators(one, key).includes(String(chosen)));
};

const discriminators = (schema: z.core.$ZodType, key: string): string[] => {
  const property = schema instanceof z.ZodObject ? schema.shape[key] : undefined;
  if (property instanceof z.ZodLiteral) return [...property.values].map(String);
  return property instanceof z.ZodEnum ? property.options.map(String) : [];
};

export const jsonPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(String(step)) ? `${text}.${String(step)}` : `${text}[${JSON.stringify(String(step))}]`;
  }, "$");

/** A value as it stands in the file, if it is short enough to recognise: lists and objects may be deeper than the stack. */
const shown = (value: unknown): string => {
  if (typeof value === "object" && value !== null) return "";
  const text = JSON.stringify(value);
  return `, found ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
};
