import { timingSafeEqual } from "node:crypto";
import { codeBytes, codeText } from "./code-text.ts";
import type { ChannelKeys } from "./keys.ts";

/*
 * What a QR code carries. Neither kind says anything of a person or a case: that stands in central's database, under the number in the
 * code. The signature is checked first, so that guessed codes cost no look at the database. It has 64 bits, and a forger who had it
 * would still need one of the numbers out of 2^64 that were handed out.
 *
 *   dynamic  key 1 | until 3 | number 8 | signature 8   20 bytes, 32 characters
 *   static   number 4 | signature 8                     12 bytes, 20 characters
 */

/** A dynamic code, read: one person, one case (一人一事一码). */
export interface TicketCode {
  /** Which signing key; see qr-keys.ts. */
  readonly keyNo: number;
  /** 16 hexadecimal digits. */
  readonly ticketId: string;
  /** Unix milliseconds, on a whole minute. */
  readonly expiresAtMs: number;
}

const SIGNATURE_BYTES = 8;
const TICKET_BYTES = 20;
const STATIC_BYTES = 12;
const EPOCH_MS = Date.UTC(2020, 0, 1);
const MINUTE_MS = 60_000;

export const MAX_KEY_NO = 255;
export const TICKET_ID_BYTES = 8;

const ticketPurpose = (keyNo: number): string => `dynamic code ${keyNo}`;
const STATIC_PURPOSE = "static code";

const isSigned = (keys: ChannelKeys, purpose: string, bytes: Uint8Array): boolean =>
  timingSafeEqual(keys.sign(purpose, bytes.subarray(0, -SIGNATURE_BYTES), SIGNATURE_BYTES), bytes.subarray(-SIGNATURE_BYTES));

const signed = (keys: ChannelKeys, purpose: string, content: Uint8Array): string =>
  codeText(Buffer.concat([content, keys.sign(purpose, content, SIGNATURE_BYTES)]));

/** The moment that a code can carry, not after `ms`. */
export const codeMoment = (ms: number): number => ms - (ms % MINUTE_MS);

export const ticketCode = (keys: ChannelKeys, { keyNo, ticketId, expiresAtMs }: TicketCode): string => {
  const content = Buffer.alloc(TICKET_BYTES - SIGNATURE_BYTES);
  content.writeUInt8(keyNo, 0);
  content.writeUIntBE((expiresAtMs - EPOCH_MS) / MINUTE_MS, 1, 3);
  content.write(ticketId, 4, "hex");
  return signed(keys, ticketPurpose(keyNo), content);
};

/** @returns undefined if central signed no such code */
export const readTicketCode = (keys: ChannelKeys, text: string): TicketCode | undefined => {
  const bytes = codeBytes(text, TICKET_BYTES);
  if (bytes === undefined) return undefined;
  const content = Buffer.from(bytes);
  const keyNo = content.readUInt8(0);
  if (!isSigned(keys, ticketPurpose(keyNo), bytes)) return undefined;
  return { keyNo, ticketId: content.toString("hex", 4, 12), expiresAtMs: EPOCH_MS + content.readUIntBE(1, 3) * MINUTE_MS };
};

/** A static code stands for its number alone: one window (一窗一码), or one hall. It does not expire; it is taken back by number. */
export const staticCode = (keys: ChannelKeys, codeNo: number): string => {
  const content = Buffer.alloc(STATIC_BYTES - SIGNATURE_BYTES);
  content.writeUInt32BE(codeNo, 0);
  return signed(keys, STATIC_PURPOSE, content);
};

/** @returns the number; undefined if central signed no such code */
export const readStaticCode = (keys: ChannelKeys, text: string): number | undefined => {
  const bytes = codeBytes(text, STATIC_BYTES);
  return bytes !== undefined && isSigned(keys, STATIC_PURPOSE, bytes) ? Buffer.from(bytes).readUInt32BE(0) : undefined;
};
