import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

// HPKE (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. The libraries for it that
// are well kept are built on WebCrypto, which answers later; a pad's state machine must have its answer at once.
const KEM = Uint8Array.of(0x00, 0x20);
const SUITE = concatBytes(utf8ToBytes("HPKE"), KEM, Uint8Array.of(0x00, 0x01, 0x00, 0x03));
const KEM_SUITE = concatBytes(utf8ToBytes("KEM"), KEM);
const VERSION = utf8ToBytes("HPKE-v1");
const NONE = new Uint8Array(0);

/** Bytes by which a sealed text is longer than the text: the sender's public key and the tag. */
export const SEAL_OVERHEAD = 48;

const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array =>
  extract(sha256, concatBytes(VERSION, suite, utf8ToBytes(label), ikm), salt);

const labeledExpand = (suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array =>
  expand(sha256, prk, concatBytes(Uint8Array.of(length >>> 8, length & 0xff), VERSION, suite, utf8ToBytes(label), info), length);

const cipherFor = (shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array, info: Uint8Array, aad: Uint8Array) => {
  const extracted = labeledExtract(KEM_SUITE, NONE, "eae_prk", shared);
  const secret = labeledExpand(KEM_SUITE, extracted, "shared_secret", concatBytes(ephemeral, recipient), 32);
  const mode = Uint8Array.of(0);
  const context = concatBytes(mode, labeledExtract(SUITE, NONE, "psk_id_hash", NONE), labeledExtract(SUITE, NONE, "info_hash", info));
  const schedule = labeledExtract(SUITE, secret, "secret", NONE);
  return chacha20poly1305(
    labeledExpand(SUITE, schedule, "key", context, 32),
    labeledExpand(SUITE, schedule, "base_nonce", context, 12),
    aad,
  );
};

/**
 * Seals `plain` for the holder of the private key to `publicKey`.
 * @param ephemeralKey 32 random bytes, used for this text alone
 * @returns the ephemeral public key, then the ciphertext with its tag
 */
export const hpkeSeal = (
  plain: Uint8Array,
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  ephemeralKey: Uint8Array,
): Uint8Array => {
  const ephemeral = x25519.getPublicKey(ephemeralKey);
  const shared = x25519.getSharedSecret(ephemeralKey, publicKey);
  return concatBytes(ephemeral, cipherFor(shared, ephemeral, publicKey, info, aad).encrypt(plain));
};

/** The plain text, or undefined if these bytes were not sealed for this key, info and aad, or were changed. */
export const hpkeOpen = (sealed: Uint8Array, privateKey: Uint8Array, info: Uint8Array, aad: Uint8Array): Uint8Array | undefined => {
  if (sealed.length < SEAL_OVERHEAD) return undefined;
  const ephemeral = sealed.subarray(0, 32);
  try {
    const shared = x25519.getSharedSecret(privateKey, ephemeral);
    return cipherFor(shared, ephemeral, x25519.getPublicKey(privateKey), info, aad).decrypt(sealed.subarray(32));
  } catch {
    // A wrong tag, or a public key of small order.
    return undefined;
  }
};
