import { timingSafeEqual } from "node:crypto";
import type { ChannelKeys } from "./keys.ts";

/** A form that central handed out. */
export interface FormToken {
  /** Names the form: a rating that comes with it twice is one rating. */
  readonly nonce: string;
  /** When the page was opened, by the clock of the instance that served it. */
  readonly issuedAtMs: number;
}

/** Who opens a page and comes back to it after so long has to open it anew. */
const FORM_VALID_MS = 2 * 3_600_000;
/** How far the clocks of two instances may be apart. */
const SKEW_MS = 5 * 60_000;

const NONCE_BYTES = 12;
const CONTENT_BYTES = 6 + NONCE_BYTES;
const SIGNATURE_BYTES = 12;

const purposeOf = (about: string): string => `form ${about}`;

/**
 * Makes the token that stands hidden in a form. Nothing is kept of it; a rating keeps its nonce.
 * @param about what the form is for, e.g. "ticket 00ab…": it is good for nothing else
 * @param random 12 random bytes
 */
export const formToken = (keys: ChannelKeys, about: string, nowMs: number, random: Uint8Array): string => {
  const content = Buffer.alloc(CONTENT_BYTES);
  content.writeUIntBE(nowMs, 0, 6);
  content.set(random.subarray(0, NONCE_BYTES), 6);
  return Buffer.concat([content, keys.sign("form", Buffer.concat([content, Buffer.from(purposeOf(about))]), SIGNATURE_BYTES)]).toString(
    "base64url",
  );
};

/** @returns undefined if central made no such form for this, or it is too old */
export const readFormToken = (
  keys: ChannelKeys,
  about: string,
  text: string,
  nowMs: number,
  validMs = FORM_VALID_MS,
): FormToken | undefined => {
  if (!/^[\w-]{40}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  const content = bytes.subarray(0, CONTENT_BYTES);
  const signature = keys.sign("form", Buffer.concat([content, Buffer.from(purposeOf(about))]), SIGNATURE_BYTES);
  if (!timingSafeEqual(signature, bytes.subarray(CONTENT_BYTES))) return undefined;
  const issuedAtMs = content.readUIntBE(0, 6);
  if (nowMs - issuedAtMs > validMs || issuedAtMs - nowMs > SKEW_MS) return undefined;
  return { nonce: content.toString("hex", 6), issuedAtMs };
};
