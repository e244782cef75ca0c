import { x25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { WindowRatingError } from "../errors/index.ts";
import { hpkeSeal, SEAL_OVERHEAD } from "./hpke.ts";

/** Most bytes of a sealed contact; what a pad's event can carry. */
export const LARGEST_SEALED = 1024;

/** What a citizen may write beside a rating. All of it is optional, and only central can read it (I9). */
export interface Contact {
  readonly words?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
}

/** What each field may be; longest in characters. */
export const CONTACT_RULES = { words: { longest: 200 }, name: { longest: 30 }, phone: { pattern: /^\+?[0-9]{5,20}$/ } } as const;

/** The first field that cannot be taken as it is; without a schema library, for a pad asks this too. */
export const misfitOf = ({ words, name, phone }: Contact): keyof Contact | undefined => {
  if (words !== undefined && words.trim().length > CONTACT_RULES.words.longest) return "words";
  if (name !== undefined && name.trim().length > CONTACT_RULES.name.longest) return "name";
  return phone !== undefined && !CONTACT_RULES.phone.pattern.test(phone) ? "phone" : undefined;
};

/** Central's key for contacts, as pads and window PCs hold it. */
export interface ContactKey {
  /** First 8 bytes of the SHA-256 of the public key. */
  readonly keyId: Uint8Array;
  /** X25519. */
  readonly publicKey: Uint8Array;
}

/** What a seal is bound to besides its request. */
export const CONTACT_INFO = utf8ToBytes("window-rating contact 1");

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
  const misfit = misfitOf(contact);
  if (misfit !== undefined) throw new WindowRatingError("WR1002", `contact.${misfit} does not fit`);
  // Only these fields, whatever else the object holds; one that is not there is left out.
  const plain = utf8ToBytes(JSON.stringify({ words: contact.words?.trim(), name: contact.name?.trim(), phone: contact.phone }));
  if (plain.length + SEAL_OVERHEAD > LARGEST_SEALED) throw new WindowRatingError("WR1002", `contact of ${plain.length} bytes is too long`);
  try {
    return hpkeSeal(plain, key.publicKey, CONTACT_INFO, requestId, random(32));
  } catch (cause) {
    throw new WindowRatingError("WR1002", "the contact key is no X25519 public key", cause);
  }
};
