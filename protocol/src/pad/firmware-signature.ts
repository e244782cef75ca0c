import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Message } from "./messages.ts";

/** What a maker says of a firmware image. */
export type FirmwareClaim = Pick<Message<"offerFirmware">, "model" | "version" | "release" | "size" | "hash">;

const text8 = (text: string): Uint8Array => {
  const bytes = utf8ToBytes(text);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
};

const u32 = (number: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number, true);
  return bytes;
};

/** The bytes that the maker signs: all that decides whether a pad takes the image, so that none of it can be said of another image. */
export const signedOf = ({ model, version, release, size, hash }: FirmwareClaim): Uint8Array =>
  concatBytes(utf8ToBytes("window-rating/1 firmware"), text8(model), text8(version), u32(release), u32(size), hash);

/** By what a pad finds the maker's key among those it has. @param publicKey Ed25519, 32 bytes */
export const signerOf = (publicKey: Uint8Array): Uint8Array => sha256(publicKey).slice(0, 8);

/** Whether this key signed that claim; false for bytes that are no key or no signature. */
export const isSignedBy = (publicKey: Uint8Array, claim: FirmwareClaim, signature: Uint8Array): boolean => {
  try {
    return ed25519.verify(signature, signedOf(claim), publicKey, { zip215: false });
  } catch {
    return false;
  }
};

/** @param privateKey Ed25519 seed, 32 bytes */
export const signFirmware = (privateKey: Uint8Array, claim: FirmwareClaim): Pick<Message<"offerFirmware">, "signer" | "signature"> => ({
  signer: signerOf(ed25519.getPublicKey(privateKey)),
  signature: ed25519.sign(signedOf(claim), privateKey),
});
