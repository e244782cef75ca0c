export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One JSON value laid over another, as RFC 7396 (JSON Merge Patch) has it: objects are merged key by key, null takes a key away,
 * everything else, lists too, is replaced as a whole.
 */
export const merged = (below: Json | undefined, above: Json): Json => {
  if (!isJsonObject(above)) return above;
  const result: [string, Json][] = isJsonObject(below) ? Object.entries(below) : [];
  for (const [key, value] of Object.entries(above)) {
    const place = result.findIndex(([name]) => name === key);
    if (value === null) {
      if (place >= 0) result.splice(place, 1);
    } else if (place < 0) result.push([key, merged(undefined, value)]);
    else result[place] = [key, merged(result[place]?.[1], value)];
  }
  // fromEntries defines keys, so that one named __proto__ stays a key.
  return Object.fromEntries(result);
};

/** The value at a path; undefined if there is none. */
export const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown => {
  let here = json;
  for (const step of path) {
    here =
      typeof here === "object" && here !== null && Object.hasOwn(here, step) ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return here;
};
