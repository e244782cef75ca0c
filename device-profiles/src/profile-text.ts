import { isJsonObject, type Json, type JsonObject, merged, valueAt } from "./merge.ts";
import { jsonPath, type PlacedProblem, problemsOf } from "./problem-text.ts";
import { keypadProfileSchema, PROFILE_ID, type Profile, padProfileSchema } from "./schema.ts";

/** One thing that is wrong with a profile: where, and what to do about it. */
export interface ProfileProblem {
  /** Path of the file below the profile folder, with `/`. */
  readonly file: string;
  /** JSON path, `$` = the whole file. */
  readonly path: string;
  readonly message: string;
}

/** What a file gives: its profile and the profiles of its variants, or everything that is wrong with it. */
export interface ReadProfileFile {
  readonly profiles: readonly Profile[];
  readonly problems: readonly ProfileProblem[];
}

/** Text of a template by its name, or undefined if there is none. Throws if it cannot be read. */
export type FindTemplate = (name: string) => string | undefined;

const FILE_NAME = /^(?<id>[^/]+\/[^/]+)\.json$/;
const TEMPLATE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const SCHEMA_LINK = "../../schema/profile.schema.json";
/** What a file says about itself, and no profile has. */
const FILE_KEYS = ["$schema", "extends", "variants"];

/** One text laid over those before it, and where it stands in the file. */
interface Layer {
  readonly json: JsonObject;
  /** Undefined: in a template of that name. */
  readonly at: readonly PropertyKey[] | undefined;
  readonly template?: string;
}

/**
 * Text of one profile file → its profiles. Never throws.
 * @param expectedId what the id must be; null = any, for a file outside a profile folder
 */
export const readProfileText = (
  file: string,
  text: string,
  findTemplate: FindTemplate = () => undefined,
  expectedId: string | null | undefined = FILE_NAME.exec(file)?.groups?.id,
): ReadProfileFile => {
  const wrong = (message: string, path = "$"): ProfileProblem => ({ file, path, message });
  if (expectedId === undefined)
    return { profiles: [], problems: [wrong("is not a profile: the folder holds files named <maker>/<model>.json and nothing else")] };
  const json = parsed(text);
  if (typeof json === "string") return { profiles: [], problems: [wrong(json)] };
  const problems: ProfileProblem[] = [];
  const layers = templateLayers(json, findTemplate, (path, message) => problems.push(wrong(message, path)));
  const own: Layer = { json: without(json, FILE_KEYS), at: [] };
  if (json.$schema !== undefined && json.$schema !== SCHEMA_LINK)
    problems.push(wrong(`must be "${SCHEMA_LINK}", or left out`, "$.$schema"));
  const profiles: Profile[] = [];
  for (const stack of [
    [...layers, own],
    ...variantLayers(json, (path, message) => problems.push(wrong(message, path))).map((one) => [...layers, own, one]),
  ]) {
    const read = readLayers(stack);
    if ("profile" in read) profiles.push(read.profile);
    for (const { path, message } of "problems" in read ? read.problems : []) {
      const placed = placeIn(stack, path);
      const problem = wrong(message + placed.note, placed.path);
      // What is wrong with a file is wrong with each of its variants: said once.
      if (!problems.some((other) => other.path === problem.path && other.message === problem.message)) problems.push(problem);
    }
  }
  const { id } = json;
  if (expectedId !== null && typeof id === "string" && PROFILE_ID.test(id) && id !== expectedId)
    problems.push(wrong(`must be "${expectedId}", as the file is named`, "$.id"));
  problems.push(...variantIds(json).map(({ path, message }) => wrong(message, path)));
  return problems.length === 0 ? { profiles, problems } : { profiles: [], problems };
};

/** The object in a text, or why there is none. */
const parsed = (text: string): JsonObject | string => {
  try {
    // Editors on Windows like to begin a file with a byte order mark.
    const json: Json = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isJsonObject(json) ? json : "is not a profile: it must be one JSON object";
  } catch (error) {
    return `is not JSON: ${(error as Error).message}`;
  }
};

const without = (json: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));

type Wrong = (path: string, message: string) => void;

const templateLayers = ({ extends: names = [] }: JsonObject, findTemplate: FindTemplate, wrong: Wrong): Layer[] => {
  const list = typeof names === "string" ? [names] : names;
  if (!Array.isArray(list)) {
    wrong("$.extends", "must be the name of a template, or a list of names");
    return [];
  }
  return list.flatMap((name: Json, index): Layer[] => {
    const path = typeof names === "string" ? "$.extends" : `$.extends[${index}]`;
    if (typeof name !== "string" || !TEMPLATE_NAME.test(name)) {
      wrong(path, "must be the name of a template: the file templates/<name>.json without its folder and ending");
      return [];
    }
    const read = templateOf(name, findTemplate);
    if (typeof read !== "string") return [{ json: read, at: undefined, template: name }];
    wrong(path, read);
    return [];
  });
};

const templateOf = (name: string, findTemplate: FindTemplate): JsonObject | string => {
  let text: string | undefined;
  try {
    text = findTemplate(name);
  } catch (error) {
    return `templates/${name}.json cannot be read: ${(error as Error).message}`;
  }
  if (text === undefined) return `there is no templates/${name}.json`;
  const json = parsed(text);
  if (typeof json === "string") return `templates/${name}.json ${json}`;
  const forbidden = ["id", "extends", "variants"].find((key) => json[key] !== undefined);
  if (forbidden !== undefined) return `templates/${name}.json has ${forbidden}, which belongs to a profile`;
  return without(json, FILE_KEYS);
};

const variantLayers = ({ variants }: JsonObject, wrong: Wrong): Layer[] => {
  if (variants === undefined) return [];
  if (!Array.isArray(variants) || variants.length === 0 || variants.length > 32) {
    wrong("$.variants", "must be a list of 1 to 32 objects, each with its own id and model and what differs");
    return [];
  }
  return variants.flatMap((variant: Json, index): Layer[] => {
    if (isJsonObject(variant)) return [{ json: variant, at: ["variants", index] }];
    wrong(`$.variants[${index}]`, "must be an object with the id, the model and what differs");
    return [];
  });
};

/** Variants must be told from each other, and from the file that they stand in. */
const variantIds = ({ id, variants }: JsonObject): { path: string; message: string }[] => {
  if (!Array.isArray(variants) || typeof id !== "string") return [];
  return variants.flatMap((variant: Json, index) => {
    if (!isJsonObject(variant)) return [];
    const path = `$.variants[${index}]`;
    if (typeof variant.model !== "string") return [{ path: `${path}.model`, message: "is missing: a variant is a model of its own" }];
    if (typeof variant.id !== "string") return [{ path: `${path}.id`, message: "is missing: a variant has an id of its own" }];
    if (variant.id.startsWith(`${id}-`)) return [];
    return [{ path: `${path}.id`, message: `must begin with "${id}-", so that it is found in this file` }];
  });
};

const readLayers = (layers: readonly Layer[]): { profile: Profile } | { problems: readonly PlacedProblem[] } => {
  const json = layers.reduce<Json>((below, { json: above }) => merged(below, above), {});
  const schema = valueAt(json, ["protocol"]) === "keypad" ? keypadProfileSchema : padProfileSchema;
  const read = schema.safeParse(json);
  if (read.success) return { profile: read.data };
  return { problems: read.error.issues.flatMap((issue) => problemsOf(issue, schema, json)) };
};

/** Where in the file to look for what is wrong at a place of the profile. */
const placeIn = (layers: readonly Layer[], path: readonly PropertyKey[]): { path: string; note: string } => {
  for (let steps = path.length; steps > 0; steps--) {
    const layer = layers.findLast(({ json }) => valueAt(json, path.slice(0, steps)) !== undefined);
    if (layer === undefined) continue;
    if (layer.at !== undefined) return { path: jsonPath([...layer.at, ...path]), note: "" };
    // A missing key of an object that a template began is for the file to give.
    return { path: jsonPath(path), note: steps === path.length ? ` (from templates/${layer.template}.json)` : "" };
  }
  return { path: jsonPath(path), note: "" };
};
