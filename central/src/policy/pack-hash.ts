import { createHash } from "node:crypto";
import type { Pack } from "./pack-schema.ts";

/** The same content has the same text, however its keys are ordered. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(",")}}`;
};

/** What a signature stands for where a site chose readings of its own. */
export const hashWith = (hash: string, choices: readonly unknown[]): string =>
  createHash("sha256").update(hash).update("\n").update(canonical(choices)).digest("hex");

/** SHA-256 of a pack without its sign-off, and of the text of its document: what a signature stands for. */
export const packHash = ({ signOff: _, ...content }: Pack, document: string): string =>
  createHash("sha256").update(canonical(content)).update("\n").update(document).digest("hex");
