import { createHash } from "node:crypto";
import type { Profile } from "./schema.ts";

/**
 * SHA-256 of what a profile says, in lower-case hexadecimal: the same whatever the layout of its file, the order of its keys, and
 * whether a part came from a template. Recorded with each press on another maker's pad, so that it stays known how the bytes were read.
 */
export const contentHash = (profile: Profile): string => createHash("sha256").update(JSON.stringify(profile, sorted)).digest("hex");

const sorted = (_key: string, value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
};
