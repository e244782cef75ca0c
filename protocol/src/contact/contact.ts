import { x25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { WindowRatingError } from "../errors/index.ts";
import { hpkeOpen, hpkeSeal, SEAL_OVERHEAD } from "./hpke.ts";

/** Most bytes of a sealed contact; what a pad's event can carry. */
export const LARGEST_SEALED = 1024;

/** What a citizen may write beside a rating. All of it is optional, and only central can read it (I9). */
export const contactSchema = z.strictObject({
  words: z.string().trim().max(200).optional().describe("What the citizen wants to say, at most 200 characters"),
  name: z.string().trim().max(30).optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9]{5,20}$/)
    .optional()
    .describe("Digits, with a + before them at most"),
});
export type Contact = z.infer<typeof contactSchema>;

/** Central's key for contacts, as pads and window PCs hold it. */
export interface ContactKey {
  /** First 8 bytes of the SHA-256 of the public key. */
  readonly keyId: Uint8Array;
  /** X25519. */
  readonly publicKey: Uint8Array;
}

const INFO = utf8ToBytes("window-rating contact 1");

/** Id of a contact key: the first 8 bytes of the SHA-256 of its public key. */
export const contactKeyId = (publicKey: Uint8Array): Uint8Array => sha256(publicKey).slice(0, 8);

/** Public key to a private one of 32 bytes. */
export const contactPublicKey = (privateKey: Uint8Array): Uint8Array => x25519.getPublicKey(privateKey);

/**
 * Seals a contact for central with HPKE (RFC 9180). It belongs to one rating request and opens for no other.
 * @param requestId 16 bytes
 * @param random cryptographically strong
 * @returns at most LARGEST_SEALED bytes
 * @throws WR1002 if the contact has a field that is too long or none at all, or the key is no X25519 key
 */
export const sealContact = (
  contact: Contact,
  key: Pick<ContactKey, "publicKey">,
  requestId: Uint8Array,
  random: (length: number) => Uint8Array,
): Uint8Array => {
  const parsed = contactSchema.safeParse(contact);
  if (!parsed.success) throw new WindowRatingError("WR1002", `contact.${parsed.error.issues[0]?.path.join(".")} does not fit`);
  const plain = utf8ToBytes(JSON.stringify(parsed.data));
  if (plain.length + SEAL_OVERHEAD > LARGEST_SEALED) throw new WindowRatingError("WR1002", `contact of ${plain.length} bytes is too long`);
  try {
    return hpkeSeal(plain, key.publicKey, INFO, requestId, random(32));
  } catch (cause) {
    throw new WindowRatingError("WR1002", "the contact key is no X25519 public key", cause);
  }
};

/** The contact, or undefined if the bytes were not sealed for this key and request, were changed, or hold something else. Never throws. */
export const openContact = (sealed: Uint8Array, privateKey: Uint8Array, requestId: Uint8Array): Contact | undefined => {
  const plain = hpkeOpen(sealed, privateKey, INFO, requestId);
  if (plain === undefined) return undefined;
  try {
    return contactSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)));
  } catch {
    return undefined;
  }
};
