import { z } from "zod";
import { nearest } from "./nearest.ts";
import { PROFILE_ID, type Profile, profileSchema } from "./schema.ts";

/** One thing that is wrong with a profile: where, and what to do about it. */
export interface ProfileProblem {
  /** Path of the file below the profile folder, with `/`. */
  readonly file: string;
  /** JSON path, `$` = the whole file. */
  readonly path: string;
  readonly message: string;
}

export type ReadProfile = { readonly profile: Profile } | { readonly problems: readonly ProfileProblem[] };

const FILE_NAME = /^(?<id>[^/]+\/[^/]+)\.json$/;

/** Text of one profile file → the profile, or everything that is wrong with it. Never throws. */
export const readProfileText = (file: string, text: string): ReadProfile => {
  const wrong = (message: string, path = "$"): ProfileProblem => ({ file, path, message });
  const expectedId = FILE_NAME.exec(file)?.groups?.id;
  if (expectedId === undefined)
    return { problems: [wrong("is not a profile: the folder holds files named <maker>/<model>.json and nothing else")] };
  let json: unknown;
  try {
    // Editors on Windows like to begin a file with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { problems: [wrong(`is not JSON: ${(error as Error).message}`)] };
  }
  const parsed = profileSchema.safeParse(json);
  const problems = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, json).map(({ path, message }) => wrong(message, path)));
  const id = isObject(json) ? json.id : undefined;
  if (typeof id === "string" && PROFILE_ID.test(id) && id !== expectedId)
    problems.push(wrong(`must be "${expectedId}", as the file is named`, "$.id"));
  return parsed.success && problems.length === 0 ? { profile: parsed.data } : { problems };
};

const problemsOf = (issue: z.core.$ZodIssue, json: unknown): { path: string; message: string }[] => {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: jsonPath([...issue.path, key]),
      message: unknownKey(key, validKeys(profileSchema, issue.path)),
    }));
  }
  const path = jsonPath(issue.path);
  const found = valueAt(json, issue.path);
  if (found === undefined && issue.code !== "custom") return [{ path, message: "is missing" }];
  const message =
    issue.code === "invalid_format" || issue.code === "custom" ? issue.message : issue.message.replace(/^Invalid (input|option): /, "");
  return [{ path, message: issue.code === "custom" ? message : `${message}${shown(found)}` }];
};

const unknownKey = (key: string, valid: readonly string[]): string => {
  const meant = nearest(key, valid);
  return meant === undefined ? `unknown key; valid here: ${valid.join(", ")}` : `unknown key; did you mean "${meant}"?`;
};

/** Keys that the schema allows at a path. */
const validKeys = (schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] => {
  let here = schema;
  for (const step of path) {
    if (here instanceof z.ZodObject) here = here.shape[step as string];
    else if (here instanceof z.ZodArray) here = here.element;
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape).filter((key) => key !== "$schema") : [];
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown => {
  let here = json;
  for (const step of path) here = isObject(here) && Object.hasOwn(here, step) ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  return here;
};

const jsonPath = (path: readonly PropertyKey[]): string =>
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
