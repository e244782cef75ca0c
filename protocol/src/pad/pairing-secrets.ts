import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { HelloAnswer } from "./session.ts";

/** Digits of the code, each from 1 to 5, so that five lamps can blink it: 5^8 = 390,625 codes. */
export const CODE_LENGTH = 8;

const label = (text: string): Uint8Array => utf8ToBytes(`window-rating/1 ${text}`);

/** X25519. @param privateKey 32 random bytes, made for one pairing */
export const publicKeyOf = (privateKey: Uint8Array): Uint8Array => x25519.getPublicKey(privateKey);

/** What binds the pad to a nonce that it has not said yet. */
export const commitmentTo = (padPublicKey: Uint8Array, padNonce: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("commitment"), padPublicKey, padNonce));

export interface PairingExchange {
  readonly pad: Pick<HelloAnswer, "model" | "serialNumber">;
  readonly padPublicKey: Uint8Array;
  readonly hostPublicKey: Uint8Array;
  readonly padNonce: Uint8Array;
  readonly hostNonce: Uint8Array;
}

/** What two sides share that have seen the same exchange. */
export interface PairingSecrets {
  /** Eight digits from 1 to 5. Whoever stands between the two sides has given them different ones, save once in 390,625 tries. */
  readonly code: string;
  /** The pairing key, 32 bytes. */
  readonly key: Uint8Array;
  /** By what the host shows that it has the key; the pad shows it in the next session. 16 bytes. */
  readonly proof: Uint8Array;
}

const text8 = (text: string): Uint8Array => {
  const bytes = utf8ToBytes(text);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
};

/** Id of a pairing key. */
export const keyIdOf = (key: Uint8Array): Uint8Array => sha256(concatBytes(label("key id"), key)).slice(0, 8);

const codeOf = (transcript: Uint8Array): string => {
  const digest = sha256(concatBytes(label("code"), transcript));
  let number = new DataView(digest.buffer, digest.byteOffset, 4).getUint32(0, true) % 5 ** CODE_LENGTH;
  let code = "";
  for (let digit = 0; digit < CODE_LENGTH; digit++) {
    code = String((number % 5) + 1) + code;
    number = Math.floor(number / 5);
  }
  return code;
};

/**
 * @param own private key of either side
 * @param other public key of the other side
 * @returns undefined if the other side's public key is none (of small order)
 */
export const secretsOf = (own: Uint8Array, other: Uint8Array, exchange: PairingExchange): PairingSecrets | undefined => {
  const { pad, padPublicKey, hostPublicKey, padNonce, hostNonce } = exchange;
  const transcript = sha256(
    concatBytes(label("pairing"), text8(pad.model), text8(pad.serialNumber), padPublicKey, hostPublicKey, padNonce, hostNonce),
  );
  let shared: Uint8Array;
  try {
    shared = x25519.getSharedSecret(own, other);
  } catch {
    return undefined;
  }
  const key = hkdf(sha256, shared, transcript, label("pairing key"), 32);
  const proof = hmac(sha256, key, concatBytes(label("pairing host"), transcript)).slice(0, 16);
  return { code: codeOf(transcript), key, proof };
};
