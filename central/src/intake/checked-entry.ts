import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { type Entry, type EntryBody, entryBodySchema, entryHashInput, entrySchema } from "@window-rating/protocol/sync";
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

/** The key with which a window PC signs, from its 32 bytes in hexadecimal. */
export const signingKey = (publicKey: string): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey, "hex").toString("base64url") }, format: "jwk" });

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
  if (!parsed.success) return foreign(value, "WR7001", firstFault(parsed.error));
  const entry = parsed.data;
  // No JSON text holds a bare NUL, and PostgreSQL's text cannot keep one.
  if (entry.body.includes("\0")) return foreign(value, "WR7001", "body: holds a NUL character");
  if (createHash("sha256").update(entryHashInput(windowPcId, entry)).digest("hex") !== entry.hash) {
    return foreign(value, "WR7004", "The hash sent is not the hash of the entry");
  }
  return { authentic: true, entry, content: readContent(entry.body) };
};

/** Checks the signature of an entry that passed all else. On Node's thread pool, so that a batch uses all cores. */
export const checkSignature = async (checked: CheckedEntry, key: KeyObject): Promise<CheckedEntry> => {
  if (!checked.authentic || (await isSigned(checked.entry, key))) return checked;
  return foreign(checked.entry, "WR7005", "The signature is not that of this window PC");
};

const isSigned = ({ hash, signature }: Entry, key: KeyObject): Promise<boolean> =>
  new Promise((resolve, reject) =>
    verify(null, Buffer.from(hash, "hex"), key, Buffer.from(signature, "hex"), (error, valid) => (error ? reject(error) : resolve(valid))),
  );

const foreign = (value: unknown, code: ErrorCode, detail: string): ForeignEntry => {
  return { authentic: false, raw: rawText(value), ...namedIn(value), refusal: { code, detail } };
};

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
  const parsed = entryBodySchema.safeParse(value);
  return parsed.success ? parsed.data : { code: "WR7008", detail: firstFault(parsed.error) };
};

/** Id and number of a value that is no entry, as far as they can be read. */
const namedIn = (value: unknown): { entryId: string; number: number } => {
  const { entryId, number } = { ...(typeof value === "object" ? value : undefined) } as { entryId?: unknown; number?: unknown };
  return {
    entryId: typeof entryId === "string" && /^[\x20-\x7e]{1,64}$/.test(entryId) ? entryId : "",
    number: typeof number === "number" && Number.isSafeInteger(number) ? number : 0,
  };
};
