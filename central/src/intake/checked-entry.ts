import { hash } from "node:crypto";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import {
  type Entry,
  type EntryBody,
  entryBodySchema,
  entryHashInput,
  entrySchema,
  notRatedBodySchema,
  paperBodySchema,
  ratingBodySchema,
  unboundBodySchema,
} from "@window-rating/protocol/sync";
import type { z } from "zod";

export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** An entry that its window PC made: its hash covers its content and, once checked, its signature covers its hash. */
export interface AuthenticEntry {
  readonly authentic: true;
  readonly entry: Entry;
  /** What it says, or why that is not understood. */
  readonly content: EntryBody | Refusal;
}

/** Anything else that stood in a batch. */
export interface ForeignEntry {
  readonly authentic: false;
  /** The whole value as JSON text. */
  readonly raw: string;
  /** As sent; empty if it could not be read. */
  readonly entryId: string;
  /** As sent; 0 if it could not be read. */
  readonly number: number;
  readonly refusal: Refusal;
}

export type CheckedEntry = AuthenticEntry | ForeignEntry;

/** Where and why a value does not fit its schema, in one short line without control characters. */
const firstFault = (error: z.ZodError): string => {
  const issue = error.issues[0];
  const text = issue === undefined ? "not valid" : `${issue.path.join(".") || "entry"}: ${issue.message}`;
  return text.replace(/\p{Cc}/gu, "?").slice(0, 200);
};

/**
 * Checks one value of a batch by itself: shape, hash, content; all but its signature.
 * @param value as it came out of the JSON of the request
 * @throws WindowRatingError WR7001 if it is nested so deeply that it cannot even be set aside
 */
export const checkEntry = (value: unknown, windowPcId: string): CheckedEntry => {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) return foreignEntry(value, "WR7001", firstFault(parsed.error));
  const entry = parsed.data;
  // No JSON text holds a bare NUL, and PostgreSQL's text cannot keep one.
  if (entry.body.includes("\0")) return foreignEntry(value, "WR7001", "body: holds a NUL character");
  if (hash("sha256", entryHashInput(windowPcId, entry)) !== entry.hash) {
    return foreignEntry(value, "WR7004", "The hash sent is not the hash of the entry");
  }
  return { authentic: true, entry, content: readContent(entry.body) };
};

/** A value that no window PC proved to have made. */
export const foreignEntry = (value: unknown, code: ErrorCode, detail: string): ForeignEntry => ({
  authentic: false,
  raw: rawText(value),
  ...namedIn(value),
  refusal: { code, detail },
});

const rawText = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw nestedTooDeeply(error);
  }
};

const nestedTooDeeply = (cause: unknown): WindowRatingError =>
  new WindowRatingError("WR7001", "entries: an entry is nested too deeply", cause);

const readContent = (body: string): EntryBody | Refusal => {
  // Escaped NULs come out of the parser as NULs, which no column can keep; a clerk's or item's name has none.
  if (body.includes("\\u0000")) return { code: "WR7008", detail: "body: holds a NUL character" };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { code: "WR7008", detail: "body: no JSON text" };
  }
  const parsed = schemaOf(value).safeParse(value);
  return parsed.success ? parsed.data : { code: "WR7008", detail: firstFault(parsed.error) };
};

const BODY_SCHEMAS: Readonly<Record<string, z.ZodType<EntryBody>>> = {
  rating: ratingBodySchema,
  "not-rated": notRatedBodySchema,
  paper: paperBodySchema,
  unbound: unboundBodySchema,
};

/** The schema of a body's own kind: to let the union find it takes as long again as the check itself. */
const schemaOf = (value: unknown): z.ZodType<EntryBody> => {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return (typeof kind === "string" && Object.hasOwn(BODY_SCHEMAS, kind) ? BODY_SCHEMAS[kind] : undefined) ?? entryBodySchema;
};

/** Id and number of a value that is no entry, as far as they can be read. */
const namedIn = (value: unknown): { entryId: string; number: number } => {
  const { entryId, number } = { ...(typeof value === "object" ? value : undefined) } as { entryId?: unknown; number?: unknown };
  return {
    entryId: typeof entryId === "string" && /^[\x20-\x7e]{1,64}$/.test(entryId) ? entryId : "",
    number: typeof number === "number" && Number.isSafeInteger(number) ? number : 0,
  };
};
