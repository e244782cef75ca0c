import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { requestIdSchema, shortText } from "../rating.ts";
import { endOrderSchema } from "./order.ts";

/** `window-rating://end-case?ticket=…`: a link on a page of a business system; the window PC's handler opens it. */
export const LINK_SCHEME = "window-rating";
/** A citizen stands at the window: a link that is older than this belongs to another moment. */
export const LINK_SECONDS = { usual: 60, most: 300 } as const;
export const LONGEST_LINK = 4096;

/** What a ticket says. Whoever signs it vouches for it; it is good once, on the PC whose key it was signed with. */
export const linkTicketSchema = z.strictObject({
  v: z.literal(1),
  ticketId: requestIdSchema.describe("A UUID; the window PC takes it once"),
  signer: z.enum(["pairing", "central"]),
  by: shortText(64).describe("Name of the pairing, or of the business system as central knows it; it goes on the record (I12)"),
  expiresAtMs: z.number().int().min(0).describe("Unix milliseconds"),
  order: endOrderSchema,
});
export type LinkTicket = z.infer<typeof linkTicketSchema>;

/**
 * HMAC-SHA-256 under the SHA-256 of a token: of the pairing's token, or of the token that central gave to the window PC. Each side has that
 * hash, and whoever has it alone can use neither API.
 * @param tokenHash 64 hexadecimal digits
 */
const macOf = (tokenHash: string, text: string): string =>
  bytesToHex(hmac(sha256, hexToBytes(tokenHash), utf8ToBytes(`window-rating link 1\n${text}`)));

/** The whole link. @param tokenHash SHA-256 of the token, 64 hexadecimal digits */
export const makeLink = (ticket: z.input<typeof linkTicketSchema>, tokenHash: string): string => {
  const text = JSON.stringify(ticket);
  return `${LINK_SCHEME}://end-case?ticket=${bytesToHex(utf8ToBytes(text))}.${macOf(tokenHash, text)}`;
};

/** A link taken apart; nothing of it is proven yet. */
export interface ReadLink {
  readonly ticket: LinkTicket;
  isSignedWith(tokenHash: string): boolean;
}

/** @returns undefined if it is no link of ours */
export const readLink = (url: string): ReadLink | undefined => {
  if (url.length > LONGEST_LINK) return undefined;
  // Browsers and shells differ in the slash that they put behind the host.
  const parts = /^window-rating:\/\/end-case\/?\?ticket=((?:[0-9a-f]{2})+)\.([0-9a-f]{64})$/.exec(url);
  const [, content = "", mac = ""] = parts ?? [];
  if (parts === null) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(hexToBytes(content));
    const ticket = linkTicketSchema.parse(JSON.parse(text));
    return { ticket, isSignedWith: (tokenHash) => isSame(macOf(tokenHash, text), mac) };
  } catch {
    return undefined;
  }
};

/** In constant time; both have 64 characters. */
const isSame = (one: string, other: string): boolean => {
  let different = 0;
  for (let index = 0; index < one.length; index++) different |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return different === 0 && one.length === other.length;
};
